import { join } from 'node:path';
import { specsOf } from './home.ts';
import type { Layout } from './layout.ts';
import type { ToolboxOptions } from './toolbox.ts';

/** Name of the variable that every process of one toolbox carries, and of no other. */
export const markerName = 'DRILLBOOK_TOOLBOX';

/**
 * The environment of every command, made from nothing: the operator's own is not in it.
 * Clients look for their logins where these point, and find none but the platform's.
 */
export function toolboxVariables(
  options: ToolboxOptions,
  layout: Layout,
  marker: string,
): { readonly [name: string]: string } {
  const home = (name: string): string => join(layout.home, name);
  return {
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    KUBECONFIG: home('.kube/config'),
    AWS_CONFIG_FILE: home('.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: home('.aws/credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    CLOUDSDK_CONFIG: home('.config/gcloud'),
    ...toolVariables(options, layout.home),
    ...options.env,
    PATH: layout.bin,
    HOME: layout.home,
    TMPDIR: layout.tmp,
    DRILLBOOK_RUN_ID: options.runId,
    [markerName]: marker,
  };
}

function toolVariables({ tools, fill }: ToolboxOptions, home: string): { readonly [name: string]: string } {
  const pairs = specsOf(tools).flatMap((spec) => Object.entries(spec.env ?? {}));
  return Object.fromEntries(pairs.map(([name, value]) => [name, fill(value, home)]));
}
