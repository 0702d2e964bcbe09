import { parseOffset } from '../definition/container-faults.ts';
import { type FaultSpec, victimOf } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import {
  type Acting,
  containersOf,
  detail,
  overIn,
  runBeside,
  runningState,
  scriptInside,
  statusBy,
} from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { targetInstance } from './target.ts';

type ClockSpec = Extract<FaultSpec, { fault: 'clock' }>;

const noOffset = '+0';
/** Between the two clocks that a look compares: both are read within one command. */
const apartAtMostSeconds = 2;

/**
 * Puts the wall clock of a container's programs off. They preload libfaketime from their start on and read the offset from
 * a file, which is all that this writes; they follow within libfaketime's cache time (FAKETIME_CACHE_DURATION).
 */
export const clock: Fault<ClockSpec> = {
  kind: 'clock',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const acting = { id, spec, instance };
    const { startedAt } = await runningState(running, acting);
    const [file, library] = await fakeTimeOf(running, acting);
    const now = await offsetIn(running, acting, file);
    if (now !== noOffset)
      throw new FaultError(`${id}: the clock of ${spec.target} (${instance}) is off already: ${now}`);
    return { id, spec, instance, processes: [], details: { startedAt, file, library } };
  },

  async inject(running, injection) {
    await write(running, injection, wantedOffset(injection));
  },

  /** Another fault's offset is that one's to heal. */
  async heal(running, injection) {
    const now = await offsetIn(running, injection, detail(injection, 'file'));
    if (now === wantedOffset(injection)) await write(running, injection, noOffset);
  },

  /** The file says what was asked for, a program that is started now shows whether it has an effect. */
  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      const now = await offsetIn(running, injection, detail(injection, 'file'));
      if (now === wantedOffset(injection))
        return (await takesEffect(running, injection)) ? 'active' : 'unknown';
      if (now !== noOffset) return 'superseded';
      return overIn(await containersOf(running, injection).state(injection.instance), injection);
    });
  },
};

/** In seconds, with its sign, as libfaketime reads it. */
function wantedOffset({ id, spec }: Acting): string {
  const { offset } = spec as ClockSpec;
  const seconds = parseOffset(offset);
  if (seconds === null) throw new FaultError(`${id}: "${offset}" is no offset such as "-1h" or "+90s"`);
  return seconds < 0 ? String(seconds) : `+${seconds}`;
}

/** Where the offset is read from, and the library that a program of it has loaded. @throws FaultError without them */
async function fakeTimeOf(
  running: Running,
  acting: Acting,
): Promise<readonly [file: string, library: string]> {
  const { id, instance, spec } = acting;
  const named = await scriptInside(running, acting, {
    what: 'reading FAKETIME_FILE',
    text: 'printf %s "${FAKETIME_FILE:-}"',
  });
  const file = named.trim();
  // From beside: inside, not even root may look into programs of other users.
  const loaded = await runBeside(running, acting, 'looking for libfaketime', {
    argv: ['bash', '-c', "cat /proc/[0-9]*/maps 2>/dev/null | grep -o -m 1 '/[^ ]*libfaketime[^ ]*' || true"],
  });
  const library = loaded.trim().split('\n')[0] ?? '';
  const todo =
    'give it that env in the platform file, and an image that preloads libfaketime when it is there';
  if (file === '')
    throw new FaultError(`${id}: ${victimOf(spec)} (${instance}) has no FAKETIME_FILE: ${todo}`);
  if (library === '')
    throw new FaultError(
      `${id}: no program of ${victimOf(spec)} (${instance}) has libfaketime loaded, although FAKETIME_FILE is ${file}: ${todo}`,
    );
  return [file, library];
}

/** What the file says; one that is empty or not there puts nothing off. */
async function offsetIn(running: Running, acting: Acting, file: string): Promise<string> {
  const said = await scriptInside(running, acting, {
    what: `reading ${file}`,
    text: 'if test -e "$1"; then cat "$1"; fi',
    args: [file],
  });
  return said.trim() === '' ? noOffset : said.trim();
}

async function write(running: Running, injection: Injection, offset: string): Promise<void> {
  const file = detail(injection, 'file');
  await scriptInside(running, injection, {
    what: `writing ${file}`,
    text: 'printf \'%s\\n\' "$2" > "$1"',
    args: [file, offset],
  });
}

async function takesEffect(running: Running, injection: Injection): Promise<boolean> {
  const said = await scriptInside(running, injection, {
    what: 'comparing its clocks',
    // The container's own env may preload it, too.
    text: `env -u LD_PRELOAD date +%s
      FAKETIME_TIMESTAMP_FILE="$1" LD_PRELOAD="$2" FAKETIME_NO_CACHE=1 FAKETIME_DISABLE_SHM=1 date +%s`,
    args: [detail(injection, 'file'), detail(injection, 'library')],
  });
  const [real = Number.NaN, faked = Number.NaN] = said.trim().split('\n').map(Number);
  return Math.abs(faked - real - Number(wantedOffset(injection))) <= apartAtMostSeconds;
}
