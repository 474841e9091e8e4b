import { settings } from "./flags.ts";

export type Command =
  | "serve"
  | "superuser"
  | "settings"
  | "starter"
  | "import-pocketbase"
  | "schema"
  | "types"
  | "add"
  | "backup"
  | "restore"
  | "help"
  | "version";

export interface CommandEntry {
  readonly name: Command;
  /** Its arguments: `a|b` is a choice, `[X]` may be left out. */
  readonly usage: string;
  readonly says: string;
  /** The flags it takes. */
  readonly flags: readonly string[];
}

export const commands: readonly CommandEntry[] = [
  {
    name: "serve",
    usage: "",
    says: "Serve your site, its forms, the API and the dashboard.",
    flags: settings.flatMap(({ flag }) => (flag === undefined || flag === "dry-run" ? [] : flag)),
  },
  {
    name: "superuser",
    usage: "upsert|create|update|delete EMAIL [PASSWORD]",
    says: "Make, change or remove a superuser. A password that is left out is asked for, or read from standard input.",
    flags: ["dir"],
  },
  {
    name: "settings",
    usage: "reset superuserIPs|trustedProxy|rateLimits",
    says: "Take back a setting that shuts out superusers. A server that runs obeys after its next start.",
    flags: ["dir"],
  },
  {
    name: "starter",
    usage: "[NAME]",
    says: "Fill an empty project: collections, forms, sample records, pages for the public folder, and hooks.",
    flags: ["dir", "publicDir", "hooksDir"],
  },
  {
    name: "import-pocketbase",
    usage: "PB_DATA",
    says: "Take over what PocketBase keeps in its folder pb_data: collections, rules, records, people with their passwords, files and settings. That folder is only read. No server may run on either meanwhile.",
    flags: ["dir", "dry-run"],
  },
  {
    name: "schema",
    usage: "plan|print",
    says: "plan: say what the schema file would change, and change nothing. print: write a schema file from what stands.",
    flags: ["dir", "schema"],
  },
  {
    name: "types",
    usage: "[schema]",
    says: "Print TypeScript types: of your collections, for the SDK, fetch and hooks; or of the words of a schema.",
    flags: ["dir", "schema"],
  },
  {
    name: "add",
    usage: "PACKAGE",
    says: "Install a package from npm for your hooks, in the hooks folder. Nothing but this program is needed for it.",
    flags: ["hooksDir"],
  },
  {
    name: "backup",
    usage: "[FILE]",
    says: "Put data, files and secret into one file, also beside a server; without FILE into backups in the data.",
    flags: ["dir"],
  },
  {
    name: "restore",
    usage: "FILE",
    says: "Put a backup in the place of the data, which is kept. No server may run on it.",
    flags: ["dir"],
  },
  { name: "help", usage: "[COMMAND]", says: "Show what a command does and the flags it takes.", flags: [] },
  { name: "version", usage: "", says: "Show which Formstead this is.", flags: [] },
];
