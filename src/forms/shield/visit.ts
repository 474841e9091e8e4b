/** What is known of a sending besides what was typed; `""` for what nobody knows. */
export interface Visit {
  /** The `Origin` header, as it came. */
  readonly origin: string;
  /** The `Referer` header. */
  readonly referrer: string;
  /** The `User-Agent` header. */
  readonly agent: string;
  /** The `Accept-Language` header. */
  readonly language: string;
  /** The salted hash of the visitor's address. */
  readonly address: string;
  /** When it arrived, in milliseconds since 1970. */
  readonly moment: number;
}
