import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { closest } from "./config/closest.ts";
import { type Command, type CommandEntry, commands } from "./config/commands.ts";
import { type Config, type Setting, settings, standard } from "./config/flags.ts";

export { closest } from "./config/closest.ts";
export { type Command, type CommandEntry, commands } from "./config/commands.ts";
export { type Config, type Setting, settings, standard } from "./config/flags.ts";

/** A command line that makes sense, or the sentence that says why it does not. */
export type Start =
  | { readonly ok: true; readonly command: Command; readonly args: readonly string[]; readonly config: Config }
  | { readonly ok: false; readonly sentence: string };

type Environment = Readonly<Record<string, string | undefined>>;
type Given = ReadonlyMap<string, string>;

/** What this process was asked to do. */
export function fromProcess(): Start {
  return readConfig(process.argv.slice(2), process.env);
}

/** The environment for a process in which this very program is Bun: the binary has all of it inside. */
export function asBun(): Environment {
  return { ...process.env, BUN_BE_BUN: "1" };
}

/** Reads a command line, without the program's name, and an environment. No sentence contains the secret. */
export function readConfig(argv: readonly string[], env: Environment): Start {
  const words: string[] = [];
  const given = new Map<string, string>();
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") words.push(...rest.splice(0));
    else if (word === "--version" || word === "-v") return start("version", []);
    else if (word === "--help" || word === "-h") return start("help", words.filter(isCommand).slice(0, 1));
    else if (!word.startsWith("-") || word === "-") words.push(word);
    else {
      const trouble = readFlag(word, rest, given);
      if (trouble) return trouble;
    }
  }
  const [name, ...args] = words;
  if (name === undefined) return given.size > 0 ? no("Say which command these flags are for.") : start("help", []);
  const command = commands.find((it) => it.name === name);
  if (!command)
    return unknown(
      `There is no command ${quoted(name)}.`,
      closest(name, commandNames()),
      "`formstead help` lists them.",
    );
  return wrongFlag(command, given) ?? wrongArguments(command, args) ?? configure(command.name, args, given, env);
}

/** Notes one flag in `given`, taking its value from `rest` where it stands apart. */
function readFlag(word: string, rest: string[], given: Map<string, string>): Start | undefined {
  const [written = "", ...inline] = word.split("=");
  const setting = settings.find(({ flag }) => flag !== undefined && `--${flag}` === written);
  if (!setting?.flag) {
    return unknown(
      `There is no flag ${quoted(written)}.`,
      closest(written, flagNames()),
      "`formstead help COMMAND` lists them.",
    );
  }
  let value = inline.length > 0 ? inline.join("=") : "true";
  if (inline.length === 0 && setting.value !== undefined) {
    const next = rest.shift();
    if (next === undefined || next.startsWith("--")) {
      return no(`${written} needs a value: ${written} ${setting.value}.`);
    }
    value = next;
  }
  const before = given.get(setting.flag);
  if (before !== undefined && setting.flag !== "origins") return no(`${written} is given twice; give it once.`);
  given.set(setting.flag, before === undefined ? value : `${before},${value}`);
  return undefined;
}

function wrongFlag({ name, flags }: CommandEntry, given: Given): Start | undefined {
  const flag = [...given.keys()].find((it) => !flags.includes(it));
  if (flag === undefined) return undefined;
  return no(`\`formstead ${name}\` takes no --${flag}. \`formstead help ${name}\` lists what it takes.`);
}

function wrongArguments({ name, usage }: CommandEntry, args: readonly string[]): Start | undefined {
  const places = usage.split(" ").filter((place) => place !== "");
  const least = places.filter((place) => !place.startsWith("[")).length;
  if (args.length < least || args.length > places.length) {
    const toggle = ["true", "false"].includes(args[0] ?? "") ? " A switch is written in one word: --dev=false." : "";
    return no(`After \`formstead ${name}\` comes ${usage || "nothing but flags"}.${toggle}`);
  }
  for (const [at, place] of places.entries()) {
    const choices = place === "[COMMAND]" ? commandNames() : place.split("|");
    const arg = args[at];
    if (arg === undefined || choices.includes(arg) || !/^[a-z]|^\[COMMAND/.test(place)) continue;
    return no(`After \`formstead ${name}\` comes ${choices.join(", ")}, not ${quoted(arg)}.`, closest(arg, choices));
  }
  return undefined;
}

function configure(command: Command, args: readonly string[], given: Given, env: Environment): Start {
  const misspelled = Object.keys(env).find((it) => it.startsWith("FORMSTEAD_") && nearVariable(it));
  if (misspelled !== undefined) return no(`There is no setting ${misspelled}.`, nearVariable(misspelled));
  let config = standard;
  const variables = settings.map((setting) => [setting, setting.variable, env[setting.variable] || undefined] as const);
  const flags = settings.map((setting) => [setting, `--${setting.flag}`, given.get(setting.flag ?? "")] as const);
  for (const [setting, written, text] of [...variables.reverse(), ...flags]) {
    if (text === undefined) continue;
    const reading = setting.read(text);
    if (!reading.part) return no(`${written} needs ${reading.needs}${shown(setting, text)}.`, reading.meant);
    config = { ...config, ...reading.part };
  }
  if (isInside(config.dir, config.publicDir)) {
    return no(
      `The data folder ${quoted(config.dir)} lies in the public folder ${quoted(config.publicDir)}, where everyone could read it. Choose another --dir or --publicDir.`,
    );
  }
  if (isInside(config.hooksDir, config.publicDir)) {
    return no(
      `The hooks folder ${quoted(config.hooksDir)} lies in the public folder ${quoted(config.publicDir)}, where everyone could read it. Choose another --hooksDir or --publicDir.`,
    );
  }
  return start(command, args, config);
}

function shown({ variable }: Setting, text: string): string {
  return variable === "FORMSTEAD_SECRET" ? "" : `, not ${quoted(text)}`;
}

/** The setting that an unknown variable looks like. Others pass: Kubernetes sets `FORMSTEAD_SERVICE_HOST` by itself. */
function nearVariable(name: string): string | undefined {
  const known = settings.map(({ variable }) => variable);
  return known.includes(name) ? undefined : closest(name, known);
}

function isInside(inner: string, outer: string): boolean {
  const way = relative(realPath(outer), realPath(inner));
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Where a path leads, with links followed as far as there is something yet. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(realPath(above), basename(whole));
  }
}

function isCommand(word: string): boolean {
  return commandNames().includes(word);
}

function commandNames(): string[] {
  return commands.map(({ name }) => name);
}

function flagNames(): string[] {
  return ["--help", "--version", ...settings.flatMap(({ flag }) => (flag ? `--${flag}` : []))];
}

function start(command: Command, args: readonly string[], config: Config = standard): Start {
  return { ok: true, command, args, config };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

function unknown(sentence: string, meant: string | undefined, otherwise: string): Start {
  return meant === undefined ? no(`${sentence} ${otherwise}`) : no(sentence, meant);
}

function no(sentence: string, meant?: string): Start {
  return { ok: false, sentence: meant === undefined ? sentence : `${sentence} Did you mean ${meant}?` };
}
