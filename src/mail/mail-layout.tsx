/** @jsxImportSource preact */
import type { VNode } from "preact";
import { renderHtml } from "../html/index.ts";
import { direction } from "../lib/writing.ts";
import type { Language } from "../phrases/index.ts";
import type { Block, MailRow } from "./mail.ts";

/** Mail programs know no style sheets: styles stand where they hold. */
const styles = {
  body: "margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif",
  main: "max-width:640px;margin:0 auto",
  heading: "font-size:20px;line-height:1.3;margin:24px 0 8px",
  text: "margin:0 0 16px;white-space:pre-wrap;overflow-wrap:anywhere",
  table: "width:100%;border-collapse:collapse;margin:0 0 16px",
  head: "text-align:start;vertical-align:top;padding:6px 12px 6px 0;font-weight:600;width:30%;border-bottom:1px solid #8884",
  cell: "text-align:start;vertical-align:top;padding:6px 0;white-space:pre-wrap;overflow-wrap:anywhere;border-bottom:1px solid #8884",
  small: "margin:24px 0 0;font-size:14px;opacity:.75;white-space:pre-wrap;overflow-wrap:anywhere",
};

interface MailLayoutProps {
  readonly language: Language;
  readonly subject: string;
  readonly blocks: readonly Block[];
}

/** A mail as HTML: nothing is loaded from anywhere, and nothing runs. */
export function mailHtml(props: MailLayoutProps): string {
  return renderHtml(MailLayout(props));
}

function MailLayout({ language, subject, blocks }: MailLayoutProps): VNode {
  return (
    <html lang={language} dir={direction(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style={styles.body}>
        <div role="main" style={styles.main}>
          {blocks.map(Part)}
        </div>
      </body>
    </html>
  );
}

function Part(block: Block): VNode {
  if (block.kind === "heading") return <h1 style={styles.heading}>{block.text}</h1>;
  if (block.kind === "rows") return <Rows rows={block.rows} />;
  if (block.kind === "small") return <p style={styles.small}>{block.text}</p>;
  if (block.kind === "text") return <p style={styles.text}>{block.text}</p>;
  return (
    <p style={styles.text}>
      <a href={block.href}>{block.label}</a>
    </p>
  );
}

/** What somebody else typed may be written in the other direction. */
function Rows({ rows }: { readonly rows: readonly MailRow[] }): VNode {
  return (
    <table style={styles.table}>
      <tbody>
        {rows.map(({ label, value, href }) => (
          <tr>
            <th scope="row" style={styles.head}>
              {label}
            </th>
            <td dir="auto" style={styles.cell}>
              {href ? <a href={href}>{value}</a> : value}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same mail as plain text. */
export function mailText(blocks: readonly Block[]): string {
  return `${blocks.map(plain).join("\n\n")}\n`;
}

function plain(block: Block): string {
  if (block.kind === "rows") return block.rows.map(plainRow).join("\n");
  if (block.kind === "link") return `${block.label}:\n${block.href}`;
  // Two dashes and a blank begin what mail programs know as a signature.
  if (block.kind === "small") return `-- \n${block.text}`;
  return block.text;
}

/** What has several lines stands below its label, set in, so that nobody can write a row of their own. */
function plainRow({ label, value, href }: MailRow): string {
  const said = href ? `${value} (${href})` : value;
  return said.includes("\n") ? `${label}:\n  ${said.replaceAll("\n", "\n  ")}` : `${label}: ${said}`;
}
