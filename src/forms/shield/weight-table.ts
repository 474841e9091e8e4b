/** Places in the table: several times as many as there are terms, and a power of two. */
const places = 2 ** 18;
/** Weights are kept in tenths, and as bytes. */
const parts = 10;

/**
 * Small numbers under keys of 32 bits: open addressing with linear probing. A Map of as many entries is spread over megabytes, and
 * most of what is looked for is in none of them: here that is one look into a megabyte.
 */
export class WeightTable {
  /** 0 where nothing is. */
  readonly #keys = new Int32Array(places);
  readonly #weights = new Int8Array(places);
  #count = 0;

  set(key: number, weight: number): void {
    if (++this.#count > places / 2) throw new Error("There are more terms than the table has room for.");
    const place = this.#placeOf(key | 0);
    this.#keys[place] = key | 0;
    this.#weights[place] = Math.round(weight * parts);
  }

  get(key: number): number | undefined {
    const place = this.#placeOf(key | 0);
    return this.#keys[place] === 0 ? undefined : (this.#weights[place] ?? 0) / parts;
  }

  #placeOf(key: number): number {
    let place = Math.imul(key, 0x9e3779b1) >>> 14;
    while (this.#keys[place] !== 0 && this.#keys[place] !== key) place = (place + 1) & (places - 1);
    return place;
  }
}
