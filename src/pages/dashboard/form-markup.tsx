/** @jsxImportSource preact */
import type { VNode } from "preact";
import { renderPart } from "../../html/index.ts";
import type { Language } from "../../phrases/index.ts";
import { collectionField, type CollectionFieldOptions } from "../parts/form-field.tsx";
import type { CompiledField } from "../../collections/collection.ts";
import { words } from "../parts/words.ts";

export interface MarkupFacts {
  readonly language: Language;
  /** `https://me.example`, without a path. */
  readonly address: string;
  readonly slug: string;
  readonly fields: readonly { readonly field: CompiledField; readonly label: string; readonly help: string }[];
  readonly button: string;
  /** The text beside a box that must be ticked; `""` for none. */
  readonly consent: string;
}

/** A form as somebody writes it by hand, for a page on any site. */
export function markupOf({ language, address, slug, fields, button, consent }: MarkupFacts): string {
  const t = words(language);
  const uploads = fields.some(({ field }) => field.kind.uploads) ? ' enctype="multipart/form-data"' : "";
  const lines = [
    `<form action="${address}/forms/${slug}" method="post"${uploads}>`,
    ...fields.flatMap(({ field, ...said }) => questionIn(language, slug, field, said)),
    ...(consent
      ? [`  <p><label>$<input type="checkbox" name="_consent" value="true" required> ${textIn(consent)}</label></p>`]
      : []),
    `  <p hidden><label>${textIn(t("page_leave_empty"))} <input name="_gotcha" tabindex="-1" autocomplete="off"></label></p>`,
    `  <p><button>${textIn(button || t("page_send"))}</button></p>`,
    "</form>",
    `<script src="${address}/forms.js" defer></script>`,
  ];
  return lines.join("\n");
}

/** The same sent by a script. */
export function fetchOf({ address, slug }: Pick<MarkupFacts, "address" | "slug">): string {
  return `const form = document.querySelector("form");
const answer = await fetch("${address}/forms/${slug}", {
  method: "POST",
  headers: { accept: "application/json" },
  body: new FormData(form),
});
const { message, data } = await answer.json();
// answer.ok, or data.email.message says what to type instead`;
}

function questionIn(
  language: Language,
  slug: string,
  field: CompiledField,
  said: Pick<CollectionFieldOptions, "label" | "help">,
): string[] {
  const id = `${slug}-${field.name}`;
  const question = collectionField(field, said);
  const help = question.help ? ` <small>${textIn(question.help)}</small>` : "";
  const control = linesOf(question.draw({ id }, language)).map((line) => `    ${line}`);
  if (question.several) {
    return ["  <fieldset>", `    <legend>${textIn(question.label)}${help}</legend>`, ...control, "  </fieldset>"];
  }
  return ["  <p>", `    <label for="${id}">${textIn(question.label)}</label>${help}`, ...control, "  </p>"];
}

/** A control as HTML that is read by people: its parts on lines of their own, nothing said that goes without saying. */
function linesOf(control: VNode): string[] {
  return renderPart(control)
    .replaceAll("/>", ">")
    .replace(/(<(?:input|textarea)[^>]*) value(?=[ >])/g, "$1")
    .replace(/<option value(?=[ >])/g, '<option value=""')
    .replace(/<option value="([^"<&]+)"([^>]*)>\1</g, "<option$2>$1<")
    .replace(/\n<\/textarea>/g, "</textarea>")
    .replaceAll("<option", "\n  <option")
    .replaceAll("</select>", "\n</select>")
    .replace(/(?<=>)\s*(?=<(?:label|input|select|textarea)\b)/g, "\n")
    .replace(/(<label[^>]*>)\n/g, "$1")
    .split("\n");
}

function textIn(text: string): string {
  return renderPart(<>{text}</>);
}
