import { describe } from 'vitest';
import { createKindEnvironment } from '../../src/environments/kind/index.ts';
import { environmentConformance } from '../conformance/environment.ts';
import { brokenPlatform, brokenReason, servicePlatform } from './platforms.ts';

describe('kind', () => {
  environmentConformance('kind', {
    environment: () => createKindEnvironment(),
    platform: servicePlatform(),
    role: 'front',
    component: 'web',
    broken: { platform: brokenPlatform(), expected: brokenReason },
  });
});
