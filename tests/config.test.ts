import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closest, type Config, commands, readConfig, settings, standard } from "../src/config.ts";

type Environment = Record<string, string>;

function configOf(argv: string[], env: Environment = {}): Config {
  const start = readConfig(argv, env);
  if (!start.ok) throw new Error(start.sentence);
  return start.config;
}

function sentenceOf(argv: string[], env: Environment = {}): string {
  const start = readConfig(argv, env);
  return start.ok ? `understood: ${start.command} ${start.args.join(" ")}` : start.sentence;
}

describe("settings", () => {
  test("nothing said means the standard, and the table says the same", () => {
    expect(configOf(["serve"])).toEqual(standard);
    for (const { variable, standard: text } of settings) {
      if (text !== "") expect(configOf(["serve"], { [variable]: text })).toEqual(standard);
    }
  });

  test("every one has a variable of its own, and a flag is named like it", () => {
    expect(new Set(settings.map(({ variable }) => variable)).size).toBe(settings.length);
    for (const { flag, variable } of settings) {
      if (flag)
        expect(variable).toBe(`FORMSTEAD_${flag.replaceAll(/[A-Z]/g, "_$&").replaceAll("-", "_").toUpperCase()}`);
    }
  });

  test.each<[string, string, Partial<Config>]>([
    ["http", "0.0.0.0:80", { hostname: "0.0.0.0", port: 80 }],
    ["http", ":9000", { hostname: "0.0.0.0", port: 9000 }],
    ["http", "[::1]:0", { hostname: "::1", port: 0 }],
    ["http", "me.example:65535", { hostname: "me.example", port: 65535 }],
    ["dir", "../a folder", { dir: "../a folder" }],
    ["publicDir", "/srv/www", { publicDir: "/srv/www" }],
    ["schema", "db/schema.ts", { schemaFile: "db/schema.ts" }],
    ["accept-loss", "true", { acceptLoss: true }],
    ["indexFallback", "false", { indexFallback: false }],
    ["origins", "https://a.example,http://b.example:8080", { origins: ["https://a.example", "http://b.example:8080"] }],
    ["origins", "https://a.example, https://b.example", { origins: ["https://a.example", "https://b.example"] }],
    ["queryTimeout", "0.5", { queryTimeout: 0.5 }],
    ["allowPrivateAddresses", "true", { allowPrivateAddresses: true }],
    ["dev", "true", { dev: true }],
    ["dev", "1", { dev: true }],
  ])("--%s %s, in every way it can be said", (flag, text, part) => {
    const setting = settings.find((it) => it.flag === flag);
    const expected = { ...standard, ...part };
    expect(configOf(["serve", `--${flag}=${text}`])).toEqual(expected);
    expect(configOf([`--${flag}=${text}`, "serve"])).toEqual(expected);
    expect(configOf(["serve"], { [setting?.variable ?? ""]: text })).toEqual(expected);
    if (setting?.value) expect(configOf(["serve", `--${flag}`, text])).toEqual(expected);
  });

  test("a switch needs no value", () => {
    expect(configOf(["serve", "--dev"]).dev).toBe(true);
    expect(configOf(["--dev", "serve"]).dev).toBe(true);
    expect(configOf(["serve", "--dev=false"], { FORMSTEAD_DEV: "true" }).dev).toBe(false);
  });

  test("a flag wins over a variable, and an empty variable says nothing", () => {
    expect(configOf(["serve", "--dir", "a"], { FORMSTEAD_DIR: "b" }).dir).toBe("a");
    expect(configOf(["serve"], { FORMSTEAD_DIR: "", PORT: "", FORMSTEAD_SECRET: "" })).toEqual(standard);
  });

  test("PORT listens on every address, unless an address is given", () => {
    expect(configOf(["serve"], { PORT: "3000" })).toMatchObject({ hostname: "0.0.0.0", port: 3000 });
    const given = { hostname: "127.0.0.1", port: 9000 };
    expect(configOf(["serve", "--http", "127.0.0.1:9000"], { PORT: "3000" })).toMatchObject(given);
    expect(configOf(["serve"], { PORT: "3000", FORMSTEAD_HTTP: "127.0.0.1:9000" })).toMatchObject(given);
  });

  test("origins may be given one by one", () => {
    const argv = ["serve", "--origins", "https://a.example", "--origins=https://b.example"];
    expect(configOf(argv).origins).toEqual(["https://a.example", "https://b.example"]);
  });

  test("the secret comes from the environment alone and is never repeated", () => {
    const secret = "s".repeat(32);
    expect(configOf(["serve"], { FORMSTEAD_SECRET: secret }).secret).toBe(secret);
    expect(sentenceOf(["serve"], { FORMSTEAD_SECRET: "hunter2" })).toMatch(/^FORMSTEAD_SECRET needs at least 32/);
    expect(sentenceOf(["serve"], { FORMSTEAD_SECRET: "hunter2" })).not.toContain("hunter2");
    expect(sentenceOf(["serve", `--secret=${secret}`])).toStartWith("There is no flag");
  });
});

