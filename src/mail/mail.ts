/** A mail as it is sent; its From is always the configured sender. */
export interface Mail {
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly replyTo?: string;
  readonly subject: string;
  readonly text: string;
  /** A whole page. */
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A line of a table: what it is called, what was said, and where that leads. */
export interface MailRow {
  readonly label: string;
  readonly value: string;
  readonly href?: string;
}

/** What a mail is made of, from top to bottom; as text and as HTML alike. Texts are shown as they are, line ends kept. */
export type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "rows"; readonly rows: readonly MailRow[] }
  | { readonly kind: "link"; readonly label: string; readonly href: string }
  /** Why the reader gets this mail. */
  | { readonly kind: "small"; readonly text: string };
