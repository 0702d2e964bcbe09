import { randomUUID } from 'node:crypto';
import { EnvironmentError } from '../environment.ts';
import { linkBasics } from './basics.ts';
import { type Containment, openContainment, openUncontained } from './containment.ts';
import { writeHome } from './home.ts';
import { type Layout, makeLayout, writeEtc } from './layout.ts';
import { planMounts } from './mounts.ts';
import { nodeFor } from './node.ts';
import { findProgram } from './programs.ts';
import type { ToolboxOptions } from './toolbox.ts';
import { candidates } from './tools.ts';
import { toolboxVariables } from './variables.ts';

/** A toolbox without its tools: folders, environment, and what keeps commands in. */
export interface Room {
  readonly layout: Layout;
  readonly containment: Containment;
  readonly bash: string;
  /** A Node that the account can run. */
  readonly node: string;
  /** Value of the variable that every process inside carries. */
  readonly marker: string;
  /** What to put before a program to run it inside, with `environment` and `cwd`. */
  readonly argv: readonly string[];
  readonly environment: { readonly [name: string]: string };
  readonly cwd: string;
}

/** @throws EnvironmentError when there is no bash, or root's rights cannot be given up */
export async function openRoom(options: ToolboxOptions): Promise<Room> {
  const bash = await findProgram('bash');
  if (bash === null)
    throw new EnvironmentError('The toolbox needs bash, which is not on this machine. Install it.');
  const layout = await makeLayout(options.runDir, options.account);
  await writeEtc(layout, options.hosts);
  await linkBasics(layout.bin, new Set(Object.keys(options.tools)));
  const node = await nodeFor(options.account);
  const mounts = await planMounts(layout, [node, ...(await candidates(options.tools))]);
  const containment = options.withoutNamespaces
    ? await openUncontained(options.account)
    : await openContainment(mounts, options.account);
  try {
    await writeHome(options, layout, containment.privateHosts);
  } catch (error) {
    await containment.close();
    throw error;
  }
  const marker = randomUUID();
  const inside = [bash, '-c', 'cd -- "$1" && shift && exec "$@"', 'toolbox', layout.work];
  return {
    layout,
    containment,
    bash,
    node,
    marker,
    argv: [...containment.enter, ...inside, ...containment.drop],
    environment: toolboxVariables(options, layout, marker),
    cwd: layout.work,
  };
}
