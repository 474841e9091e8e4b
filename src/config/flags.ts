import { closest } from "./closest.ts";

/** What the server is told from outside, read once. */
export interface Config {
  readonly hostname: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
  /** The folder of the data. */
  readonly dir: string;
  /** The user's own site. */
  readonly publicDir: string;
  /** The folder of the user's own code. */
  readonly hooksDir: string;
  /** The file that describes collections. */
  readonly schemaFile: string;
  /** Schema changes may lose data. */
  readonly acceptLoss: boolean;
  /** Only say what would be done. */
  readonly dryRun: boolean;
  readonly indexFallback: boolean;
  /** Origins that may call with credentials, by name; `["*"]` is everyone, without. */
  readonly origins: readonly string[];
  readonly dev: boolean;
  /** Seconds a reading query may take. */
  readonly queryTimeout: number;
  /** Webhooks may lead to this machine and its own network. */
  readonly allowPrivateAddresses: boolean;
  /** The application secret; otherwise it is made at first start, in `dir/secret`. */
  readonly secret: string | undefined;
}

/** What a text says about the config, or what it should have been. */
type Reading =
  | { readonly part: Partial<Config> }
  | { readonly needs: string; readonly meant?: string | undefined; readonly part?: undefined };

/** One thing that can be set: by a flag, by a variable of the environment, or by both. */
export interface Setting {
  /** The flag without its dashes; a secret has none, since everybody on the machine sees a command line. */
  readonly flag?: string;
  readonly variable: string;
  /** What stands for the value in the help; nothing where the flag alone says `true`. */
  readonly value?: string;
  /** What holds when nothing is set, as it would be written; empty when there is nothing. */
  readonly standard: string;
  readonly says: string;
  read(text: string): Reading;
}

export const standard: Config = {
  hostname: "127.0.0.1",
  port: 8090,
  dir: "./data",
  publicDir: "./public",
  hooksDir: "./hooks",
  schemaFile: "./schema.ts",
  acceptLoss: false,
  dryRun: false,
  indexFallback: true,
  origins: ["*"],
  dev: false,
  queryTimeout: 30,
  allowPrivateAddresses: false,
  secret: undefined,
};

