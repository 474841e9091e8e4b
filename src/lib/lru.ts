/**
 * A map that holds at most `limit` items and forgets what was not used for longest; `drop` sees what is forgotten. It has two
 * generations: what is used is in the younger one, and once that is half of all, the elder one is forgotten and the younger
 * takes its place. So using an item again, which is what happens most, changes nothing.
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
    const old = this.get(key);
    if (old !== undefined && old !== item) this.drop(old);
    this.#keep(key, item);
  }

  delete(key: Key): void {
    const item = this.#younger.get(key) ?? this.#elder.get(key);
    if (item === undefined) return;
    this.#younger.delete(key);
    this.#elder.delete(key);
    this.drop(item);
  }

  clear(): void {
    for (const item of [...this.#younger.values(), ...this.#elder.values()]) this.drop(item);
    this.#younger.clear();
    this.#elder.clear();
  }

  #keep(key: Key, item: Item): void {
    this.#younger.set(key, item);
    if (this.#younger.size <= this.limit / 2) return;
    const forgotten = this.#elder;
    this.#elder = this.#younger;
    this.#younger = new Map();
    for (const its of forgotten.values()) this.drop(its);
  }
}
