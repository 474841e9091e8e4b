import { Lru } from "../lib/lru.ts";
import type { Charset } from "./charset.ts";
import { parsePattern, type Pattern, type Place } from "./pattern.ts";

/** One step of a compiled pattern; step 0 is the end. A split goes on at `next` and at `other`. */
interface Step {
  next: number;
  readonly other?: number;
  readonly set?: Charset;
  readonly place?: Place;
}

interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  /** Whether it can only match at the beginning. */
  readonly anchored: boolean;
}

const mostSteps = 4000;
const programs = new Lru<string, { readonly program: Program | undefined }>(500);

/** Whether the text is a pattern that `matches` can use. */
export function isPattern(text: string): boolean {
  return programOf(text) !== undefined;
}

/**
 * Whether the pattern matches somewhere in the text. Takes time in proportion to text × pattern, whatever they are: all ways
 * through the pattern are walked at once, and none is walked twice. What is no pattern matches nothing.
 */
export function matches(pattern: string, text: string): boolean {
  const program = programOf(pattern);
  return program !== undefined && run(program, text);
}

/**
 * The pattern for an input's `pattern` attribute, which must match the whole value; `undefined` where a browser would
 * refuse it, or would read it in another way than the server.
 */
export function browserPattern(pattern: string): string | undefined {
  if (!pattern || /\[:|&&|--|\\[sSAzuU]|\(\?[a-zA-Z-]*\)/.test(pattern)) return undefined;
  const whole = `[\\s\\S]*(?:${pattern})[\\s\\S]*`;
  try {
    new RegExp(`^(?:${whole})$`, "v");
    return isPattern(pattern) ? whole : undefined;
  } catch {
    return undefined;
  }
}

function programOf(text: string): Program | undefined {
  let known = programs.get(text);
  if (!known) {
    const pattern = parsePattern(text);
    known = { program: pattern && compile(pattern) };
    programs.set(text, known);
  }
  return known.program;
}

function compile(pattern: Pattern): Program | undefined {
  const steps: Step[] = [{ next: 0 }];
  let work = 0;

  function add(step: Step): number {
    return steps.push(step) - 1;
  }

  /** Answers where to go on for this pattern, once what follows it is at `next`; counts so that no repetition of repetitions explodes. */
  function build(it: Pattern, next: number): number {
    if (++work > mostSteps) return 0;
    switch (it.kind) {
      case "set":
        return add({ set: it.set, next });
      case "at":
        return add({ place: it.place, next });
      case "sequence":
        return it.items.reduceRight((after, item) => build(item, after), next);
      case "choice":
        return it.items.map((item) => build(item, next)).reduceRight((other, start) => add({ next: start, other }));
      case "repeat":
        return repeat(it.item, it.min, it.max, next);
    }
  }

  function repeat(item: Pattern, min: number, max: number, next: number): number {
    let start = next;
    if (max === Infinity) {
      const loop: Step = { next, other: next };
      start = add(loop);
      loop.next = build(item, start);
    } else {
      for (let n = min; n < max && work <= mostSteps; n++) start = add({ next: build(item, start), other: next });
    }
    for (let n = 0; n < min && work <= mostSteps; n++) start = build(item, start);
    return start;
  }

  const start = build(pattern, 0);
  return work > mostSteps ? undefined : { steps, start, anchored: steps[start]?.place === "start" };
}

function run({ steps, start, anchored }: Program, text: string): boolean {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const seen = new Int32Array(steps.length).fill(-1);
  const todo: number[] = [];
  let here: number[] = [];

  /** Collects the sets that can be reached from a step without taking a character; true when the end can. */
  function follow(from: number, at: number, into: number[]): boolean {
    todo.push(from);
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (next === 0) return true;
      if (seen[next] === at) continue;
      seen[next] = at;
      const step = steps[next];
      if (!step) continue;
      if (step.set) into.push(next);
      else if (!step.place || holds(step.place, codes, at)) {
        if (step.other !== undefined) todo.push(step.other);
        todo.push(step.next);
      }
    }
    return false;
  }

  if (follow(start, 0, here)) return true;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    const ahead: number[] = [];
    for (const n of here) {
      const step = steps[n];
      if (step?.set?.has(code) && follow(step.next, at + 1, ahead)) return true;
    }
    if (anchored ? ahead.length === 0 : follow(start, at + 1, ahead)) return !anchored;
    here = ahead;
  }
  return false;
}

function holds(place: Place, codes: readonly number[], at: number): boolean {
  switch (place) {
    case "start":
      return at === 0;
    case "end":
      return at === codes.length;
    case "line start":
      return at === 0 || codes[at - 1] === 10;
    case "line end":
      return at === codes.length || codes[at] === 10;
    case "boundary":
      return isWord(codes[at - 1]) !== isWord(codes[at]);
    case "inside":
      return isWord(codes[at - 1]) === isWord(codes[at]);
  }
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && code < 128 && /\w/.test(String.fromCharCode(code));
}
