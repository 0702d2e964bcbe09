import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { environmentConformance } from '../conformance/environment.ts';
import { brokenPlatform, brokenReason, servicePlatform } from './local-platforms.ts';

const subject = {
  platform: servicePlatform(),
  role: 'front',
  component: 'web',
  broken: { platform: brokenPlatform(), expected: brokenReason },
};

environmentConformance('local', { ...subject, environment: () => createLocalEnvironment() });
environmentConformance('local on one shared address', {
  ...subject,
  environment: () => createLocalEnvironment({ loopback: 'shared' }),
});
