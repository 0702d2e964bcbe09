import type { WriteId } from './ledger.ts';

const idsPerPage = 4096;

interface WriterIds {
  /** Bitmaps of `idsPerPage` sequence numbers, by page number: dense ids cost a bit each, a stray one a page. */
  readonly pages: Map<number, Uint8Array>;
  readonly duplicates: Map<number, number>;
}

/** Puts ids that come in any order into the order of writer and sequence, about a bit an id; a duplicate comes again. */
export class IdSet {
  readonly #writers = new Map<number, WriterIds>();

  add({ writer, seq }: WriteId): void {
    const own = this.#writer(writer);
    const page = Math.floor(seq / idsPerPage);
    const bits = own.pages.get(page) ?? new Uint8Array(idsPerPage / 8);
    own.pages.set(page, bits);
    const at = seq % idsPerPage;
    const byte = bits[at >> 3] ?? 0;
    const bit = 1 << (at & 7);
    if ((byte & bit) === 0) bits[at >> 3] = byte | bit;
    else own.duplicates.set(seq, (own.duplicates.get(seq) ?? 0) + 1);
  }

  *ordered(): Generator<WriteId> {
    for (const [writer, { pages, duplicates }] of [...this.#writers].sort(byNumber)) {
      for (const [page, bits] of [...pages].sort(byNumber)) {
        for (const at of setBits(bits)) {
          const seq = page * idsPerPage + at;
          for (let copy = 0; copy <= (duplicates.get(seq) ?? 0); copy++) yield { writer, seq };
        }
      }
    }
  }

  #writer(writer: number): WriterIds {
    const known = this.#writers.get(writer);
    if (known !== undefined) return known;
    const own: WriterIds = { pages: new Map(), duplicates: new Map() };
    this.#writers.set(writer, own);
    return own;
  }
}

function byNumber([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number {
  return a - b;
}

function* setBits(bits: Uint8Array): Generator<number> {
  for (const [index, byte] of bits.entries()) {
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) yield index * 8 + bit;
  }
}
