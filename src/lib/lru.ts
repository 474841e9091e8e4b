/**
 * A map that forgets what was not used for longest once it holds more than `limit`; `drop` sees what is forgotten. A large one
 * forgets some at a time: who looks for the oldest walks past all that was taken out since the map was last put in order.
 */
export class Lru<Key, Item> {
  readonly #items = new Map<Key, Item>();

  constructor(
    readonly limit: number,
    readonly drop: (item: Item) => void = () => {},
  ) {}

  get size(): number {
    return this.#items.size;
  }

  get(key: Key): Item | undefined {
    const item = this.#items.get(key);
    if (item === undefined) return undefined;
    this.#items.delete(key);
    this.#items.set(key, item);
    return item;
  }

  set(key: Key, item: Item): void {
    const old = this.#items.get(key);
    if (old !== undefined && old !== item) this.drop(old);
    this.#items.delete(key);
    this.#items.set(key, item);
    if (this.#items.size <= this.limit) return;
    let surplus = 1 + (this.limit >> 5);
    for (const [oldest, forgotten] of this.#items) {
      this.#items.delete(oldest);
      this.drop(forgotten);
      if (--surplus === 0) return;
    }
  }

  delete(key: Key): void {
    const item = this.#items.get(key);
    if (item === undefined) return;
    this.#items.delete(key);
    this.drop(item);
  }

  clear(): void {
    for (const item of this.#items.values()) this.drop(item);
    this.#items.clear();
  }
}