/** Every setting there is. Where two rows set the same thing, the upper one wins; a flag wins over a variable. */
export const settings: readonly Setting[] = [
  {
    flag: "http",
    variable: "FORMSTEAD_HTTP",
    value: "HOST:PORT",
    standard: "127.0.0.1:8090",
    says: "Where to listen. Port 0 takes any free one; :8090 listens on every address of the machine.",
    read: readAddress,
  },
  {
    variable: "PORT",
    standard: "",
    says: "Listen on 0.0.0.0 at this port, as hosting platforms ask, unless --http or FORMSTEAD_HTTP says otherwise.",
    read: (text) => {
      const port = readPort(text);
      return port ? { part: { hostname: "0.0.0.0", port } } : { needs: "a port between 1 and 65535" };
    },
  },
  {
    flag: "dir",
    variable: "FORMSTEAD_DIR",
    value: "FOLDER",
    standard: "./data",
    says: "The folder of the data: database, files, secret. It is made when missing.",
    read: (dir) => readFolder(dir, { dir }),
  },
  {
    flag: "publicDir",
    variable: "FORMSTEAD_PUBLIC_DIR",
    value: "FOLDER",
    standard: "./public",
    says: "The folder of your own site. Everyone can read what is in it, except names that begin with a dot.",
    read: (publicDir) => readFolder(publicDir, { publicDir }),
  },
  {
    flag: "hooksDir",
    variable: "FORMSTEAD_HOOKS_DIR",
    value: "FOLDER",
    standard: "./hooks",
    says: "The folder of your own code: each TypeScript file in it is run when the server starts. It need not exist.",
    read: (hooksDir) => readFolder(hooksDir, { hooksDir }),
  },
  {
    flag: "schema",
    variable: "FORMSTEAD_SCHEMA",
    value: "FILE",
    standard: "./schema.ts",
    says: "The file that describes your collections, if you keep them in git. They are made and changed as it says at each start.",
    read: (schemaFile) => readPath(schemaFile, "the path of a file", { schemaFile }),
  },
  {
    flag: "accept-loss",
    variable: "FORMSTEAD_ACCEPT_LOSS",
    standard: "false",
    says: "Let a changed schema file delete what it no longer names, with everything in it. Without this such a start is refused.",
    read: (text) => readSwitch(text, (acceptLoss) => ({ acceptLoss })),
  },
  {
    flag: "dry-run",
    variable: "FORMSTEAD_DRY_RUN",
    standard: "false",
    says: "Say what an import would do and what it cannot carry, and change nothing.",
    read: (text) => readSwitch(text, (dryRun) => ({ dryRun })),
  },
  {
    flag: "indexFallback",
    variable: "FORMSTEAD_INDEX_FALLBACK",
    standard: "true",
    says: "Answer unknown pages with your own index.html, as sites that route in the browser need.",
    read: (text) => readSwitch(text, (indexFallback) => ({ indexFallback })),
  },
  {
    flag: "origins",
    variable: "FORMSTEAD_ORIGINS",
    value: "LIST",
    standard: "*",
    says: "Sites whose scripts may call, with commas between. Those named here may use the visitor's session too; * lets everyone call, without it.",
    read: readOrigins,
  },
  {
    flag: "queryTimeout",
    variable: "FORMSTEAD_QUERY_TIMEOUT",
    value: "SECONDS",
    standard: "30",
    says: "How long one reading query may take before it is stopped.",
    read: (text) => {
      const queryTimeout = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
      if (queryTimeout > 0 && queryTimeout <= 3600) return { part: { queryTimeout } };
      return { needs: "a number of seconds, more than 0 and at most 3600" };
    },
  },
  {
    flag: "allowPrivateAddresses",
    variable: "FORMSTEAD_ALLOW_PRIVATE_ADDRESSES",
    standard: "false",
    says: "Let webhooks lead to this machine and to private networks. Without this they reach public addresses only.",
    read: (text) => readSwitch(text, (allowPrivateAddresses) => ({ allowPrivateAddresses })),
  },
  {
    flag: "dev",
    variable: "FORMSTEAD_DEV",
    standard: "false",
    says: "For developing on your own machine: any localhost origin counts as one that --origins names, and changed hooks and schema files count at once.",
    read: (text) => readSwitch(text, (dev) => ({ dev })),
  },
  {
    variable: "FORMSTEAD_SECRET",
    standard: "",
    says: "The application secret that signs sessions, at least 32 characters. Without it one is made at first start and kept in the data folder. Changing it signs everyone out.",
    read: (secret) => {
      if (secret.length >= 32) return { part: { secret } };
      return { needs: "at least 32 characters, for instance what `openssl rand -hex 32` prints" };
    },
  },
];

function readAddress(text: string): Reading {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/[\]]*):(\d+)$/i.exec(text);
  const port = readPort(match?.[2] ?? "");
  if (match && port !== undefined) {
    return { part: { hostname: match[1]?.replaceAll(/[[\]]/g, "") || "0.0.0.0", port } };
  }
  const [, host = "127.0.0.1", number = "8090"] =
    /^(?:https?:\/\/)?([a-z0-9.-]*[a-z.-][a-z0-9.-]*)?:?(\d+)?\/?$/i.exec(text) ?? [];
  return { needs: "an address and a port", meant: `${host}:${readPort(number) ?? standard.port}` };
}

function readPort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  return port !== undefined && port <= 65535 ? port : undefined;
}

function readFolder(text: string, part: Partial<Config>): Reading {
  return readPath(text, "the path of a folder", part);
}

function readPath(text: string, needs: string, part: Partial<Config>): Reading {
  return text.trim() !== "" && !text.includes("\0") ? { part } : { needs };
}

function readSwitch(text: string, part: (on: boolean) => Partial<Config>): Reading {
  if (["true", "1", "on", "yes"].includes(text)) return { part: part(true) };
  if (["false", "0", "off", "no"].includes(text)) return { part: part(false) };
  return { needs: "true or false", meant: closest(text, ["true", "false"]) };
}

function readOrigins(text: string): Reading {
  const origins = text.split(",").map((origin) => origin.trim());
  if (origins.length === 1 && origins[0] === "*") return { part: { origins } };
  const wrong = origins.find((origin) => originOf(origin) !== origin);
  if (wrong === undefined) return { part: { origins } };
  return {
    needs: "either * or addresses like https://example.com",
    meant: originOf(wrong) ?? originOf(`https://${wrong}`),
  };
}

function originOf(text: string): string | undefined {
  const url = /^https?:\/\/[^*]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  return url?.origin;
}
