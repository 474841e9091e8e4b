/** What a text is: HTML, SVG, other XML, or plain; nothing for what is no text. */
export function textKind(head: Buffer): string | undefined {
  const text = textOf(head);
  if (text === undefined) return undefined;
  const root = rootOf(text);
  if (root === undefined) return "text/plain";
  if (/^(?:[\w-]+:)?svg$/.test(root)) return "image/svg+xml";
  if (htmlNames.has(root) || root.startsWith("!")) return "text/html";
  return /^\s*<\?xml\b/i.test(text) ? "text/xml" : "text/plain";
}

/** Bytes that no text has, in any encoding a text is sent in but UTF-16. */
// oxlint-disable-next-line no-control-regex
const binary = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

function textOf(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le").decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be").decode(head);
  const text = new TextDecoder().decode(head);
  return binary.test(text) ? undefined : text;
}

/** Elements by which a browser that guesses takes a text for a page. */
const htmlNames = new Set(
  (
    "html head body title base link meta style script noscript template iframe frameset object embed form input button " +
    "div span p a b i u br hr img h1 h2 h3 h4 h5 h6 table ul ol li pre font center video audio math details marquee"
  ).split(" "),
);

/** The name of the first element, in lower case, past what may stand before it; `!` for what begins and does not end. */
function rootOf(text: string): string | undefined {
  let rest = text.replace(/^\uFEFF/, "").trimStart();
  for (;;) {
    const end = rest.startsWith("<!--") ? "-->" : rest.startsWith("<?") ? "?>" : "";
    if (end === "") break;
    const at = rest.indexOf(end);
    if (at < 0) return rest.startsWith("<!--") ? "!" : undefined;
    rest = rest.slice(at + end.length).trimStart();
  }
  const type = /^<!doctype\s+([\w:-]+)/i.exec(rest)?.[1];
  return (type ?? /^<([A-Za-z][\w:-]*)/.exec(rest)?.[1])?.toLowerCase();
}
