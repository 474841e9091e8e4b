/** Elements whose content is no part of the text. */
const silent = [
  ["head", "style", "script", "iframe", "applet", "object", "svg", "picture", "dialog"],
  ["template", "button", "form", "textarea", "select", "option"],
].flat();

/** Elements that do not end a word. */
const inline = new Set(
  [
    ["a", "abbr", "acronym", "b", "bdo", "big", "button", "cite", "code", "em", "embed", "i", "img", "input"],
    ["label", "mark", "q", "small", "span", "strike", "strong", "sub", "sup", "time", "u", "wbr"],
  ].flat(),
);

/**
 * The beginning of a text that may be HTML: without tags and what is not read, entities as what they stand for, white space as
 * one space. `max`: characters; `ellipsis`: `...` where more follows.
 */
export function excerptOf(html: string, max: number, ellipsis: boolean): string {
  const plain = without(openings, closing, html)
    .replace(/<\/?([a-z][\w-]*)(?=[\s/>])[^<>]*>/gi, (_, tag: string) => (inline.has(tag.toLowerCase()) ? "" : " "))
    .replace(/<[!?][^<>]*>/g, "")
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, entity)
    .replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(plain);
  if (characters.length <= max) return plain;
  const cut = characters.slice(0, max).join("").trimEnd();
  return ellipsis ? `${cut}...` : cut;
}

const openings = new RegExp(`<(?:(!--)|(${silent.join("|")})\\b[^<>]*>)`, "gi");

/** Where what begins with this opening ends, and that is cut out, too. */
function closing([, comment, tag = ""]: RegExpExecArray): RegExp {
  return comment ? /-->/g : new RegExp(`</${tag}\\b[^<>]*>`, "gi");
}

/** Cuts out what opens until it closes; one pass, however much is opened and never closed. */
function without(opening: RegExp, closing: (found: RegExpExecArray) => RegExp, html: string): string {
  const start = new RegExp(opening);
  let kept = "";
  let at = 0;
  for (let found = start.exec(html); found; found = start.exec(html)) {
    kept += html.slice(at, found.index);
    const end = closing(found);
    end.lastIndex = start.lastIndex;
    if (!end.exec(html)) return kept;
    at = start.lastIndex = end.lastIndex;
  }
  return kept + html.slice(at);
}

const entities: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", ensp: " ", emsp: " ", thinsp: " ", shy: "" },
  ...{ hellip: "…", mdash: "—", ndash: "–", lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", bdquo: "„", sbquo: "‚" },
  ...{ laquo: "«", raquo: "»", bull: "•", middot: "·", copy: "©", reg: "®", trade: "™", deg: "°", euro: "€" },
  ...{ pound: "£", cent: "¢", yen: "¥", sect: "§", times: "×", frac12: "½", auml: "ä", ouml: "ö", uuml: "ü" },
  ...{ Auml: "Ä", Ouml: "Ö", Uuml: "Ü", szlig: "ß", eacute: "é", egrave: "è", agrave: "à", ccedil: "ç", ntilde: "ñ" },
};

/** An entity that is not known stays as it was written. */
function entity(written: string, decimal?: string, hex?: string, name = ""): string {
  if (decimal === undefined && hex === undefined)
    return Object.hasOwn(entities, name) ? (entities[name] ?? "") : written;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
}
