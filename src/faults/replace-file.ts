import { createHash } from 'node:crypto';
import type { FaultSpec } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { containersOf, overIn, runningState, scriptInside, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { targetInstance } from './target.ts';

type ReplaceSpec = Extract<FaultSpec, { fault: 'replace-file' }>;

/**
 * Puts another text into a file of a container, as a certificate that has expired. The original is kept beside it. The text
 * may have secrets: it is filled anew whenever it is needed, and neither it nor a hash of it is in any record.
 */
export const replaceFile: Fault<ReplaceSpec> = {
  kind: 'replace-file',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const acting = { id, spec, instance };
    const { startedAt } = await runningState(running, acting);
    const { content, original } = await look(running, { ...acting, processes: [] });
    const where = `${spec.path} of ${spec.target} (${instance})`;
    if (content === 'none') throw new FaultError(`${id}: nothing to replace, there is no file ${where}`);
    if (content === 'replaced')
      throw new FaultError(`${id}: nothing to replace, ${where} has that text already`);
    if (original)
      throw new FaultError(
        `${id}: ${where} is replaced already: ${originalOf(spec)} is there; one fault a file`,
      );
    return { id, spec, instance, processes: [], details: { startedAt } };
  },

  /** Written into the file, not put in its place: so its mode, its owner and a mount stay what they are. */
  async inject(running, injection) {
    const spec = injection.spec as ReplaceSpec;
    await scriptInside(running, injection, {
      what: `replacing ${spec.path}`,
      // The original appears at once and whole: a copy that was cut short must never be put back.
      text: 'set -e; test -e "$2" || { cp -p -- "$1" "$2.part"; mv -- "$2.part" "$2"; }; cat > "$1"',
      args: [spec.path, originalOf(spec)],
      input: running.fill(spec.text),
    });
    await apply(running, injection);
  },

  /** What somebody else has put there since stays: then the recovery has replaced it, and only the original is removed. */
  async heal(running, injection) {
    const { path } = injection.spec as ReplaceSpec;
    const original = originalOf(injection.spec as ReplaceSpec);
    const found = await look(running, injection);
    if (!found.original) return;
    if (found.content !== 'other') {
      await scriptInside(running, injection, {
        what: `putting ${path} back`,
        text: 'cp -p -- "$2" "$1"',
        args: [path, original],
      });
      await apply(running, injection);
    }
    await scriptInside(running, injection, {
      what: `removing ${original}`,
      text: 'rm -f -- "$1"',
      args: [original],
    });
  },

  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      const { content, original } = await look(running, injection);
      if (content === 'replaced') return 'active';
      if (original && content !== 'original') return 'superseded';
      return overIn(await containersOf(running, injection).state(injection.instance), injection);
    });
  },
};

function originalOf({ path }: ReplaceSpec): string {
  return `${path}.drillbook-original`;
}

interface Found {
  /** What the file has: the fault's text, what is kept as its original, anything else; or there is no file. */
  readonly content: 'replaced' | 'original' | 'other' | 'none';
  /** Whether an original is kept. */
  readonly original: boolean;
}

async function look(running: Running, injection: Injection): Promise<Found> {
  const spec = injection.spec as ReplaceSpec;
  const said = await scriptInside(running, injection, {
    what: `looking at ${spec.path}`,
    text: 'for file in "$1" "$2"; do if test -f "$file"; then sha256sum < "$file"; else echo none; fi; done',
    args: [spec.path, originalOf(spec)],
  });
  const [now = 'none', kept = 'none'] = said.split('\n').map((line) => line.split(' ')[0]);
  const wanted = createHash('sha256').update(running.fill(spec.text)).digest('hex');
  const original = kept !== 'none';
  if (now === 'none') return { content: 'none', original };
  if (now === wanted) return { content: 'replaced', original };
  return { content: now === kept ? 'original' : 'other', original };
}

/** As whom the container runs its own programs: what a reload needs. */
async function apply(running: Running, injection: Injection): Promise<void> {
  const { path, apply: command } = injection.spec as ReplaceSpec;
  if (command === undefined) return;
  await scriptInside(running, injection, {
    what: `applying the change of ${path}`,
    text: command,
    user: null,
  });
}
