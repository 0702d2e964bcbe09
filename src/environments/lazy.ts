import type { EnvironmentName } from '../definition/platform.ts';
import type { Environment } from './environment.ts';

/** An environment whose code is loaded by its first use: drills on another one do not wait for its libraries. */
export function lazyEnvironment(name: EnvironmentName, load: () => Promise<Environment>): Environment {
  let loading: Promise<Environment> | null = null;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    name,
    check: async (platform, notes) => (await loaded()).check(platform, notes),
    up: async (platform, site) => (await loaded()).up(platform, site),
    attach: async (record) => (await loaded()).attach(record),
    down: async (record) => (await loaded()).down(record),
  };
}
