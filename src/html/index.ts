export { type MarkAttributes, type Marks, marks, marksOf, maxlength, textareaText } from "./attributes.ts";
export { renderHtml, renderPart } from "./markup.ts";
export { isBrowserNumber, TypedInput } from "./typed-input.tsx";
