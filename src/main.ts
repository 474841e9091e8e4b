import { openTerminal } from "./cli/terminal.ts";
import { trouble } from "./cli/trouble.ts";
import { fromProcess, type Start } from "./config.ts";
import { sentence } from "./phrases/index.ts";

const terminal = openTerminal();

/** Commands are loaded when they are asked for: `--help` needs no database. */
async function run(start: Start & { ok: true }): Promise<number> {
  const { command, args, config } = start;
  switch (command) {
    case "serve":
      return (await import("./cli/serve.ts")).serve(config, terminal);
    case "superuser":
      return (await import("./cli/superuser.ts")).superuser(config, args, terminal);
    case "settings":
      return (await import("./cli/reset.ts")).resetSettings(config, args, terminal);
    case "starter":
      return (await import("./cli/starter.ts")).starter(config, args, terminal);
    case "import-pocketbase":
      return (await import("./cli/import-pocketbase.ts")).importPocketbase(config, args, terminal);
    case "schema":
      return (await import("./cli/schema.ts")).schema(config, args, terminal);
    case "types":
      return (await import("./cli/types.ts")).types(config, args, terminal);
    case "add":
      return (await import("./cli/add.ts")).add(config, args, terminal);
    case "backup":
      return (await import("./cli/backup.ts")).backup(config, args, terminal);
    case "restore":
      return (await import("./cli/restore.ts")).restore(config, args, terminal);
    case "help":
      terminal.say((await import("./cli/help.ts")).help(args[0]));
      return 0;
    case "version":
      terminal.say((await import("./embedded.ts")).version);
      return 0;
  }
}

async function main(): Promise<number> {
  const start = fromProcess();
  if (!start.ok) {
    terminal.complain(start.sentence);
    return 2;
  }
  try {
    return await run(start);
  } catch (error) {
    terminal.complain(trouble(error, start.config) ?? `${sentence("en", "cli_failed")}\n${Bun.inspect(error)}`);
    return 1;
  }
}

process.exit(await main());
