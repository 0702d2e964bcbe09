import type { EnvironmentName } from '../definition/platform.ts';
import { type Environment, EnvironmentError } from './environment.ts';
import { lazyEnvironment } from './lazy.ts';
import { createLocalEnvironment } from './local/index.ts';

/** Every environment that drillbook can run a platform in: one folder and one line each. Platform files may name more than there are yet. */
export const environments: { readonly [name in EnvironmentName]?: Environment } = {
  local: createLocalEnvironment(),
  containers: lazyEnvironment('containers', async () =>
    (await import('./containers/index.ts')).createContainersEnvironment(),
  ),
  context: lazyEnvironment('context', async () =>
    (await import('./context/index.ts')).createContextEnvironment(),
  ),
  kind: lazyEnvironment('kind', async () => (await import('./kind/index.ts')).createKindEnvironment()),
};

/** @throws EnvironmentError for one that this version does not have */
export function environmentOf(name: EnvironmentName): Environment {
  const environment = environments[name];
  if (environment === undefined) {
    throw new EnvironmentError(
      `this version of drillbook has no environment ${name}; it has ${Object.keys(environments).join(', ')}`,
    );
  }
  return environment;
}
