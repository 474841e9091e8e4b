/**
 * SQL as fragments: text with holes, and the values for the holes. A value never becomes text; a name becomes text
 * only through `name()`, which quotes it. An engine renders the holes in its own way (`?`, `$1`).
 */

export type Value = string | number | bigint | boolean | null | Uint8Array;

/** About how many bytes the values of a row have. */
export function sizeOf(row: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const key in row) {
    const value = row[key];
    size += typeof value === "string" ? value.length : value instanceof Uint8Array ? value.byteLength : 8;
  }
  return size;
}

/** The text around the holes. One shape has one rendered text, made once. */
export class Shape {
  #text: string | undefined;

  constructor(readonly parts: readonly string[]) {}

  /** The text as the engine reads it; `hole(n)` draws the n-th placeholder, counted from 0. One store has one dialect. */
  text(hole: (n: number) => string): string {
    return (this.#text ??= this.parts.reduce((text, part, n) => text + hole(n - 1) + part));
  }
}

export class Sql {
  constructor(
    readonly shape: Shape,
    readonly values: readonly Value[],
  ) {}

  /** The same text with other values, for statements that are written once and run often. */
  with(values: readonly Value[]): Sql {
    return new Sql(this.shape, values);
  }
}

const shapes = new WeakMap<TemplateStringsArray, Shape>();

/** sql`SELECT * FROM ${name("posts")} WHERE id = ${id}`; fragments nest. */
export function sql(strings: TemplateStringsArray, ...holes: readonly (Value | Sql)[]): Sql {
  if (!holes.some((hole) => hole instanceof Sql)) {
    let shape = shapes.get(strings);
    if (!shape) shapes.set(strings, (shape = new Shape(strings)));
    return new Sql(shape, holes as readonly Value[]);
  }
  const parts: string[] = [strings[0] ?? ""];
  const values: Value[] = [];
  const append = (text: string) => parts.push((parts.pop() ?? "") + text);
  holes.forEach((hole, n) => {
    if (hole instanceof Sql) {
      hole.shape.parts.forEach((part, i) => (i === 0 ? append(part) : parts.push(part)));
      values.push(...hole.values);
    } else {
      parts.push("");
      values.push(hole);
    }
    append(strings[n + 1] ?? "");
  });
  return new Sql(new Shape(parts), values);
}

/** SQL that we wrote ourselves, as a fragment. Never for anything that came from outside. */
export function raw(text: string): Sql {
  return new Sql(new Shape([text]), []);
}

/** A quoted identifier: table, column or index. */
export function name(identifier: string): Sql {
  return raw(`"${identifier.replaceAll('"', '""')}"`);
}

export function join(fragments: readonly Sql[], separator: string): Sql {
  const [first, ...rest] = fragments;
  if (!first) return raw("");
  return rest.reduce((left, right) => sql`${left}${raw(separator)}${right}`, first);
}

const glued = new WeakMap<Shape, WeakMap<Shape, Shape>>();

/** Two fragments as one. The same two shapes make the same third, so that its text is written, and prepared, once. */
export function glue(left: Sql, right: Sql): Sql {
  let ends = glued.get(left.shape);
  if (!ends) glued.set(left.shape, (ends = new WeakMap()));
  let shape = ends.get(right.shape);
  if (!shape) {
    const parts = [...left.shape.parts];
    const [first = "", ...rest] = right.shape.parts;
    parts.push((parts.pop() ?? "") + first, ...rest);
    ends.set(right.shape, (shape = new Shape(parts)));
  }
  return new Sql(shape, [...left.values, ...right.values]);
}

/** Fragments one after another, glued. */
export function chain(fragments: readonly Sql[]): Sql {
  return fragments.reduce(glue);
}
