/** What the server is told from outside, read once. */
export interface Config {
  readonly hostname: string;
  readonly port: number;
  /** The folder of the data. */
  readonly dir: string;
  /** The user's own site. */
  readonly publicDir: string;
  readonly indexFallback: boolean;
  /** Origins that may call with credentials, by name; `["*"]` is everyone, without. */
  readonly origins: readonly string[];
  readonly dev: boolean;
  /** Seconds a reading query may take. */
  readonly queryTimeout: number;
  /** The application secret; otherwise it is made at first start, in `dir/secret`. */
  readonly secret: string | undefined;
}
