/** A place in somebody's source, known from the moment it was noted; its text is made when it is asked for. */
export interface Place {
  readonly stack?: string;
}

/** The place from which `callee` was called. */
export function placeHere(callee: (...args: never[]) => unknown): Place {
  const place: { stack?: string } = {};
  Error.captureStackTrace(place, callee);
  return place;
}

/** `schema.ts:12`; `undefined` where nothing is known. */
export function placeText({ stack = "" }: Place): string | undefined {
  return shortPlace(/^ +at .*?([^\s(]+):(\d+):\d+\)?$/m.exec(stack));
}

/** The first line of `file` that an error's stack names, as `schema.ts:12`. */
export function placeIn(file: string, error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const line = stack.split("\n").find((it) => it.includes(`${file}:`));
  return line === undefined ? undefined : shortPlace(/([^\s(]+):(\d+):\d+\)?$/.exec(line));
}

function shortPlace(match: RegExpExecArray | null): string | undefined {
  const [, path = "", line = ""] = match ?? [];
  return match ? `${path.split(/[\\/]/).at(-1)}:${line}` : undefined;
}
