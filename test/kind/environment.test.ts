import { describe } from 'vitest';
import { createKindEnvironment } from '../../src/environments/kind/index.ts';
import { environmentConformance } from '../conformance/environment.ts';
import { whyNoKind } from './available.ts';
import { brokenPlatform, brokenReason, servicePlatform } from './platforms.ts';

describe.runIf(whyNoKind === null)('kind', () => {
  environmentConformance('kind', {
    environment: () => createKindEnvironment(),
    platform: servicePlatform(),
    role: 'front',
    component: 'web',
    broken: { platform: brokenPlatform(), expected: brokenReason },
  });
});
