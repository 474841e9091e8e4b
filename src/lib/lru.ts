/** A map that forgets what was not used for longest once it holds more than `limit`; `drop` sees what is forgotten. */
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
    for (const [oldest, forgotten] of this.#items) {
      this.#items.delete(oldest);
      this.drop(forgotten);
      return;
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
