/**
 * A map that remembers the `limit` items used last, and at most twice as many; `drop` sees what is forgotten. It has two generations:
 * what is used is in the younger one, and once that has `limit` items, the elder one is forgotten and the younger takes its place. So
 * using an item again, which is what happens most, changes nothing.
 */
export class Lru<Key, Item> {
  #younger = new Map<Key, Item>();
  #elder = new Map<Key, Item>();

  constructor(
    readonly limit: number,
    readonly drop: (item: Item) => void = () => {},
  ) {}

  get size(): number {
    return this.#younger.size + this.#elder.size;
  }

  get(key: Key): Item | undefined {
    const item = this.#younger.get(key);
    if (item !== undefined) return item;
    const old = this.#elder.get(key);
    if (old === undefined) return undefined;
    this.#elder.delete(key);
    this.#keep(key, old);
    return old;
  }

  set(key: Key, item: Item): void {
    const old = this.#take(key);
    this.#keep(key, item);
    if (old !== undefined && old !== item) this.drop(old);
  }

  delete(key: Key): void {
    const item = this.#take(key);
    if (item !== undefined) this.drop(item);
  }

  clear(): void {
    const all = [...this.#younger.values(), ...this.#elder.values()];
    this.#younger.clear();
    this.#elder.clear();
    for (const item of all) this.drop(item);
  }

  #take(key: Key): Item | undefined {
    const item = this.#younger.get(key) ?? this.#elder.get(key);
    this.#younger.delete(key);
    this.#elder.delete(key);
    return item;
  }

  #keep(key: Key, item: Item): void {
    this.#younger.set(key, item);
    if (this.#younger.size < this.limit) return;
    const forgotten = this.#elder;
    this.#elder = this.#younger;
    this.#younger = new Map();
    for (const its of forgotten.values()) this.drop(its);
  }
}
