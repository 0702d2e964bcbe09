import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import type { ToolSpec } from '../../definition/tool.ts';
import { type CommandResult, EnvironmentError, type ExecOptions } from '../environment.ts';
import { type ArchivedFile, archive, filesToCopy } from './archive.ts';
import { runInside } from './exec.ts';
import { hostEntries, hostsBinds } from './hosts-file.ts';
import { type InstanceLayout, platformNetwork, runLabel, toolboxAddress } from './layout.ts';
import { lastLines } from './logs.ts';
import { instancesMeant } from './roles.ts';
import { type ContainersRun, inspect, instanceNamed, type Located } from './run.ts';
import { sharedPaths } from './run-folder.ts';
import { openShells, type Shells } from './shells.ts';
import { type Fill, filler, ownValues, secretsInUse } from './substitution.ts';
import { clientLaunchers } from './toolbox-clients.ts';
import { callsOf, controlPath, ownPrograms, sharedFolder } from './toolbox-programs.ts';

/** Where a platform file names no toolbox: bash, coreutils, grep, sed and awk. */
export const plainToolbox = { image: 'debian:trixie-slim' };
const defaultHome = '/root';
const readyWithinMs = 60_000;
const pollMs = 100;
/** The system's own store takes it from there, where the image has one and looks for new ones at its start. */
const authorityFile = '/usr/local/share/ca-certificates/drillbook.crt';

type DetailedTool = Exclude<ToolSpec, string>;

/** Commands of runbooks, in the toolbox or, with `on`, in a component's container. */
export interface Commands {
  exec(command: string, options: ExecOptions): Promise<CommandResult>;
  close(): Promise<void>;
}

export function toolboxName({ layout }: Pick<ContainersRun, 'layout'>): string {
  return `${layout.prefix}-toolbox`;
}

/**
 * Creates and starts the toolbox's container, in the platform's network alone, with what its tools need.
 * @throws EnvironmentError for what cannot be filled in or read; the engine's refusal
 */
export async function startToolbox(run: ContainersRun, image: string): Promise<void> {
  const { platform, runId } = run.layout;
  const spec = platform.toolbox;
  const fill = filler(run, 'toolbox', { 'toolbox.home': homeOf(run) });
  const container = await run.docker.createContainer({
    name: toolboxName(run),
    Image: image,
    Hostname: 'toolbox',
    Cmd: ['sleep', 'infinity'],
    StopTimeout: 1,
    Labels: { [runLabel]: runId },
    HostConfig: {
      // What a command starts and leaves has somebody to end it for.
      Init: true,
      ExtraHosts: hostEntries(run.layout),
      ...(spec?.dns !== undefined && { Dns: [addressOf(run, spec.dns)] }),
      NetworkMode: platformNetwork(run.layout),
      Binds: [
        ...Object.entries(spec?.mounts ?? {}).map(
          ([path, source]) => `${resolve(platform.baseDir, source)}:${path}:ro`,
        ),
        `${sharedPaths(run.layout.runDir).folder}:${sharedFolder}`,
        ...hostsBinds(run.layout),
      ],
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [platformNetwork(run.layout)]: { IPAMConfig: { IPv4Address: toolboxAddress(run.layout) } },
      },
    },
  });
  const files = Object.entries(spec?.files ?? {}).map(([path, text]) => ({
    path,
    content: fill(text),
    mode: 0o644,
  }));
  const authority = { path: authorityFile, content: run.certificates.ca, mode: 0o644 };
  await container.putArchive(await archive([...files, authority]), { path: '/' });
  await container.start();
  await fillHome(run, container, fill);
  if (spec?.ready !== undefined) await untilReadyInside(container, spec.ready);
}

/** In the platform's network. */
function addressOf({ layout }: ContainersRun, name: string): string {
  const found = layout.components.find(({ component }) => component === name);
  const [instance] = found?.instances ?? [];
  if (instance === undefined)
    throw new EnvironmentError(`toolbox: its "dns" is ${name}, which is no component of the platform`);
  return instance.networkAddress;
}

/** @throws EnvironmentError when the command has not exited with 0 in time */
async function untilReadyInside(container: Dockerode.Container, command: string): Promise<void> {
  const limit = performance.now() + readyWithinMs;
  for (;;) {
    const { exitCode, stderr } = await runInside(
      container,
      { argv: ['sh', '-c', command], timeoutMs: readyWithinMs },
      [],
    );
    if (exitCode === 0) return;
    if (performance.now() > limit)
      throw new EnvironmentError(
        `the toolbox was not ready within ${readyWithinMs / 1000} s ("${command}" exited with ${exitCode}); its log ends:\n${stderr}${(await lastLines(container, 10)).join('\n')}`,
      );
    await sleep(pollMs);
  }
}

