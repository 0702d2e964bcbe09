import { describe } from 'vitest';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import { environmentConformance } from '../conformance/environment.ts';
import { engineAvailable } from './engine.ts';
import { brokenPlatform, brokenReason, servicePlatform } from './platforms.ts';

const subject = {
  platform: servicePlatform(),
  role: 'front',
  component: 'web',
  broken: { platform: brokenPlatform(), expected: brokenReason },
};

describe.runIf(engineAvailable)('containers', () => {
  environmentConformance('containers', { ...subject, environment: () => createContainersEnvironment() });
  environmentConformance('containers on one shared address', {
    ...subject,
    environment: () => createContainersEnvironment({ loopback: 'shared' }),
  });
});
