import { keysOf, type Payload } from "../../fields/payload.ts";
import type { Form } from "../form.ts";
import { isHiddenName } from "../hidden-names.ts";

/** What a text is, as far as its field tells. */
export type Role = "name" | "email" | "phone" | "subject" | "company" | "link" | "message" | "markup";

/** A text that somebody typed. */
export interface TypedText {
  readonly name: string;
  readonly role: Role;
  readonly text: string;
}

/** As many texts are looked at, of one as many characters, and as many of all of them together. */
const most = 100;
const longest = 22_000;
const budget = 64_000;
/** Of what is too long the start is looked at, and this part of it at its end. */
const atEnd = 1 / 11;

const longestShort = 120;

/** Kinds of fields in which people type; in others they choose. */
const typedKinds = new Set(["text", "editor", "email", "url", "json"]);

/** The texts of an answer that were typed, in the order sent, without hidden names, passwords and what is chosen from a list. */
export function typedTexts(form: Form, payload: Payload): TypedText[] {
  const texts: TypedText[] = [];
  for (const name of keysOf(payload)) {
    if (texts.length >= most) break;
    const field = form.collection.field(name);
    const kind = field?.kind.type ?? "";
    if ((field && !typedKinds.has(kind)) || isHiddenName(form, name)) continue;
    for (const text of sentAs(payload, name)) {
      if (text.trim() === "" || texts.length >= most) continue;
      const role = roleOf(name, kind);
      texts.push({ name, role: isProse(role, text) ? "message" : role, text });
    }
  }
  const share = shareOf(texts.map(({ text }) => text.length));
  return texts.map((it) => (it.text.length > share ? { ...it, text: shortened(it.text, share) } : it));
}

/** What is longer than names, numbers and the like is prose, however its field is called. */
function isProse(role: Role, text: string): boolean {
  return text.length > longestShort && role !== "markup" && role !== "link";
}

/** How many characters of each text are looked at: what short ones leave, long ones get, and filling many fields hides none. */
function shareOf(lengths: readonly number[]): number {
  let left = budget;
  const sorted = lengths.toSorted((one, other) => one - other);
  for (const [at, length] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - at));
    if (length > share) return Math.min(share, longest);
    left -= length;
  }
  return longest;
}

function sentAs({ json, form }: Payload, name: string): readonly string[] {
  if (!Object.hasOwn(json, name)) return form.get(name) ?? [];
  const value = json[name];
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : [JSON.stringify(value)];
}

function shortened(text: string, length: number): string {
  const end = Math.floor(length * atEnd);
  return `${text.slice(0, length - end)}\n${text.slice(-end)}`;
}

const roles: readonly (readonly [Role, RegExp])[] = [
  ["email", /mail(address|adresse)?$|^(correo|correoelectronico|почта|邮箱|邮件)$/],
  [
    "phone",
    /phone(number|no)?$|^tel(efon|efono|efone|efoon|nr|no)?(nummer|number)?$|^mobil[eo]?(nummer|number|no)?$|^handy|^fax|whatsapp|телефон|电话|手机|電話/,
  ],
  ["link", /website|webseite|homepage|^(url|link|site|web|portfolio|linkedin|github)s?$|url$/],
  ["company", /(company|firm|organi[sz]ation|business)(name)?$|^(firma|firmenname|societe|empresa|azienda|компания)/],
  ["subject", /subject|betreff|sujet|asunto|oggetto|assunto|^(topic|title|тема|主题)$/],
  ["name", /name$|^(name|nom|prenom|nome|cognome|nombre|apellidos?|имя|фамилия|姓名|名字|名前)/],
];

const guessed = new Map<string, Role>();
const mostGuessed = 2000;

/** By the field's type where it has a telling one, else by how it is called, in some languages. */
function roleOf(name: string, kind: string): Role {
  if (kind === "editor") return "markup";
  if (kind === "email") return "email";
  if (kind === "url") return "link";
  const known = guessed.get(name);
  if (known) return known;
  const plain = name
    .slice(0, 60)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}]/gu, "");
  const role = roles.find(([, pattern]) => pattern.test(plain))?.[0] ?? "message";
  if (guessed.size >= mostGuessed) guessed.clear();
  guessed.set(name, role);
  return role;
}
