import { text } from 'node:stream/consumers';
import type Dockerode from 'dockerode';
import { extract } from 'tar-stream';
import { runInside } from '../containers/exec.ts';
import { type CommandResult, EnvironmentError } from '../environment.ts';

/** Its own credentials, on a control-plane node. */
const adminConfig = '/etc/kubernetes/admin.conf';

export interface OnNode {
  readonly docker: Dockerode;
  /** The node's container. */
  readonly container: string;
}

export interface NodeProgram {
  readonly argv: readonly string[];
  readonly input?: string;
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 60_000;

/** Runs a program on a node, as root. Never throws for its own failure. @throws the engine's refusal */
export function runOnNode(
  { docker, container }: OnNode,
  { argv, input, timeoutMs = defaultTimeoutMs }: NodeProgram,
): Promise<CommandResult> {
  return runInside(
    docker.getContainer(container),
    { argv: [...argv], timeoutMs, ...(input !== undefined && { input }) },
    [],
  );
}

/** Arguments of the node's own kubectl, which has the version of its cluster. Only on a control-plane node. */
export function nodeKubectl(argv: readonly string[]): readonly string[] {
  return ['kubectl', `--kubeconfig=${adminConfig}`, ...argv];
}

/** Returns what it wrote. @throws EnvironmentError with what it wrote to standard error */
export async function mustRunOnNode(place: OnNode, what: string, program: NodeProgram): Promise<string> {
  const result = await runOnNode(place, program);
  if (result.exitCode === 0) return result.stdout;
  const said = (result.stderr.trim() || result.stdout.trim()).slice(-2000);
  const how = result.timedOut ? 'did not end in time' : `exit code ${result.exitCode}`;
  throw new EnvironmentError(`${what}: ${how}${said === '' ? '' : `:\n${said}`}`);
}

/** The whole text of a file of a node. @throws the engine's refusal, EnvironmentError when it is none */
export async function readOnNode({ docker, container }: OnNode, path: string): Promise<string> {
  const archive = await docker.getContainer(container).getArchive({ path });
  const texts: string[] = [];
  // To its end: the engine's connection stays open otherwise, and the process with it.
  for await (const entry of archive.pipe(extract())) texts.push(await text(entry));
  const [first] = texts;
  if (first === undefined) throw new EnvironmentError(`${path} of ${container} is no file`);
  return first;
}