describe("commands", () => {
  test.each([
    ["serve", "understood: serve "],
    ["", "understood: help "],
    ["--help", "understood: help "],
    ["-h", "understood: help "],
    ["help", "understood: help "],
    ["help serve", "understood: help serve"],
    ["serve --help", "understood: help serve"],
    ["serve --http nonsense --help", "understood: help serve"],
    ["--version", "understood: version "],
    ["version", "understood: version "],
    ["superuser upsert ann@a.example", "understood: superuser upsert ann@a.example"],
    ["superuser upsert ann@a.example -- --pass", "understood: superuser upsert ann@a.example --pass"],
    ["superuser delete ann@a.example --dir x", "understood: superuser delete ann@a.example"],
    ["starter demo", "understood: starter demo"],
    ["schema plan --schema x.ts", "understood: schema plan"],
    ["schema print", "understood: schema print"],
    ["types", "understood: types "],
    ["types schema", "understood: types schema"],
  ])("formstead %s", (line, understood) => {
    expect(sentenceOf(line.split(" ").filter((word) => word !== ""))).toBe(understood);
  });
});

describe("what is wrong is said in one sentence", () => {
  test.each([
    ["serv", 'There is no command "serv". Did you mean serve?'],
    ["frobnicate", 'There is no command "frobnicate". `formstead help` lists them.'],
    ["--dev", "Say which command these flags are for."],
    ["serve --htp :1", 'There is no flag "--htp". Did you mean --http?'],
    ["serve --public-dir x", 'There is no flag "--public-dir". Did you mean --publicDir?'],
    ["serve -dev", 'There is no flag "-dev". Did you mean --dev?'],
    ["serve --quack", 'There is no flag "--quack". `formstead help COMMAND` lists them.'],
    ["serve --dir", "--dir needs a value: --dir FOLDER."],
    ["serve --dir --dev", "--dir needs a value: --dir FOLDER."],
    ["serve --dir=", '--dir needs the path of a folder, not "".'],
    ["serve --dir a --dir b", "--dir is given twice; give it once."],
    ["serve --http 8090", '--http needs an address and a port, not "8090". Did you mean 127.0.0.1:8090?'],
    ["serve --http localhost", '--http needs an address and a port, not "localhost". Did you mean localhost:8090?'],
    ["serve --http http://a.b:1/", '--http needs an address and a port, not "http://a.b:1/". Did you mean a.b:1?'],
    ["serve --http a:65536", '--http needs an address and a port, not "a:65536". Did you mean a:8090?'],
    ["serve --dev=ture", '--dev needs true or false, not "ture". Did you mean true?'],
    [
      "serve --dev false",
      "After `formstead serve` comes nothing but flags. A switch is written in one word: --dev=false.",
    ],
    ["serve x", "After `formstead serve` comes nothing but flags."],
    ["serve --queryTimeout 30s", '--queryTimeout needs a number of seconds, more than 0 and at most 3600, not "30s".'],
    ["serve --queryTimeout 0", '--queryTimeout needs a number of seconds, more than 0 and at most 3600, not "0".'],
    [
      "serve --origins a.example",
      '--origins needs either * or addresses like https://example.com, not "a.example". Did you mean https://a.example?',
    ],
    [
      "serve --origins https://a.example/",
      '--origins needs either * or addresses like https://example.com, not "https://a.example/". Did you mean https://a.example?',
    ],
    [
      "serve --origins *,https://a.example",
      '--origins needs either * or addresses like https://example.com, not "*,https://a.example".',
    ],
    ["superuser", "After `formstead superuser` comes upsert|create|update|delete EMAIL [PASSWORD]."],
    [
      "superuser upsret ann@a.example",
      'After `formstead superuser` comes upsert, create, update, delete, not "upsret". Did you mean upsert?',
    ],
    [
      "superuser create ann@a.example pw --http :1",
      "`formstead superuser` takes no --http. `formstead help superuser` lists what it takes.",
    ],
    ["settings rest superuserIPs", 'After `formstead settings` comes reset, not "rest". Did you mean reset?'],
    [
      "settings reset superuserIps",
      'After `formstead settings` comes superuserIPs, trustedProxy, rateLimits, not "superuserIps". Did you mean superuserIPs?',
    ],
    ["starter a b", "After `formstead starter` comes [NAME]."],
    [
      "help srve",
      'After `formstead help` comes serve, superuser, settings, starter, import-pocketbase, schema, types, add, backup, restore, help, version, not "srve". Did you mean serve?',
    ],
    [
      "serve --publicDir .",
      'The data folder "./data" lies in the public folder ".", where everyone could read it. Choose another --dir or --publicDir.',
    ],
    [
      "serve --publicDir data",
      'The data folder "./data" lies in the public folder "data", where everyone could read it. Choose another --dir or --publicDir.',
    ],
  ])("formstead %s", (line, sentence) => {
    expect(sentenceOf(line.split(" "))).toBe(sentence);
  });

  test.each([
    [{ FORMSTEAD_PUBLICDIR: "x" }, "There is no setting FORMSTEAD_PUBLICDIR. Did you mean FORMSTEAD_PUBLIC_DIR?"],
    [{ FORMSTEAD_HTTP: "x" }, 'FORMSTEAD_HTTP needs an address and a port, not "x". Did you mean x:8090?'],
    [{ PORT: "0" }, 'PORT needs a port between 1 and 65535, not "0".'],
    [{ PORT: "http" }, 'PORT needs a port between 1 and 65535, not "http".'],
    [{ FORMSTEAD_SERVICE_HOST: "10.0.0.1", OTHER: "x" }, "understood: serve "],
  ])("with %o", (env, sentence) => {
    expect(sentenceOf(["serve"], env as Environment)).toBe(sentence);
  });

  test("the public folder may lie in the data folder, and beside it", () => {
    for (const publicDir of ["./data/public", "./data-public", "..data"]) {
      expect(sentenceOf(["serve", "--publicDir", publicDir])).toBe("understood: serve ");
    }
  });

  test("links hide nothing: the data may not lie where the public folder leads", () => {
    const folder = mkdtempSync(join(tmpdir(), "formstead-config-"));
    try {
      symlinkSync(folder, join(folder, "site"));
      const line = ["serve", "--publicDir", join(folder, "site"), "--dir", join(folder, "not", "there yet")];
      expect(sentenceOf(line)).toContain("lies in the public folder");
      expect(sentenceOf([...line.slice(0, 3), "--dir", `${folder} beside it`])).toBe("understood: serve ");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("whatever is typed: one line, and nothing thrown", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom("--", "-", "=", "--=", ...commands.map(({ name }) => name)),
      fc.tuple(fc.constantFrom(...settings), fc.string()).map(([{ flag }, text]) => `--${flag}=${text}`),
      fc.constantFrom(...settings).map(({ flag }) => `--${flag}`),
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 6 }),
        fc.dictionary(fc.constantFrom(...variables), fc.string()),
        (argv, env) => {
          const start = readConfig(argv, env);
          if (!start.ok) expect(start.sentence).toMatch(/^[^\n]+[.?]$/);
          else expect(Object.keys(start.config)).toEqual(Object.keys(standard));
        },
      ),
    );
  });
});

const variables = settings.map(({ variable }) => variable);

test("closest finds what was meant, and nothing where nothing is near", () => {
  const words = ["serve", "superuser", "starter"];
  expect(["srve", "SERVE", "sevre", "star-ter", "superusr"].map((word) => closest(word, words))).toEqual([
    "serve",
    "serve",
    "serve",
    "starter",
    "superuser",
  ]);
  expect(["", "x", "sale", "restart"].map((word) => closest(word, words))).toEqual(Array(4).fill(undefined));
});
