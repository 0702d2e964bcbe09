import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { MarkEvent } from '../../src/timeline/events.ts';
import { cli, startCli, withReports } from '../drill-process.ts';
import { eventsOf, leftoversOf, recordOf } from '../leftovers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shop = fileURLToPath(new URL('../sabotage/project', import.meta.url));

/** Instants that differ from run to run of this list but are the same each time the tests run (xorshift32). */
function* instants(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield (state >>> 0) / 2 ** 32;
  }
}

interface Case {
  readonly cwd: string;
  readonly drill: string;
  /** About as long as the drill takes. */
  readonly longMs: number;
  readonly times: number;
}

const cases: readonly Case[] = [
  { cwd: shop, drill: 'shop-loss/healthy', longMs: 8_000, times: 14 },
  { cwd: root, drill: 'database-primary-loss/async', longMs: 20_000, times: 6 },
];
const random = instants(20261122);
const kills = cases.flatMap((each) =>
  Array.from({ length: each.times }, () => ({
    ...each,
    afterMs: Math.round((random.next().value as number) * each.longMs),
  })),
);

describe('kill -9 of the harness, then `drillbook heal`', () => {
  it.each(kills)('$drill killed after $afterMs ms leaves nothing', async ({ cwd, drill, afterMs }) => {
    await withReports(async (out) => {
      const { child, ended } = startCli(['run', drill, '--out', out, '--today', '2026-11-22'], { cwd });
      await Promise.race([sleep(afterMs), ended]);
      child.kill('SIGKILL');
      await ended;

      const healed = await cli(['heal', '--out', out], { cwd });
      expect(healed).toMatchObject({ exitCode: 0, stderr: '' });

      const [run] = await readdir(out);
      if (run === undefined) return;
      const journal = join(out, run, 'journal.ndjson');
      const record = await recordOf(journal);
      if (record !== null) expect(await leftoversOf(record)).toEqual([]);
      expect(await notHealed(journal)).toEqual([]);

      const again = await cli(['heal', '--out', out], { cwd });
      expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to heal') });
    });
  });
});

/** Faults that were prepared and that the journal does not report over. */
async function notHealed(journal: string): Promise<readonly string[]> {
  const marks = (await eventsOf(journal)) as readonly MarkEvent[];
  const prepared = marks
    .filter((mark) => mark.type === 'fault.prepared')
    .map(({ injection }) => injection.id);
  const over = marks
    .filter((mark) => mark.type === 'fault.healed')
    .filter(({ status }) => status === 'gone' || status === 'superseded')
    .map(({ injection }) => injection);
  return prepared.filter((id) => !over.includes(id));
}
