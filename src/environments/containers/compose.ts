import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '../environment.ts';
import { compose, lastLines } from './compose-command.ts';
import { type ComposeVariables, placeOf, readComposeServices } from './compose-file.ts';
import { type ComposeChanges, composeOverride } from './compose-override.ts';

/** Compose writes the service's name on each of its containers. */
export const composeServiceLabel = 'com.docker.compose.service';

export interface ComposeRun extends ComposeChanges {
  /** Absolute. */
  readonly file: string;
  /** Filled in; may have secrets. */
  readonly variables: ComposeVariables;
  /** Gets the file that is put on top of the user's. */
  readonly folder: string;
  /** When all containers are there and none runs. Ports of a container are published when it has joined a network that leads out of the platform's. */
  created(containers: readonly ComposeContainer[]): Promise<void>;
}

/** A container that compose made. */
export interface ComposeContainer {
  readonly service: string;
  readonly id: string;
  readonly name: string;
}

/**
 * Builds what is to be built and starts all services in the order that the file asks for. Whether they are ready is for their components to say.
 * Everything carries the run's labels from its first moment: who finds them takes it down, also after a failure here.
 * @throws EnvironmentError with the last lines of the build, or of the log of each service that did not start
 */
export async function composeUp(run: ComposeRun, abort?: AbortSignal): Promise<readonly ComposeContainer[]> {
  const model = await readComposeServices(run.file, run.variables);
  const override = join(run.folder, 'compose-override.yaml');
  await writeFile(override, composeOverride(model, run), { mode: 0o600 });
  const inProject: InProject = (project, ...args) =>
    compose(['-f', run.file, '-f', override, '-p', project, ...args], run.variables, abort);
  if (Object.values(model.services).some(({ isBuilt }) => isBuilt)) await build(run, inProject);
  const made = await inProject(run.project, 'up', '--no-start', '--no-build', '--quiet-pull');
  if (made.exitCode === 0) await run.created((await containersOf(run, inProject)).map(composeContainer));
  const up =
    made.exitCode === 0
      ? await inProject(run.project, 'up', '--detach', '--no-build', '--no-recreate')
      : made;
  const containers = await containersOf(run, inProject);
  if (up.exitCode !== 0) {
    const logs = await logsOfFailed(run, inProject, containers);
    throw new EnvironmentError(
      [`compose could not start ${placeOf(run.file)}:`, lastLines(up.stderr), ...logs].join('\n'),
    );
  }
  return containers.map(composeContainer);
}

function composeContainer({ Service, ID, Name }: Listed): ComposeContainer {
  return { service: Service, id: ID, name: Name };
}

/** Compose writes its project into images: with another one in each run, each run would leave a new image. */
const buildProject = 'drillbook-compose';

/** @throws EnvironmentError with the last lines */
async function build({ file }: ComposeRun, inProject: InProject): Promise<void> {
  const { exitCode, stdout, stderr } = await inProject(buildProject, 'build');
  if (exitCode !== 0)
    throw new EnvironmentError(
      `compose could not build ${placeOf(file)}:\n${lastLines(`${stdout}\n${stderr}`)}`,
    );
}

type InProject = (project: string, ...args: readonly string[]) => ReturnType<typeof compose>;

/** As `docker compose ps` prints it, a line each. */
interface Listed {
  readonly ID: string;
  readonly Name: string;
  readonly Service: string;
  readonly State: string;
  readonly ExitCode: number;
  readonly Health: string;
}

async function containersOf({ project }: ComposeRun, inProject: InProject): Promise<readonly Listed[]> {
  const { stdout } = await inProject(project, 'ps', '--all', '--no-trunc', '--format', 'json');
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as Listed);
}

/** The end of what those said that ended with an error, start again and again, or do not become healthy. */
async function logsOfFailed(
  { project }: ComposeRun,
  inProject: InProject,
  containers: readonly Listed[],
): Promise<readonly string[]> {
  const failed = containers.filter(
    ({ State, ExitCode, Health }) =>
      State === 'restarting' || (State === 'exited' && ExitCode !== 0) || Health === 'unhealthy',
  );
  return Promise.all(
    failed.map(async ({ Service }) => {
      const { stdout, stderr } = await inProject(project, 'logs', '--no-log-prefix', '--tail', '15', Service);
      return `log of ${Service}:\n${lastLines(`${stdout}\n${stderr}`) || '(it said nothing)'}`;
    }),
  );
}
