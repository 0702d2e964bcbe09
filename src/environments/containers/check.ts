import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type Dockerode from 'dockerode';
import type { Platform } from '../../definition/platform.ts';
import type { Problem } from '../environment.ts';
import { type Loopback, whyPortTaken } from '../machine/network.ts';
import { inMegabytes, missingPaths, problemsOrRefusal } from '../problems.ts';
import { refuseCycles } from '../start-order.ts';
import { switchedNames } from '../switched-names.ts';
import { missingPrograms } from '../toolbox/toolbox.ts';
import { dockerfileOf } from './build-context.ts';
import { examineCompose } from './compose-check.ts';
import { containerMegabytes } from './create.ts';
import { type Engine, engine, engineProblem } from './engine.ts';
import { builtName, hasImage } from './images.ts';
import { containersOf, listenersOf } from './layout.ts';
import { plainToolbox } from './toolbox.ts';
import { toolNotes } from './toolbox-programs.ts';

/** What images, writable layers and logs of a platform take at the least, in bytes. */
const diskBytes = 2 * 2 ** 30;
const mebibyte = 2 ** 20;

/** What keeps this platform from running on this machine's engine. Changes nothing. */
export async function checkPlatform(
  platform: Platform,
  loopback: Loopback,
  notes = false,
): Promise<readonly Problem[]> {
  return problemsOrRefusal(async () => {
    const components = containersOf(platform);
    refuseCycles(components.map(([component, { after }]) => ({ component, after: after ?? [] })));
    const none = await engineProblem();
    if (none !== null) return [none];
    const found = await engine();
    const compose = await examineCompose(platform);
    return [
      ...compose.problems,
      ...memoryProblems(platform, found, compose.memoryBytes),
      ...(await diskProblems(found)),
      ...(await missingFiles(platform)),
      ...(await missingPrograms(platform.tools ?? {}, platform.baseDir)),
      ...(loopback === 'distinct' ? await portProblems(platform) : switchedNames(platform)),
      ...(notes ? await engineNotes(platform, found, compose.memoryBytes) : []),
    ];
  });
}

/** Limits are promises: all of them together must fit. */
function memoryProblems(
  platform: Platform,
  { memoryBytes }: Engine,
  composeBytes: number,
): readonly Problem[] {
  const needed = memoryNeeded(platform, composeBytes);
  if (needed <= memoryBytes) return [];
  return [
    {
      what: `the components may use ${inMegabytes(needed)} of memory together, and the container engine has ${inMegabytes(memoryBytes)}`,
      todo: 'give the engine more memory, or the components less ("memory" in the platform file, "mem_limit" in a compose file)',
    },
  ];
}

function memoryNeeded(platform: Platform, composeBytes: number): number {
  return containersOf(platform).reduce(
    (sum, [, spec]) =>
      sum +
      (spec.memory === undefined ? 0 : containerMegabytes(spec, spec.memory)) *
        mebibyte *
        (spec.members?.length ?? spec.replicas ?? 1),
    composeBytes,
  );
}

async function diskProblems(engine: Engine): Promise<readonly Problem[]> {
  const free = await freeDiskBytes(engine);
  if (free >= diskBytes) return [];
  return [
    {
      what: `${inMegabytes(free)} of disk are free, and images and containers need at least ${inMegabytes(diskBytes)}`,
      todo: 'make room, e.g. with "docker system prune"',
    },
  ];
}

/** On the disk of the engine's own folder, where this machine has it. */
async function freeDiskBytes({ rootDir }: Engine): Promise<number> {
  const { bavail, bsize } = await statfs(rootDir).catch(() => statfs(tmpdir()));
  return bavail * bsize;
}

function missingFiles(platform: Platform): Promise<readonly Problem[]> {
  const { baseDir, toolbox } = platform;
  const users = [
    ...containersOf(platform),
    ...(toolbox === undefined ? [] : [['toolbox', toolbox] as const]),
  ];
  const needed = users.flatMap(([name, { container, mounts }]) => [
    ...('build' in container ? [{ name, key: 'build', path: dockerfileOf(container, baseDir) }] : []),
    ...Object.values(mounts ?? {}).map((source) => ({ name, key: 'mounts', path: resolve(baseDir, source) })),
  ]);
  return missingPaths(needed);
}

async function portProblems(platform: Platform): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { instance, port } of listenersOf(platform)) {
    // The engine publishes ports below 1024 for everybody; only root can try.
    if (port === null || (port < 1024 && process.getuid?.() !== 0)) continue;
    const taken = await whyPortTaken('127.77.77.77', port);
    if (taken !== null) problems.push({ what: `${instance}: ${taken}`, todo: `free port ${port}` });
  }
  return problems;
}

async function engineNotes(
  platform: Platform,
  found: Engine,
  composeBytes: number,
): Promise<readonly Problem[]> {
  const { docker, version, memoryBytes, cpus } = found;
  const absent = await absentImages(docker, platform);
  const limits = memoryNeeded(platform, composeBytes);
  const told = [
    `container engine ${version}, ${cpus} processors`,
    `memory: its components may use ${inMegabytes(limits)} together, the engine has ${inMegabytes(memoryBytes)}`,
    `disk: ${inMegabytes(await freeDiskBytes(found))} are free, ${inMegabytes(diskBytes)} are the least`,
    ...(absent.built.length === 0 ? [] : [`built by the first run: ${absent.built.join(', ')}`]),
    ...(absent.pulled.length === 0 ? [] : [`pulled by the first run: ${absent.pulled.join(', ')}`]),
    ...toolNotes(platform.tools ?? {}),
  ];
  return told.map((what) => ({ what, todo: '', note: true }));
}

/** Images that the engine does not have yet; those of a compose file are compose's to find. */
async function absentImages(
  docker: Dockerode,
  platform: Platform,
): Promise<{ readonly built: readonly string[]; readonly pulled: readonly string[] }> {
  const sources = [
    platform.toolbox?.container ?? plainToolbox,
    ...containersOf(platform).flatMap(([, { container }]) => ('service' in container ? [] : [container])),
  ];
  const built = new Set<string>();
  const pulled = new Set<string>();
  for (const source of sources) {
    const name = 'image' in source ? source.image : await builtName(source, platform.baseDir);
    // Those of an environment's own are built, too.
    const isPulled = 'image' in source && !name.startsWith('drillbook/');
    if (!(await hasImage(docker, name))) (isPulled ? pulled : built).add(name);
  }
  return { built: [...built], pulled: [...pulled] };
}
