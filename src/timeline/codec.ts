import type {
  JournalEvent,
  MarkEvent,
  PlanEvent,
  ReadIdsEvent,
  ReserveEvent,
  SlotEvent,
  SlotOutcome,
  WriteEvent,
  WriteOutcome,
} from './events.ts';
import { journalVersion } from './events.ts';
import { JournalError } from './journal-error.ts';
import { fieldProblem, markProblem } from './shapes.ts';

/**
 * Characters that JSON leaves as they are and a terminal, an editor or a line splitter does not: DEL and the C1
 * controls, the line and paragraph separators, marks of text direction, the byte order mark.
 */
const unsafe = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const escapeUnsafe = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * One journal line without its newline. Slots and writes, of which there are millions, are arrays:
 * `["slot", atNs, probe, slot, dueNs, sentNs, endNs, outcome, value?, detail?]` and
 * `["write", atNs, ledger, writer, seq, sentNs, endNs, outcome, instance?, timeLine?, detail?]`;
 * everything else is an object with its `type` first.
 */
export function encodeEvent(event: JournalEvent): string {
  return JSON.stringify(compact(event)).replace(unsafe, escapeUnsafe);
}

function compact(event: JournalEvent): unknown {
  if (event.type === 'slot') {
    const { atNs, probe, slot, dueNs, sentNs, endNs, outcome, value, detail } = event;
    return withoutTail(['slot', atNs, probe, slot, dueNs, sentNs, endNs, outcome, value, detail]);
  }
  if (event.type === 'write') {
    const { atNs, ledger, writer, seq, sentNs, endNs, outcome, instance, timeLine, detail } = event;
    return withoutTail([
      'write',
      atNs,
      ledger,
      writer,
      seq,
      sentNs,
      endNs,
      outcome,
      instance,
      timeLine,
      detail,
    ]);
  }
  const { type, atNs, ...rest } = event;
  return { type, atNs, ...rest };
}

function withoutTail(values: readonly unknown[]): readonly unknown[] {
  let length = values.length;
  while (values[length - 1] === undefined) length--;
  return values.slice(0, length);
}

/**
 * @throws JournalError that says what is wrong with the line. Its cause is a SyntaxError where the line is no JSON,
 * which is what a line cut off by a crash looks like.
 */
export function decodeLine(line: string): JournalEvent {
  const value = parse(line);
  if (Array.isArray(value)) return value[0] === 'slot' ? slotOf(value) : writeOf(value);
  if (typeof value !== 'object' || value === null)
    throw new JournalError('it is neither an object nor an array');
  return eventOf(value);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new JournalError(
      `it is no JSON: ${JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line)}`,
      { cause },
    );
  }
}

function eventOf(value: object): JournalEvent {
  refuse(fieldProblem(value, { type: 'string', atNs: 'number' }));
  const { type } = value as { readonly type: string };
  switch (type) {
    case 'plan':
      return planOf(value);
    case 'ledger.reserved':
      refuse(fieldProblem(value, { ledger: 'string', writer: 'number', from: 'number', to: 'number' }));
      return value as ReserveEvent;
    case 'ledger.ids':
      return idsOf(value);
    default:
      refuse(markProblem(type, value));
      return value as MarkEvent;
  }
}

function planOf(value: object): PlanEvent {
  refuse(fieldProblem(value, { journalVersion: 'number' }));
  const event = value as PlanEvent;
  if (event.journalVersion > journalVersion) {
    throw new JournalError(
      `the journal has format ${event.journalVersion} and this drillbook reads up to ${journalVersion}: read it with a newer drillbook`,
    );
  }
  refuse(fieldProblem(value, { runId: 'string', startedAt: 'string', harness: 'object', plan: 'object' }));
  refuse(
    fieldProblem(event.plan, {
      drill: 'string',
      scenario: 'object',
      stages: 'array',
      recovered: 'object',
      objectives: 'object',
    }),
  );
  return event;
}

function idsOf(value: object): ReadIdsEvent {
  refuse(fieldProblem(value, { ledger: 'string', read: 'string', writer: 'number', ranges: 'array' }));
  const event = value as ReadIdsEvent;
  const isRange = (range: unknown): boolean =>
    Array.isArray(range) && range.length === 2 && range.every(Number.isSafeInteger);
  if (!event.ranges.every(isRange)) throw new JournalError('"ranges" should be pairs of whole numbers');
  return event;
}

const slotOutcomes: ReadonlySet<unknown> = new Set<SlotOutcome>([
  'ok',
  'failed',
  'late',
  'unsent',
  'aborted',
]);
const writeOutcomes: ReadonlySet<unknown> = new Set<WriteOutcome>(['acked', 'failed', 'indeterminate']);

function slotOf(line: readonly unknown[]): SlotEvent {
  const [, atNs, probe, slot, dueNs, sentNs, endNs, outcome, value, detail] = line;
  const sound =
    isTime(atNs) &&
    typeof probe === 'string' &&
    isCount(slot) &&
    isTime(dueNs) &&
    isTime(endNs) &&
    slotOutcomes.has(outcome);
  if (!sound || !(sentNs === null || isTime(sentNs))) {
    throw new JournalError(
      'a slot is ["slot", atNs, probe, slot, dueNs, sentNs or null, endNs, outcome, value?, detail?]',
    );
  }
  return {
    type: 'slot',
    atNs,
    probe,
    slot,
    dueNs,
    sentNs,
    endNs,
    outcome: outcome as SlotOutcome,
    ...(typeof value === 'number' && { value }),
    ...(typeof detail === 'string' && { detail }),
  };
}

function writeOf(line: readonly unknown[]): WriteEvent {
  const [type, atNs, ledger, writer, seq, sentNs, endNs, outcome, instance, timeLine, detail] = line;
  if (type !== 'write') throw new JournalError('an array begins with "slot" or "write"');
  const sound =
    isTime(atNs) &&
    typeof ledger === 'string' &&
    isCount(writer) &&
    isCount(seq) &&
    isTime(sentNs) &&
    isTime(endNs) &&
    writeOutcomes.has(outcome);
  if (!sound) {
    throw new JournalError(
      'a write is ["write", atNs, ledger, writer, seq, sentNs, endNs, outcome, instance?, timeLine?, detail?]',
    );
  }
  return {
    type,
    atNs,
    ledger,
    writer,
    seq,
    sentNs,
    endNs,
    outcome: outcome as WriteOutcome,
    ...(typeof instance === 'string' && { instance }),
    ...(typeof timeLine === 'number' && { timeLine }),
    ...(typeof detail === 'string' && { detail }),
  };
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
/** Slots, writers and sequence numbers fit 31 bits: two years at 30 a second. */
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;

function refuse(problem: string | null): void {
  if (problem !== null) throw new JournalError(problem);
}
