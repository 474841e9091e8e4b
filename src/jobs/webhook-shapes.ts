import type { Json } from "../fields/field.ts";
import { Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";

export type WebhookShape = "standard" | "slack" | "discord" | "ntfy";

/** What has happened. */
export interface WebhookEvent {
  readonly type: "submission.created" | "webhook.test";
  /** When it happened, as stored. */
  readonly created: string;
  readonly form: { readonly id: string; readonly slug: string; readonly title: string };
  /** What is known of the submission beside its values. */
  readonly submission: Readonly<Record<string, Json>>;
  /** The values, as an owner sees them; of hidden fields none. */
  readonly record: Readonly<Record<string, Json>>;
  /** The values in words, for people to read. */
  readonly lines: readonly (readonly [label: string, value: string])[];
  /** Where an owner reads on; `""` where nobody knows the address of this server. */
  readonly link: string;
}

/** Characters of one value, and of one message, that are sent to a chat. */
const longestValue = 900;
const longestText = 3000;
/** Discord takes 25 fields and 6,000 characters in all. */
const mostFields = 20;

/** What is posted, and where. In a chat nothing that a stranger typed calls people, or hides where a link leads. */
export function postedFor(
  { url, shape }: { readonly url: string; readonly shape: WebhookShape },
  event: WebhookEvent,
): { readonly url: string; readonly body: Json } {
  if (shape !== "ntfy") return { url, body: bodyOf(shape, event) };
  const { root, topic } = topicOf(url);
  const text = event.lines.map(([label, value]) => `${label}: ${cut(value, longestValue)}`).join("\n");
  const message = cut(text, longestText) || event.form.title;
  return { url: root, body: { topic, title: headingOf(event), message, ...(event.link ? { click: event.link } : {}) } };
}

function bodyOf(shape: Exclude<WebhookShape, "ntfy">, event: WebhookEvent): Json {
  const { link, lines } = event;
  switch (shape) {
    case "slack": {
      const text = lines.map(([label, value]) => `*${forSlack(label)}:* ${forSlack(value)}`).join("\n");
      return { text: `*${forSlack(headingOf(event))}*\n${cut(text, longestText)}${link ? `\n<${link}>` : ""}` };
    }
    case "discord": {
      const fields = lines
        .slice(0, mostFields)
        .map(([label, value]) => ({ name: cut(forDiscord(label), 60), value: cut(forDiscord(value || "–"), 200) }));
      const embed = { title: cut(forDiscord(headingOf(event)), 200), ...(link ? { url: link } : {}), fields };
      return { embeds: [embed], allowed_mentions: { parse: [] } };
    }
    case "standard": {
      const { type, created, form, submission, record } = event;
      return { type, timestamp: created.replace(" ", "T"), data: { form, submission, record } };
    }
  }
}

/** ntfy takes JSON at its root alone; the last part of the form's address is the topic. Refusal "bad request" where it has none. */
function topicOf(url: string): { readonly root: string; readonly topic: string } {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const parts = target?.pathname.replace(/\/$/, "").split("/") ?? [];
  const topic = decodeURIComponent(parts.pop() ?? "");
  if (!target || topic === "") throw new Refusal("bad request", "webhook_topic");
  target.pathname = `${parts.join("/")}/`;
  return { root: target.href, topic };
}

function headingOf({ type, form }: WebhookEvent): string {
  return sentence("en", type === "webhook.test" ? "webhook_try" : "webhook_heading", { title: form.title });
}

/** Slack reads `<!channel>` and `<https://…|text>`; these three characters are all it asks to be escaped. */
function forSlack(text: string): string {
  return cut(text, longestValue).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function forDiscord(text: string): string {
  return text.replaceAll(/[\\*_~`|<>[\]()#@-]/g, "\\$&");
}

function cut(text: string, most: number): string {
  const characters = text.toWellFormed();
  return characters.length <= most ? characters : `${characters.slice(0, most).toWellFormed()}…`;
}
