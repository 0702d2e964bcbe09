import type Docker from 'dockerode';
import { imageOf } from '../../src/environments/containers/images.ts';

/** The project's own image of Redis, as platforms use it: built where the engine does not have it as it stands now. @returns its name */
export function redisImage(docker: Docker): Promise<string> {
  return imageOf(docker, { build: '../../fixtures/images/redis' }, import.meta.dirname);
}
