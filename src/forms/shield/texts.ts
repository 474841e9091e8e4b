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

/** As many texts are looked at, and of each as many characters of its start and its end. */
const most = 100;
const start = 20_000;
const end = 2_000;

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
      texts.push({ name, role: roleOf(name, kind), text: text.length > start + end ? shortened(text) : text });
    }
  }
  return texts;
}

function sentAs({ json, form }: Payload, name: string): readonly string[] {
  if (!Object.hasOwn(json, name)) return form.get(name) ?? [];
  const value = json[name];
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : [JSON.stringify(value)];
}

function shortened(text: string): string {
  return `${text.slice(0, start)}\n${text.slice(-end)}`;
}

const roles: readonly (readonly [Role, RegExp])[] = [
  ["email", /mail|^(correo|почта|邮箱|邮件)$/],
  ["phone", /phone|^tel|^mobil|^handy|^fax|whatsapp|телефон|电话|手机|電話/],
  ["link", /website|webseite|homepage|^(url|link|site|web|portfolio|linkedin|github)s?$|url$/],
  ["company", /company|firm|organi[sz]ation|business|societe|empresa|azienda|компания/],
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
