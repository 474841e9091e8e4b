import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** A whole page as HTML; every text and attribute in it is escaped. */
export function renderHtml(page: VNode): string {
  return "<!doctype html>\n" + renderToString(page);
}

/** A part of a page as HTML. */
export function renderPart(part: VNode): string {
  return renderToString(part);
}
