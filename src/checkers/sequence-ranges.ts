interface Range {
  readonly writer: number;
  readonly from: number;
  to: number;
}

/** More ranges than this are counted and not named. */
const namedAtMost = 1000;

/** Writes by (writer, sequence), added in order, kept as ranges: a whole lost hour is one line. */
export class SequenceRanges {
  count = 0;
  readonly #ranges: Range[] = [];
  #unnamed = 0;

  add(writer: number, seq: number): void {
    this.count++;
    const last = this.#ranges.at(-1);
    if (this.#unnamed === 0 && last?.writer === writer && last.to === seq - 1) {
      last.to = seq;
      return;
    }
    if (this.#ranges.length < namedAtMost) this.#ranges.push({ writer, from: seq, to: seq });
    else this.#unnamed++;
  }

  /** `writer 0: 17 … 23`, at most so many lines, the last of which tells how many writes are not named. */
  lines(atMost = 50): string[] {
    const named = this.#ranges.slice(0, atMost);
    const rest = this.count - named.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return [...named.map(rangeWords), ...(rest > 0 ? [`and ${rest} more`] : [])];
  }

  /** The first and the last write that are named, in words. */
  ends(): string {
    const first = this.#ranges[0];
    const last = this.#ranges.at(-1);
    if (first === undefined || last === undefined) return 'none';
    return this.count === 1
      ? nameOf(first.writer, first.from)
      : `${nameOf(first.writer, first.from)} to ${nameOf(last.writer, last.to)}`;
  }
}

const nameOf = (writer: number, seq: number): string => `${writer}-${seq}`;

function rangeWords({ writer, from, to }: Range): string {
  return from === to ? `writer ${writer}: ${from}` : `writer ${writer}: ${from} … ${to}`;
}
