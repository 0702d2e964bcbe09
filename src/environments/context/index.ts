import type { Environment } from '../environment.ts';
import { holding } from '../held.ts';
import { checkPlatform } from './check.ts';
import { takeDown } from './down.ts';
import { attach, bringUp } from './up.ts';

/**
 * A Kubernetes cluster that is there already, by a context of the operator's kubeconfig: nothing is made in it, nothing outside of one
 * namespace is touched, and nothing at all unless the platform file and the command line both name it.
 */
export function createContextEnvironment(): Environment {
  return holding({ name: 'context', check: checkPlatform, up: bringUp, attach, takeDown }, undefined);
}
