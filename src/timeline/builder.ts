import { Interner } from './columns.ts';
import type { JournalEvent, MarkEvent, Ns, PlanEvent, SlotEvent } from './events.ts';
import { JournalError } from './journal-error.ts';
import { LedgerColumns } from './ledger-columns.ts';
import { SlotColumns } from './slots.ts';
import type { Timeline } from './timeline.ts';

/** Makes a Timeline of events in journal order, whether they come from a file or from a run that is under way. */
export class TimelineBuilder {
  #header: PlanEvent | null = null;
  #lastNs: Ns = 0;
  readonly #marks: MarkEvent[] = [];
  readonly #series = new Map<string, SlotColumns>();
  readonly #ledgers = new Map<string, LedgerColumns>();
  readonly #texts = new Interner();

  /** @throws JournalError when the event cannot follow what came before */
  add(event: JournalEvent): void {
    if ((this.#header === null) !== (event.type === 'plan')) {
      throw new JournalError(
        this.#header === null
          ? 'a journal begins with its plan'
          : 'a journal has one plan, and this is a second one',
      );
    }
    this.#lastNs = Math.max(this.#lastNs, event.atNs);
    switch (event.type) {
      case 'plan':
        this.#header = event;
        return;
      case 'slot':
        this.#seriesOf(event).record(event);
        return;
      case 'write':
        this.#ledger(event.ledger).write(event);
        return;
      case 'ledger.reserved':
        this.#ledger(event.ledger).reserve(event);
        return;
      case 'ledger.ids':
        this.#ledger(event.ledger).readIds(event);
        return;
      default:
        this.#marks.push(event);
        this.#follow(event);
    }
  }

  /** @throws JournalError when there was no plan */
  finish(torn: boolean): Timeline {
    if (this.#header === null) throw new JournalError('the journal is empty: it should begin with its plan');
    return {
      header: this.#header,
      marks: this.#marks,
      series: this.#series,
      ledgers: this.#ledgers,
      lastNs: this.#lastNs,
      torn,
    };
  }

  /** Marks that open or close a column. */
  #follow(mark: MarkEvent): void {
    switch (mark.type) {
      case 'probe.started':
        if (this.#series.has(mark.probe)) throw new JournalError(`probe "${mark.probe}" started twice`);
        this.#series.set(mark.probe, new SlotColumns(mark, this.#texts));
        return;
      case 'probe.stopped':
        this.#series.get(mark.probe)?.stopped(mark.slots, mark.atNs);
        return;
      case 'ledger.stopped':
        this.#ledger(mark.ledger).stop();
        return;
      case 'ledger.started':
        this.#ledger(mark.ledger);
        return;
      case 'ledger.read':
        this.#ledger(mark.ledger).startRead(mark);
        return;
      case 'ledger.read-end':
        this.#ledger(mark.ledger).endRead(mark.read, mark.rows);
        return;
    }
  }

  #seriesOf(event: SlotEvent): SlotColumns {
    const series = this.#series.get(event.probe);
    if (series === undefined)
      throw new JournalError(`slot ${event.slot} of probe "${event.probe}", which has not started`);
    return series;
  }

  #ledger(name: string): LedgerColumns {
    let ledger = this.#ledgers.get(name);
    if (ledger === undefined) {
      ledger = new LedgerColumns(name);
      this.#ledgers.set(name, ledger);
    }
    return ledger;
  }
}