/** Files of tools belong to the user that commands run as, whom only the image knows. */
async function fillHome(run: ContainersRun, container: Dockerode.Container, fill: Fill): Promise<void> {
  const { baseDir } = run.layout.platform;
  const home = homeOf(run);
  const uid = await userOf(run, container);
  const { tools = {} } = run.layout.platform;
  const files: ArchivedFile[] = [
    ...(await ownPrograms(tools, baseDir, container)),
    ...(await clientLaunchers(tools, container, fill)),
  ];
  for (const tool of toolsOf(run)) {
    for (const [path, text] of Object.entries(tool.files ?? {}))
      files.push({ path: join(home, path), content: fill(text), mode: 0o600, uid });
    for (const [path, source] of Object.entries(tool.copies ?? {}))
      files.push(...(await copied(resolve(baseDir, source), join(home, path), uid)));
  }
  if (files.length > 0) await container.putArchive(await archive(files), { path: '/' });
}

function copied(source: string, target: string, uid: number): Promise<readonly ArchivedFile[]> {
  return filesToCopy(source, target, uid).catch((cause: Error) => {
    throw new EnvironmentError(
      `What a tool copies into the toolbox's home cannot be read: ${source}. Its path is relative to the platform file.`,
      { cause },
    );
  });
}

async function userOf({ layout }: ContainersRun, container: Dockerode.Container): Promise<number> {
  const { user } = layout.platform.toolbox ?? {};
  const { stdout, exitCode } = await runInside(
    container,
    { argv: ['id', '-u'], timeoutMs: 10_000, ...(user !== undefined && { user }) },
    [],
  );
  if (exitCode !== 0)
    throw new EnvironmentError(
      "the toolbox's image has no program id: base it on debian:trixie-slim, for example",
    );
  return Number(stdout.trim());
}

export function homeOf({ layout }: Pick<ContainersRun, 'layout'>): string {
  return layout.platform.toolbox?.home ?? defaultHome;
}

function toolsOf({ layout }: Pick<ContainersRun, 'layout'>): readonly DetailedTool[] {
  return Object.values(layout.platform.tools ?? {}).filter((tool) => tool !== 'system');
}

/** Variables of every command in the toolbox. */
export function toolboxEnvironment(run: ContainersRun): { readonly [name: string]: string } {
  const fill = filler(run, 'tools', { 'toolbox.home': homeOf(run) });
  const pairs = toolsOf(run).flatMap((tool) => Object.entries(tool.env ?? {}));
  return {
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    HOME: homeOf(run),
    DRILLBOOK_RUN_ID: run.layout.runId,
    DRILLBOOK_CONTROL: controlPath,
    ...Object.fromEntries(pairs.map(([name, text]) => [name, fill(text)])),
  };
}

/** Shells are opened by the first command that needs them, in each place. */
export function commandsOf(run: ContainersRun): Commands {
  const places = new Map<string, Shells>();
  const shellsAt = (containerId: string, open: () => Shells): Shells => {
    const known = places.get(containerId) ?? open();
    places.set(containerId, known);
    return known;
  };
  return {
    async exec(command, options) {
      const { on } = options;
      if (on === undefined)
        return shellsAt(toolboxName(run), () => toolboxShells(run)).exec(command, options);
      const located = instanceNamed(run, (await instanceToLogInto(run, on))?.instance ?? on);
      return shellsAt(located.instance.container, () => shellsOn(run, located)).exec(command, options);
    },
    async close() {
      await Promise.all([...places.values()].map((shells) => shells.close()));
    },
  };
}

/** Of replicas one that runs, where there is one. */
async function instanceToLogInto(run: ContainersRun, on: string): Promise<InstanceLayout | undefined> {
  const meant = await instancesMeant(run, on);
  for (const instance of meant.length > 1 ? meant : [])
    if ((await inspect(run, instance))?.State.Running === true) return instance;
  return meant[0];
}

function toolboxShells(run: ContainersRun): Shells {
  const { tools = {}, toolbox } = run.layout.platform;
  const calls = callsOf(tools, run.layout.runDir);
  return openShells({
    docker: run.docker,
    containerId: toolboxName(run),
    env: toolboxEnvironment(run),
    secrets: secretsInUse(run),
    tools,
    ...(calls !== undefined && { calls }),
    ...(toolbox?.user !== undefined && { user: toolbox.user }),
    ...(toolbox?.cwd !== undefined && { cwd: toolbox.cwd }),
  });
}

/** As somebody who has logged in to a component's machine, with the variables that he has there. */
function shellsOn(run: ContainersRun, { component, instance }: Located): Shells {
  const { operator } = component.spec;
  const fill = filler(run, `${component.component}: operator`, ownValues(component, instance));
  const env = Object.entries(operator?.env ?? {}).map(([name, text]) => [name, fill(text)] as const);
  return openShells({
    docker: run.docker,
    containerId: instance.container,
    env: { LANG: 'C.UTF-8', TERM: 'dumb', DRILLBOOK_RUN_ID: run.layout.runId, ...Object.fromEntries(env) },
    secrets: secretsInUse(run),
    tools: {},
    ...(operator?.user !== undefined && { user: operator.user }),
  });
}
