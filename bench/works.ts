import { isObject } from "../src/lib/json.ts";
import { categories, category, kind, post, postId } from "./data.ts";
import type { Shot } from "./wrk.ts";

export type WorkName = "get" | "list" | "totals" | "nested" | "create" | "owner" | "form" | "formpage" | "page";

/** What a request needs to know of the data it meets. */
export interface Scene {
  /** How many posts there are. */
  readonly posts: number;
  /** The person whose notes are written, and a token that proves it. */
  readonly user: string;
  readonly token: string;
  /** Makes what is written different from run to run. */
  readonly run: string;
}

/** One row of the table: what is asked of every side. */
export interface Work {
  readonly name: WorkName;
  readonly title: string;
  readonly connections: number;
  /** The work of the ceiling it is measured against. */
  readonly against: WorkName;
  /** The share of the ceiling that Formstead wants to reach, where somebody has said one. */
  readonly goal?: number;
  /** The requests, sent in turn. */
  shots(scene: Scene): Shot[];
  /** What is wrong with the answer to the first of them. */
  fault(status: number, answer: unknown, scene: Scene): string | undefined;
  /** Requests that must be refused with this status, so that nobody is quick by leaving the checks out. */
  refused(scene: Scene): Shot[];
  readonly refusal: 400 | 422;
}

const records = "/api/collections/posts/records";
const json = { "Content-Type": "application/json" };
const perPage = 30;

const get: Work = {
  name: "get",
  title: "get one record",
  connections: 32,
  against: "get",
  goal: 0.75,
  shots: ({ posts }) => each(2000, (n) => read(`${records}/${postId((n * 7919) % posts)}`)),
  fault: (status, answer) => (status === 200 && isObject(answer) && answer.id === postId(0) ? undefined : "not post 0"),
  refused: () => [],
  refusal: 400,
};

const list: Work = {
  name: "list",
  title: "list 30, indexed filter and sort, `skipTotal`",
  connections: 32,
  against: "list",
  goal: 0.8,
  shots: () => each(categories, (n) => read(`${listPath(n)}&skipTotal=1`)),
  fault: (status, answer) => listFault(status, answer, (total) => total === -1),
  refused: () => [],
  refusal: 400,
};

const totals: Work = {
  name: "totals",
  title: "the same list with its totals",
  connections: 32,
  against: "totals",
  goal: 0.6,
  shots: () => each(categories, (n) => read(listPath(n))),
  fault: (status, answer) => listFault(status, answer, (total) => Number(total) >= perPage),
  refused: () => [],
  refusal: 400,
};

function listPath(n: number): string {
  const filter = encodeURIComponent(`category = '${category(n)}'`);
  return `${records}?filter=${filter}&sort=-created&perPage=${perPage}`;
}

function listFault(status: number, answer: unknown, isTotal: (total: unknown) => boolean): string | undefined {
  const items: unknown = status === 200 && isObject(answer) && isTotal(answer.totalItems) ? answer.items : undefined;
  const right = (item: unknown) => isObject(item) && item.category === category(0);
  return Array.isArray(items) && items.length === perPage && items.every(right) ? undefined : "not 30 of c0";
}

const nested: Work = {
  name: "nested",
  title: "list 30 of which all of many's many must fit",
  connections: 8,
  against: "nested",
  shots: () =>
    each(10, (n) => {
      const filter = encodeURIComponent(`cards.labels.kind != '${kind(n)}'`);
      return read(`/api/collections/boards/records?filter=${filter}&sort=title&perPage=${perPage}&skipTotal=1`);
    }),
  fault: (status, answer) => {
    const items: unknown = status === 200 && isObject(answer) ? answer.items : undefined;
    const right = Array.isArray(items) && items.length === perPage;
    const [first] = right ? items : [];
    return isObject(first) && Array.isArray(first.cards) && first.collectionName === "boards"
      ? undefined
      : "not 30 boards";
  },
  refused: () => [],
  refusal: 400,
};

const create: Work = {
  name: "create",
  title: "create, validated, durable",
  connections: 64,
  against: "create",
  goal: 0.7,
  shots: ({ run }) => each(200, (n) => write(records, json, JSON.stringify(fresh(n, run)))),
  fault: (status, answer) => (made(status, answer, "posts") ? undefined : "not the record"),
  refused: ({ run }) => [
    write(records, json, JSON.stringify({ ...fresh(0, run), title: "" })),
    write(records, json, JSON.stringify({ ...fresh(0, run), title: "x".repeat(201) })),
  ],
  refusal: 400,
};

