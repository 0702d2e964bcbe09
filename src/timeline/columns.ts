const chunkBits = 13;
const chunkLength = 1 << chunkBits;
const chunkMask = chunkLength - 1;

type Numbers = Float64Array | Uint8Array | Uint32Array;

/**
 * A column of numbers that grows in chunks: no copy of everything when it grows, and a hole costs nothing.
 * What was never set reads as `undefined`'s stand-in, 0.
 */
export class Column {
  readonly #make: (length: number) => Numbers;
  readonly #chunks: (Numbers | undefined)[] = [];

  constructor(make: (length: number) => Numbers) {
    this.#make = make;
  }

  get(index: number): number {
    return this.#chunks[index >>> chunkBits]?.[index & chunkMask] ?? 0;
  }

  set(index: number, value: number): void {
    const at = index >>> chunkBits;
    let chunk = this.#chunks[at];
    if (chunk === undefined) {
      chunk = this.#make(chunkLength);
      this.#chunks[at] = chunk;
    }
    chunk[index & chunkMask] = value;
  }
}

export const floats = (): Column => new Column((length) => new Float64Array(length));
export const bytes = (): Column => new Column((length) => new Uint8Array(length));
export const indexes = (): Column => new Column((length) => new Uint32Array(length));

/** One bit an index. */
export class Bitmap {
  readonly #bytes = bytes();

  has(index: number): boolean {
    return (this.#bytes.get(index >>> 3) & (1 << (index & 7))) !== 0;
  }

  add(index: number): void {
    const at = index >>> 3;
    this.#bytes.set(at, this.#bytes.get(at) | (1 << (index & 7)));
  }
}

/** Texts that repeat (error codes, server addresses), each kept once. Index 0 is "none". */
export class Interner {
  readonly #indexes = new Map<string, number>();
  readonly #texts: (string | null)[] = [null];

  index(text: string | undefined): number {
    if (text === undefined) return 0;
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  text(index: number): string | null {
    return this.#texts[index] ?? null;
  }
}
