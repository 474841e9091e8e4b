import { type CommandEntry, commands, type Setting, settings } from "../config.ts";

/** What `formstead --help` prints; with a command, what there is to know about that one. */
export function help(name?: string): string {
  const command = commands.find((it) => it.name === name);
  return command ? aboutOne(command) : aboutAll();
}

function aboutAll(): string {
  const rows = commands.map((it) => [used(it), it.says] as const);
  return `A backend in one file, for sites made of forms.

Usage: formstead COMMAND [FLAGS]

${listed(rows)}

\`formstead help COMMAND\` shows the flags of a command.`;
}

function aboutOne(command: CommandEntry): string {
  const taken = settings.filter(({ flag }) => flag !== undefined && command.flags.includes(flag));
  const alone = settings.filter(({ flag }) => flag === undefined && command.name === "serve");
  const usage = [
    `Usage: formstead ${used(command)}${taken.length > 0 ? " [FLAGS]" : ""}`,
    "",
    ...wrapped(command.says, 100),
  ];
  if (taken.length > 0)
    usage.push("", "Flags, each with its variable in the environment or in .env:", "", listed(taken.map(row)));
  if (alone.length > 0) usage.push("", "Variables without a flag:", "", listed(alone.map(row)));
  return usage.join("\n");
}

function used({ name, usage }: CommandEntry): string {
  return usage === "" ? name : `${name} ${usage}`;
}

function row({ flag, variable, value, standard, says }: Setting): readonly [string, string] {
  if (flag === undefined) return [variable, says];
  return [`--${flag}${value ? ` ${value}` : ""}`, `${says} (${standard}; ${variable})`];
}

/** Two columns, the second wrapped so that a line has at most 100 characters. */
function listed(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(24, Math.max(...rows.map(([left]) => left.length))) + 4;
  return rows
    .map(([left, right]) => {
      const lines = wrapped(right, 100 - width).map((line) => " ".repeat(width) + line);
      const head = `  ${left}`;
      if (head.length + 2 > width) return [head, ...lines].join("\n");
      return [head.padEnd(width) + (lines[0] ?? "").trimStart(), ...lines.slice(1)].join("\n");
    })
    .join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