const owner: Work = {
  name: "owner",
  title: "create with auth token and an owner rule",
  connections: 64,
  against: "owner",
  goal: 0.6,
  shots: ({ run, token, user }) =>
    each(200, (n) =>
      write(notes, { ...json, Authorization: token }, JSON.stringify({ ...fresh(n, run), owner: user })),
    ),
  fault: (status, answer, { user }) =>
    made(status, answer, "notes") && isObject(answer) && answer.owner === user ? undefined : "not the record",
  refused: ({ run, token, user }) => [
    write(notes, json, JSON.stringify({ ...fresh(0, run), owner: user })),
    write(notes, { ...json, Authorization: token }, JSON.stringify({ ...fresh(0, run), owner: "somebodyelse000" })),
  ],
  refusal: 400,
};

const notes = "/api/collections/notes/records";

const form: Work = {
  name: "form",
  title: "form post, urlencoded → 303",
  connections: 64,
  against: "create",
  goal: 0.5,
  shots: ({ run }) =>
    each(200, (n) => {
      const { views, published, ...texts } = fresh(n, run);
      const sent = new URLSearchParams({ ...texts, views: String(views), published: String(published) });
      return write("/forms/bench", page, sent.toString());
    }),
  fault: (status) => (status === 303 ? undefined : "not a redirect"),
  refused: ({ run }) => [
    write("/forms/bench", page, new URLSearchParams({ title: "", body: run, category: "c0" }).toString()),
  ],
  refusal: 422,
};

const formPage: Work = {
  name: "formpage",
  title: "form page rendered",
  connections: 32,
  against: "get",
  shots: () => [{ ...read("/forms/bench"), headers: { Accept: "text/html" } }],
  fault: (status) => (status === 200 ? undefined : "not a page"),
  refused: () => [],
  refusal: 400,
};

const listPage: Work = {
  name: "page",
  title: "list page rendered, 30 rows",
  connections: 32,
  against: "list",
  shots: () => each(30, (n) => ({ ...read(`/posts?sort=category&page=${n + 1}`), headers: { Accept: "text/html" } })),
  fault: (status) => (status === 200 ? undefined : "not a page"),
  refused: () => [],
  refusal: 400,
};

const page = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };

/** The rows of the table, in its order. */
export const works: readonly Work[] = [get, list, totals, nested, create, owner, form, formPage, listPage];

/** Sends the first request and those to be refused; throws when an answer is not what the contract says. */
export async function prove(work: Work, address: string, scene: Scene): Promise<void> {
  for (const shot of work.shots(scene).slice(0, 1)) {
    const { status, text, answer } = await send(address, shot);
    const fault = work.fault(status, answer, scene);
    if (fault !== undefined) throw new Error(`${shot.path} answered ${status}, ${fault}: ${text.slice(0, 300)}`);
  }
  for (const shot of work.refused(scene)) {
    const { status, text } = await send(address, shot);
    if (status === work.refusal) continue;
    throw new Error(`${shot.path} answered ${status} where ${work.refusal} is right: ${text.slice(0, 300)}`);
  }
}

async function send(address: string, { method, path, headers, body }: Shot) {
  const response = await fetch(address + path, {
    method,
    headers,
    redirect: "manual",
    ...(method === "GET" ? {} : { body: body.join(`${Bun.nanoseconds()}`) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  const answer: unknown = isJson ? JSON.parse(text) : undefined;
  return { status: response.status, text, answer };
}

function made(status: number, answer: unknown, name: string): boolean {
  if (status !== 200 || !isObject(answer)) return false;
  return answer.collectionName === name && typeof answer.id === "string" && answer.id.length === 15;
}

/** A post nobody sent before: `@` stands for the request's number. */
function fresh(n: number, run: string) {
  return { ...post(n), title: `${run} ${n} @` };
}

function read(path: string): Shot {
  return { method: "GET", path, headers: {}, body: [""] };
}

function write(path: string, headers: Shot["headers"], body: string): Shot {
  return { method: "POST", path, headers, body: body.split(/@|%40/) };
}

function each<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
