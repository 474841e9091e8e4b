/** A piece of source text: a word, or things between brackets that stand on one line where they fit. */
export type Code = string | Group;

interface Group {
  readonly open: string;
  readonly items: readonly Code[];
  readonly close: string;
  /** One item on each line, however short they are. */
  readonly lines: boolean;
}

/** Columns that a line has. */
const width = 120;

export function group(open: string, items: readonly Code[], close: string, lines = false): Code {
  return { open, items, close, lines };
}

/** `{ name: value }` */
export function object(entries: readonly (readonly [name: string, value: Code])[], lines = false): Code {
  const items = entries.map(([name, value]) =>
    labelled(`${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: `, value),
  );
  return entries.length === 0 ? "{}" : group("{ ", items, " }", lines);
}

/** `name(a, b)`; a single object is held by the same brackets. */
export function call(name: string, args: readonly Code[]): Code {
  const [only] = args;
  if (args.length === 1 && typeof only === "object")
    return { ...only, open: `${name}(${only.open}`, close: `${only.close})` };
  return group(`${name}(`, args, ")");
}

/** A value that JSON can hold. */
export function literal(value: unknown): Code {
  if (Array.isArray(value)) return group("[", value.map(literal), "]");
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  return object(Object.entries(value).map(([name, it]) => [name, literal(it)]));
}

/** Lays it out; `indent` columns stand before every line but the first, `used` ones before the first. */
export function layOut(code: Code, indent = 0, used = indent): string {
  if (typeof code === "string") return code;
  const flat = code.lines ? undefined : oneLine(code);
  if (flat !== undefined && used + flat.length < width) return flat;
  const inner = " ".repeat(indent + 2);
  const lines = code.items.map((item) => `${inner}${layOut(item, indent + 2)},\n`);
  return `${code.open.trimEnd()}\n${lines.join("")}${" ".repeat(indent)}${code.close.trimStart()}`;
}

function oneLine(code: Code): string | undefined {
  if (typeof code === "string") return code;
  if (code.lines) return undefined;
  const items: string[] = [];
  for (const item of code.items) {
    const text = oneLine(item);
    if (text === undefined) return undefined;
    items.push(text);
  }
  return `${code.open}${items.join(", ")}${code.close}`;
}

function labelled(label: string, value: Code): Code {
  return typeof value === "string" ? label + value : { ...value, open: label + value.open };
}
