/** Work of one name is done one after the other, of several at once. */
export class Turns {
  /** Newest last step of each name: the next waits for that. */
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work);
    this.#last.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }
}
