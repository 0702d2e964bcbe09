import type { FaultSpec } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import {
  type Acting,
  containersOf,
  detail,
  overIn,
  runningState,
  scriptInside,
  statusBy,
} from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { targetInstance } from './target.ts';

type FillSpec = Extract<FaultSpec, { fault: 'fill-disk' }>;

/** A file system as large as this may be the host's: a drill must not fill that. */
const largestKb = 1024 * 1024;
/** What a file system may keep for itself beside the file, in blocks and inodes. */
const slackKb = 1024;

/** Fills a small file system of a container with one file, so that what it keeps there can grow no more. */
export const fillDisk: Fault<FillSpec> = {
  kind: 'fill-disk',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const acting = { id, spec, instance };
    const { startedAt } = await runningState(running, acting);
    const disk = await diskOf(running, acting);
    const where = `${spec.path} of ${spec.target} (${instance})`;
    if (disk.mount === '/' || disk.totalKb > largestKb)
      throw new FaultError(
        `${id}: ${where} is on ${disk.name} (${Math.round(disk.totalKb / 1024)} MB, mounted at ${disk.mount}), which may be the host's disk: give it a file system of its own of at most ${largestKb / 1024} MB, e.g. "tmpfs" in the platform file`,
      );
    if (disk.freeKb <= leaveKb(spec) + slackKb)
      throw new FaultError(`${id}: nothing to fill, ${where} has only ${disk.freeKb} KB free`);
    return { id, spec, instance, processes: [], details: { startedAt, kind: disk.name } };
  },

  /** Again: only what has become free since. `dd` where the file system or the image knows no `fallocate`. */
  async inject(running, injection) {
    const spec = injection.spec as FillSpec;
    const before = await diskOf(running, injection);
    const growKb = before.freeKb - leaveKb(spec);
    if (growKb <= 0) return;
    await scriptInside(running, injection, {
      what: `filling ${spec.path}`,
      text: `had=$(wc -c < "$1" 2>/dev/null || echo 0)
        fallocate -l $((had + $2 * 1024)) "$1" 2>/dev/null || dd if=/dev/zero bs=1024 count="$2" >> "$1" 2>/dev/null
        test -s "$1"`,
      args: [fileOf(injection), String(growKb)],
    });
    const { freeKb } = await diskOf(running, injection);
    if (freeKb > leaveKb(spec) + slackKb)
      throw new FaultError(`${injection.id}: ${spec.path} still has ${freeKb} KB free after it was filled`);
  },

  async heal(running, injection) {
    if (await emptiedByStop(running, injection)) return;
    const text = 'rm -f -- "$1"';
    await scriptInside(running, injection, {
      what: 'removing the file',
      text,
      args: [fileOf(injection)],
    });
  },

  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      if (await emptiedByStop(running, injection)) return 'superseded';
      const text = 'if test -e "$1"; then echo there; fi';
      const args = [fileOf(injection)];
      const said = await scriptInside(running, injection, { what: 'looking for the file', text, args });
      if (said.trim() === 'there') return 'active';
      return overIn(await containersOf(running, injection).state(injection.instance), injection);
    });
  },
};

function leaveKb({ leave = 0 }: FillSpec): number {
  return leave * 1024;
}

function fileOf({ id, spec }: Acting): string {
  return `${(spec as FillSpec).path.replace(/\/+$/, '')}/.drillbook-${id}`;
}

/** A tmpfs ends with the life of its container; of another file system nobody can tell while that is stopped. */
async function emptiedByStop(running: Running, injection: Injection): Promise<boolean> {
  const { status } = await containersOf(running, injection).state(injection.instance);
  return status === 'exited' && detail(injection, 'kind') === 'tmpfs';
}

interface Disk {
  readonly name: string;
  readonly totalKb: number;
  readonly freeKb: number;
  readonly mount: string;
}

/** The file system under the path. @throws FaultError when there is no such folder */
async function diskOf(running: Running, acting: Acting): Promise<Disk> {
  const { path } = acting.spec as FillSpec;
  const said = await scriptInside(running, acting, {
    what: `looking at ${path}`,
    text: 'test -d "$1" || { echo "no such folder" >&2; exit 1; }; LC_ALL=C df -P -k "$1"',
    args: [path],
  });
  const [, name, total, free, mount] =
    /^(.+?)\s+(\d+)\s+\d+\s+(-?\d+)\s+\d+%\s+(.+)$/.exec(said.trim().split('\n').at(-1) ?? '') ?? [];
  if (name === undefined || mount === undefined)
    throw new FaultError(
      `${acting.id}: df of ${path} in ${acting.instance} says nothing known: ${said.trim()}`,
    );
  return { name, totalKb: Number(total), freeKb: Number(free), mount };
}
