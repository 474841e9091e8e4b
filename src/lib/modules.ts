import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { randomText } from "./ids.ts";
import { placeIn } from "./places.ts";

/** What somebody's own module exports, or why it could not be loaded: a short text without an end, and where. */
export type Loaded =
  | { readonly ok: true; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly place: string; readonly reason: string };

/** Loads a TypeScript or JavaScript file as it is on disk now, also in the binary. `file` is a whole path. */
export async function loadModule(file: string): Promise<Loaded> {
  try {
    // Bun keeps a module by its address, so a changed file needs another one.
    const exports: Readonly<Record<string, unknown>> = await import(`${file}?${randomText(8)}`);
    return { ok: true, exports };
  } catch (thrown) {
    const first: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
    const said = first instanceof Error || isMessage(first) ? first.message : String(first);
    const [message = ""] = said.split(" imported from ");
    const line = lineNaming(file, message);
    const place = placeOf(first) ?? (line === undefined ? placeIn(file, first) : `${basename(file)}:${line}`);
    return { ok: false, place: place ?? basename(file), reason: message.replace(/\.$/, "") };
  }
}

/** Lets people's files import `name`, which no folder of theirs has. */
export function offerModule(name: string, exports: Readonly<Record<string, unknown>>): void {
  Bun.plugin({
    name,
    setup: (build) => void build.module(name, () => ({ exports: { ...exports }, loader: "object" })),
  });
}

function isMessage(it: unknown): it is { readonly message: string } {
  return typeof it === "object" && it !== null && "message" in it && typeof it.message === "string";
}

/** Bun's own errors about a file say where: in this one, or in one that it imports. */
function placeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("position" in error)) return undefined;
  const { position } = error;
  if (typeof position !== "object" || position === null || !("line" in position)) return undefined;
  if (typeof position.line !== "number" || position.line < 1 || !("file" in position)) return undefined;
  return typeof position.file === "string" ? `${basename(position.file)}:${position.line}` : undefined;
}

/** Errors about an import say only what could not be found: the first line that speaks of it. */
function lineNaming(file: string, message: string): number | undefined {
  const [, name] = /^(?:Export named|Cannot find (?:package|module)) ['"]([^'"]+)['"]/.exec(message) ?? [];
  if (name === undefined) return undefined;
  const at = readFileSync(file, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(name));
  return at < 0 ? undefined : at + 1;
}
