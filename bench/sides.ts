import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { seedFile } from "./seed.ts";
import { root, run } from "./programs.ts";
import { seedFormstead, serveFormstead } from "./formstead.ts";
import type { Scene, WorkName } from "./works.ts";

export type SideName = "ceiling" | "alone" | "express" | "formstead";

/** What filling a side's folder answers: whose notes are written, and how that person shows it. */
export type Person = Pick<Scene, "user" | "token">;

/** One program under test. */
export interface Side {
  readonly name: SideName;
  readonly title: string;
  readonly works: readonly WorkName[];
  /** Fills an empty folder with `count` posts, one person, and what the works need besides. */
  seed(folder: string, count: number, works: readonly WorkName[]): Promise<Person>;
  /** The command that serves such a folder. */
  command(folder: string, port: number): string[];
}

/** The sides, in the order of the table. `program` is a built Formstead; otherwise the source is run. */
export function sides(program: string | undefined): readonly Side[] {
  const formstead = program === undefined ? [process.execPath, "src/main.ts"] : [program];
  return [
    {
      name: "ceiling",
      title: "ceiling",
      works: ["get", "list", "totals", "nested", "create", "owner"],
      seed: seedPlain,
      command: ceiling,
    },
    {
      name: "alone",
      title: "ceiling, each commit alone",
      works: ["create", "owner"],
      seed: seedPlain,
      command: (folder, port) => [...ceiling(folder, port), "--alone"],
    },
    {
      name: "express",
      title: "Express, `node:sqlite`",
      works: ["get", "list", "create", "owner", "form"],
      seed: async (folder, count) => {
        await installExpress(folder);
        return seedPlain(folder, count);
      },
      command: (folder, port) => [node(), `${expressFolder}/server.js`, `${folder}/bench.db`, `${port}`, secret],
    },
    {
      name: "formstead",
      title: "Formstead",
      works: ["get", "list", "totals", "nested", "create", "owner", "form", "formpage", "page"],
      seed: (folder, count, wanted) => seedFormstead(formstead, folder, count, wanted),
      command: (folder, port) => serveFormstead(formstead, folder, port),
    },
  ];
}

/** What the hand-written sides sign tokens with. */
const secret = "a secret of the bench only";
const expressFolder = `${root}/bench/express`;

function ceiling(folder: string, port: number): string[] {
  const file = `${folder}/bench.db`;
  return [process.execPath, "bench/ceiling.ts", "--file", file, "--port", `${port}`, "--secret", secret];
}

async function seedPlain(folder: string, count: number): Promise<Person> {
  const user = "benchuser000001";
  seedFile(`${folder}/bench.db`, count, { id: user, email: "bench@example.com" });
  return { user, token: sign({ id: user, exp: 4102444800 }) };
}

function sign(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

/** Puts Express, and Node as npm carries it, into the peer's own folder; Bun alone is enough for that. */
async function installExpress(folder: string): Promise<void> {
  await run([process.execPath, "install", "--frozen-lockfile"], `${folder}/install.log`, expressFolder);
}

/** The Node of the peer: npm's package for this machine, otherwise the one on the PATH. */
export function node(): string {
  const carried = `${expressFolder}/node_modules/node-${process.platform}-${process.arch}/bin/node`;
  return existsSync(carried) ? carried : "node";
}
