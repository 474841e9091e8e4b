import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCollection } from "../src/collections/apply.ts";
import type { Values } from "../src/collections/collection.ts";
import type { Json } from "../src/fields/field.ts";
import { fromJson } from "../src/fields/payload.ts";
import { byOwner } from "../src/filter/scope.ts";
import { randomText, recordId } from "../src/lib/ids.ts";
import { hashPassword } from "../src/lib/passwords.ts";
import { createApp, openProject, type Project, type ProjectOptions } from "../src/index.ts";
import { statementsOf, toColumns } from "../src/records/row.ts";
import { createRecord } from "../src/records/write.ts";
import { name, sql } from "../src/store/sql.ts";

/** The password of everybody whom `person` makes. */
export const password = "a password of ours";
let hash: Promise<string> | undefined;

export type Body = { [key: string]: Json };

/** Who asks for what; a guest who reads when nothing else is said. */
export interface Wish {
  /** Somebody made by `person`. */
  readonly as?: string | undefined;
  /** Method, path and JSON body. */
  readonly json?: readonly [method: string, path: string, body?: Json] | undefined;
  /** What a browser sends for a form: path and fields. */
  readonly form?: readonly [path: string, fields: Readonly<Record<string, string | readonly string[]>>] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as an object. */
  readonly body: Body;
}

/** A project on a folder of its own with its app, as somebody's own tests would open it. Gone at the end of `await using`. */
export class Opened implements AsyncDisposable {
  readonly #tokens = new Map<string, string>();

  private constructor(
    readonly project: Project,
    readonly dir: string,
    readonly log: string[],
    readonly app: Awaited<ReturnType<typeof createApp>>,
  ) {}

  static async open(options: Partial<ProjectOptions> = {}): Promise<Opened> {
    const dir = options.dir ?? (await newDir());
    const log: string[] = [];
    const project = await openProject({ write: (text) => void log.push(text), ...options, dir });
    return new Opened(project, dir, log, await createApp(project));
  }

  async send({ as, json, form, headers = {} }: Wish): Promise<Answer> {
    const token = as === undefined ? undefined : this.#tokens.get(as);
    if (as !== undefined && !token) throw new Error(`Nobody is called ${as}.`);
    const [method, path, body] = form ? ["POST", form[0], encoded(form[1])] : (json ?? ["GET", "/"]);
    const response = await this.app.handle(
      new Request(`http://localhost${path}`, {
        method,
        headers: {
          accept: form ? "text/html" : "application/json",
          ...(body === undefined || form ? {} : { "content-type": "application/json" }),
          ...(token ? { authorization: token } : {}),
          ...headers,
        },
        body: body === undefined ? null : body instanceof URLSearchParams ? body : JSON.stringify(body),
      }),
    );
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get body(): Body {
        return JSON.parse(text);
      },
    };
  }

  /** Makes a collection whose rules are open unless said. */
  async collection(definition: Readonly<Record<string, unknown>>): Promise<void> {
    const open = { listRule: "", viewRule: "", createRule: "", updateRule: "", deleteRule: "" };
    const made = await createCollection(this.project, { type: "base", ...open, ...definition });
    if (!made.ok) throw new Error(JSON.stringify(made.problems));
  }

  /** Makes a record as the owner would. */
  async record(collection: string, values: Readonly<Record<string, Json>>): Promise<Body> {
    const { current } = this.project.collections;
    const found = current.find(collection);
    if (!found) throw new Error(`There is no collection ${collection}.`);
    const made = await createRecord(this.project, { collection: found, set: current, ask: byOwner }, fromJson(values));
    if (!made.ok) throw new Error(JSON.stringify(made.problems));
    return made.value;
  }

  /** Makes somebody who can be named in `as`: with `_superusers` an owner. They all have one password, hashed once. */
  async person(called: string, values: Readonly<Record<string, Json>> = {}, collection = "users"): Promise<Values> {
    const found = this.project.collections.find(collection);
    if (!found) throw new Error(`There is no collection ${collection}.`);
    const known: Record<string, Json> = {};
    for (const field of found.fields) known[field.name] = field.zero;
    const own = {
      id: recordId(),
      email: `${called}@example.com`,
      tokenKey: randomText(50),
      password: await (hash ??= hashPassword(password)),
    };
    const record: Values = { ...known, ...own, ...values };
    await this.project.store.write((tx) => tx.run(statementsOf(found).insert.with(toColumns(found, record))));
    this.#tokens.set(called, await this.project.tokens.sign("auth", found, record));
    return record;
  }

  token(called: string): string {
    return this.#tokens.get(called) ?? "";
  }

  /** How many rows each table has: collections by name, `outbox`, `schema`. */
  async counts(): Promise<Record<string, number>> {
    const { store, collections } = this.project;
    const tables = [...collections.current.all.map((collection) => collection.name), "_outbox", "_collections"];
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const row = await store.first<{ total: number }>(sql`SELECT COUNT(*) AS total FROM ${name(table)}`);
      counts[table === "_outbox" ? "outbox" : table === "_collections" ? "schema" : table] = row?.total ?? 0;
    }
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.project.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

let fresh: Promise<Uint8Array> | undefined;

/** A folder as its first start leaves it. That takes five times as long as any other start, so it is done once and copied. */
async function newDir(): Promise<string> {
  const database = await (fresh ??= makeFresh());
  const dir = mkdtempSync(join(tmpdir(), "formstead-test-"));
  await Bun.write(join(dir, "formstead.db"), database);
  return dir;
}

async function makeFresh(): Promise<Uint8Array> {
  const dir = mkdtempSync(join(tmpdir(), "formstead-test-"));
  try {
    await (await openProject({ dir, write: () => {} })).close();
    return await Bun.file(join(dir, "formstead.db")).bytes();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function encoded(fields: Readonly<Record<string, string | readonly string[]>>): URLSearchParams {
  const pairs = Object.entries(fields).flatMap(([key, value]) =>
    [value].flat().map((one) => [key, one] as [string, string]),
  );
  return new URLSearchParams(pairs);
}

/** One request to a project that was made for it, and what must come of it. */
export interface Scenario extends Wish {
  readonly it: string;
  /** The status of the answer. */
  readonly get: number;
  /** Texts the answer has. */
  readonly shows?: readonly string[];
  /** Texts the answer must not have. */
  readonly hides?: readonly string[];
  /** Where a redirect leads. */
  readonly to?: string;
  /** Which tables have how many more rows afterwards; all others have as many as before. */
  readonly changes?: Readonly<Record<string, number>>;
}

/** Plays a table of requests, each on a project of its own. */
export function scenarios(title: string, prepare: (it: Opened) => Promise<void>, table: readonly Scenario[]): void {
  for (const scenario of table) {
    test(`${title}: ${scenario.it}`, async () => {
      await using opened = await Opened.open();
      await prepare(opened);
      const before = await opened.counts();
      const answer = await opened.send(scenario);
      const context = `${answer.status} ${answer.text}`;
      expect(answer.status, context).toBe(scenario.get);
      for (const text of scenario.shows ?? []) expect(answer.text).toContain(text);
      for (const text of scenario.hides ?? []) expect(answer.text).not.toContain(text);
      if (scenario.to !== undefined) expect(answer.headers.get("location")).toBe(scenario.to);
      const changes = Object.entries(await opened.counts()).map(([key, count]) => [key, count - (before[key] ?? 0)]);
      expect(Object.fromEntries(changes.filter(([, difference]) => difference !== 0))).toEqual(scenario.changes ?? {});
    });
  }
}
