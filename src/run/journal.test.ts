import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeLine } from '../timeline/codec.ts';
import type { SlotEvent } from '../timeline/events.ts';
import { startClock } from './clock.ts';
import { JournalWriteError, openJournal, reopenJournal } from './journal.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const slot: SlotEvent = {
  type: 'slot',
  atNs: 5,
  probe: 'api',
  slot: 0,
  dueNs: 1,
  sentNs: 2,
  endNs: 5,
  outcome: 'ok',
};
const file = () => join(folder, 'journal.ndjson');
const lines = async () => (await readFile(file(), 'utf8')).trimEnd().split('\n').map(decodeLine);

describe('journal', () => {
  it('keeps the order of events, stamps them, and leaves stamps that are there', async () => {
    const journal = await openJournal(file(), startClock());
    const first = journal.emit({ type: 'phase.start', phase: 'steady' });
    journal.append([slot]);
    await journal.emit({ type: 'fault.injecting', injection: 'x', atNs: 42 });
    await first;
    await journal.close();
    const written = await lines();
    expect(written.map(({ type }) => type)).toEqual(['phase.start', 'slot', 'fault.injecting']);
    expect(written[0]?.atNs).toBeGreaterThan(0);
    expect(written[2]?.atNs).toBe(42);
  });

  it('has written an event when emit resolves, and everything when it is closed', async () => {
    const journal = await openJournal(file(), startClock());
    await journal.emit({ type: 'steady.met' });
    expect(await lines()).toHaveLength(1);
    journal.append([slot, slot]);
    await journal.close();
    expect(await lines()).toHaveLength(3);
  });

  it('shows every event to listeners', async () => {
    const journal = await openJournal(file(), startClock());
    const seen: string[] = [];
    journal.onEvent(({ type }) => seen.push(type));
    journal.append([slot]);
    await journal.emit({ type: 'run.end' });
    await journal.close();
    expect(seen).toEqual(['slot', 'run.end']);
  });

  it('refuses to write over a journal that is there', async () => {
    await writeFile(file(), 'old\n');
    await expect(openJournal(file(), startClock())).rejects.toThrow(JournalWriteError);
    expect(await readFile(file(), 'utf8')).toBe('old\n');
  });

  it('lets its reserve go when it is closed', async () => {
    const journal = await openJournal(file(), startClock());
    expect((await stat(`${file()}.reserve`)).size).toBeGreaterThan(100_000);
    await journal.close();
    await expect(stat(`${file()}.reserve`)).rejects.toThrow('ENOENT');
  });

  it('continues after the last whole line', async () => {
    await writeFile(file(), '{"type":"a"}\n{"type":"b"}\n{"type":"to');
    const journal = await reopenJournal(file(), 26, startClock());
    await journal.emit({ type: 'run.end' });
    await journal.close();
    const types = (await readFile(file(), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(types).toEqual(['a', 'b', 'run.end']);
  });
});
