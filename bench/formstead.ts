import { isObject } from "../src/lib/json.ts";
import { board, boards, card, cards, label, labels, post, postId } from "./data.ts";
import { run, serve } from "./programs.ts";
import type { Person } from "./sides.ts";
import type { WorkName } from "./works.ts";

export const owner = { identity: "owner@example.com", password: "bench-owner-password" };
const person = { identity: "bench@example.com", password: "bench-person-password" };

/** The command that serves a folder; `program` is the command without arguments. */
export function serveFormstead(program: readonly string[], folder: string, port: number): string[] {
  return [...program, "serve", "--http", `127.0.0.1:${port}`, "--dir", folder, "--publicDir", `${folder}/public`];
}

/** Fills a folder through the server's own doors, as its users would. */
export async function seedFormstead(
  program: readonly string[],
  folder: string,
  count: number,
  works: readonly WorkName[],
): Promise<Person> {
  const log = `${folder}.log`;
  await run([...program, "superuser", "upsert", owner.identity, owner.password, "--dir", folder], log);
  const server = await serve((port) => serveFormstead(program, folder, port), log);
  try {
    const guest = new Client(server.address);
    const client = await guest.signIn("_superusers", owner);
    await makeTables(client);
    if (works.includes("form") || works.includes("formpage"))
      await client.post("/api/collections/_forms/records", form);
    const { identity: email, password } = person;
    await client.post("/api/collections/users/records", { email, password, passwordConfirm: password, verified: true });
    const { user, token } = await guest.signIn("users", person);
    await fill(count, (n) => client.post("/api/collections/posts/records", { id: postId(n), ...post(n) }));
    if (works.includes("nested")) await fillBoards(client);
    return { user, token };
  } finally {
    await server.stop();
  }
}

/** Speaks JSON with the server, as a guest or as who has signed in. Every call throws when the answer is no success. */
class Client {
  constructor(
    readonly address: string,
    readonly user = "",
    readonly token = "",
  ) {}

  async signIn(collection: string, who: { readonly identity: string; readonly password: string }): Promise<Client> {
    const { record, token } = await this.post(`/api/collections/${collection}/auth-with-password`, who);
    if (isObject(record)) return new Client(this.address, String(record.id), String(token));
    throw new Error(`Signing in to ${collection} answered without a record.`);
  }

  get(path: string): Promise<Record<string, unknown>> {
    return this.#ask(path, {});
  }

  post(path: string, body: object): Promise<Record<string, unknown>> {
    return this.#ask(path, { method: "POST", body: JSON.stringify(body) });
  }

  async #ask(path: string, init: RequestInit): Promise<Record<string, unknown>> {
    const headers = { "Content-Type": "application/json", ...(this.token && { Authorization: this.token }) };
    const response = await fetch(this.address + path, { headers, ...init });
    const answer: unknown = await response.json();
    if (response.ok && isObject(answer)) return answer;
    throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer).slice(0, 500)}`);
  }
}

const fields = [
  { name: "title", type: "text", required: true, max: 200 },
  { name: "body", type: "text", max: 5000 },
  { name: "category", type: "text", required: true, max: 50 },
  { name: "views", type: "number", min: 0, onlyInt: true },
  { name: "published", type: "bool" },
];

const stamps = [
  { name: "created", type: "autodate", onCreate: true, onUpdate: false },
  { name: "updated", type: "autodate", onCreate: true, onUpdate: true },
];

/** Everything comes from one address in a minute: the spam shield judges as ever, and holds none of it. */
const shield = { hold: 1e9, refuse: 1e9 };
const form = { slug: "bench", title: "Bench", collection: "posts", fields: fields.map(({ name }) => name), shield };

/** Who signs in as an owner of a server, and the token. */
export function signIn(address: string, who: typeof owner): Promise<Person> {
  return new Client(address).signIn("_superusers", who);
}

/** The same tables, limits and rules that the hand-written sides have in code. */
async function makeTables(client: Client): Promise<void> {
  const { id: users } = await client.get("/api/collections/users");
  const open = { type: "base", listRule: "", viewRule: "" };
  await client.post("/api/collections", {
    ...open,
    name: "posts",
    pages: true,
    createRule: "",
    fields: [...fields, ...stamps],
    indexes: ["CREATE INDEX idx_posts_category ON posts (category, created)"],
  });
  await client.post("/api/collections", {
    ...open,
    name: "notes",
    createRule: "@request.auth.id != '' && owner = @request.auth.id",
    fields: [
      ...fields,
      { name: "owner", type: "relation", required: true, maxSelect: 1, collectionId: users },
      ...stamps,
    ],
    indexes: ["CREATE INDEX idx_notes_category ON notes (category, created)"],
  });
}

/** Boards with cards, cards with labels. */
async function fillBoards(client: Client): Promise<void> {
  const title = { name: "title", type: "text" };
  const open = { type: "base", listRule: "", viewRule: "" };
  const make = async (name: string, more: object, extra: object = {}) => {
    const made = await client.post("/api/collections", { ...open, name, fields: [title, more], ...extra });
    return { type: "relation", collectionId: made.id, maxSelect: 9 };
  };
  const toLabels = await make("labels", { name: "kind", type: "text" });
  const toCards = await make("cards", { name: "labels", ...toLabels });
  await make("boards", { name: "cards", ...toCards }, { indexes: ["CREATE INDEX idx_boards ON boards (title)"] });
  await fill(labels, (n) => client.post("/api/collections/labels/records", label(n)));
  await fill(cards, (n) => client.post("/api/collections/cards/records", card(n)));
  await fill(boards, (n) => client.post("/api/collections/boards/records", board(n)));
}

/** Sends this many, 64 at a time. */
async function fill(count: number, one: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const send = async () => {
    while (next < count) {
      const n = next++;
      await one(n);
    }
  };
  await Promise.all(Array.from({ length: 64 }, send));
}
