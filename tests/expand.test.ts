import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import type { RecordJson } from "../src/records/shape.ts";
import { raw, type Sql, sql } from "../src/store/sql.ts";
import { type Body, Opened, password } from "./testing.ts";

const text = (name: string, more = {}) => ({ name, type: "text", ...more });
const to = (name: string, collectionId: string, maxSelect = 1, more = {}) => {
  return { name, type: "relation", collectionId, maxSelect, ...more };
};

const ids: Record<string, string> = {};

/** Posts with authors, editors, comments and much that not everybody may see. */
async function fill(opened: Opened): Promise<void> {
  const { project } = opened;
  const idOf = (name: string) => project.collections.find(name)?.id ?? "";
  await opened.collection({ name: "orgs", fields: [text("name"), text("code", { hidden: true })] });
  await opened.collection({ name: "vaults", viewRule: null, fields: [text("code")] });
  const people = {
    name: "people",
    type: "auth",
    viewRule: "name != 'Shy'",
    manageRule: "@request.auth.name = 'Boss'",
    fields: [text("name"), to("orgs", idOf("orgs"), 9), to("vault", idOf("vaults"))],
  };
  await opened.collection(people);
  await opened.collection({
    name: "posts",
    fields: [
      text("title"),
      to("author", idOf("people")),
      to("editors", idOf("people"), 9),
      to("vault", idOf("vaults")),
      to("secretly", idOf("people"), 1, { hidden: true }),
    ],
  });
  await opened.collection({
    name: "comments",
    viewRule: "text !~ 'hidden'",
    fields: [
      text("text"),
      to("post", idOf("posts")),
      to("user", idOf("people")),
      to("unseen", idOf("posts"), 1, { hidden: true }),
    ],
  });
  await opened.collection({ name: "bundles", fields: [text("label"), to("posts", idOf("posts"), 9)] });
  await opened.collection({
    name: "profiles",
    fields: [text("bio"), to("person", idOf("people"))],
    indexes: ["CREATE UNIQUE INDEX `one_profile` ON `profiles` (`person`)"],
  });

  const make = async (key: string, collection: string, values: Record<string, Json>) => {
    ids[key] = String((await opened.record(collection, values))["id"]);
  };
  const person = async (key: string, values: Record<string, Json>) => {
    ids[key] = String((await opened.person(key, values, "people"))["id"]);
  };
  await make("acme", "orgs", { name: "Acme", code: "a1" });
  await make("bolt", "orgs", { name: "Bolt", code: "b2" });
  await make("vault", "vaults", { code: "1234" });
  await person("ann", { name: "Ann", orgs: [ids["bolt"] ?? "", ids["acme"] ?? ""], emailVisibility: true });
  await person("bob", { name: "Bob", orgs: [ids["acme"] ?? ""] });
  await person("shy", { name: "Shy" });
  await person("boss", { name: "Boss" });
  await opened.person("root", {}, "_superusers");
  const of = (...keys: string[]) => keys.map((key) => ids[key] ?? key);
  const editors = of("shy", "bob", "ann");
  const [ann = "", bob = ""] = of("ann", "bob");
  const vault = ids["vault"] ?? "";
  await make("p1", "posts", { title: "One", author: ann, editors, vault, secretly: bob });
  await make("p2", "posts", { title: "Two", author: bob, editors: of("ann"), secretly: ann });
  await make("p3", "posts", { title: "Three", author: ids["shy"] ?? "" });
  const [p1 = "", p2 = ""] = of("p1", "p2");
  await make("c1", "comments", { text: "first", post: p1, user: bob, unseen: p2 });
  await make("c2", "comments", { text: "hidden", post: p1, user: ann });
  await make("c3", "comments", { text: "third", post: p1, user: ann });
  await make("c4", "comments", { text: "other", post: p2, user: ann });
  await make("b1", "bundles", { label: "both", posts: [p2, p1] });
  await make("b2", "bundles", { label: "one", posts: [p1] });
  await make("f1", "profiles", { bio: "poet", person: ann });
}

let opened: Opened;
beforeAll(async () => {
  opened = await Opened.open();
  await fill(opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

const root = { as: "root" };

async function view(path: string, as?: string): Promise<RecordJson> {
  const answer = await opened.send({ json: ["GET", `/api/collections/${path}`], as });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const post = (key: string, expand: string, as?: string) =>
  view(`posts/records/${ids[key]}?expand=${encodeURIComponent(expand)}`, as);

/** What was expanded, records told by their name, title or text. */
function told(record: Json | undefined): Json {
  if (Array.isArray(record)) return record.map((one) => told(one));
  const { expand, name, title, text, label, bio, code } = record as Body;
  const called = name ?? title ?? text ?? label ?? bio ?? code ?? null;
  if (expand === undefined) return called;
  return { [String(called)]: Object.fromEntries(Object.entries(expand as Body).map(([key, it]) => [key, told(it)])) };
}

describe("what expand asks for", () => {
  const table: readonly (readonly [key: string, expand: string, expected: Json, as?: string])[] = [
    ["p1", "author", { One: { author: "Ann" } }],
    ["p1", "editors", { One: { editors: ["Bob", "Ann"] } }],
    ["p1", "editors", { One: { editors: ["Shy", "Bob", "Ann"] } }, "root"],
    ["p1", "author.orgs", { One: { author: { Ann: { orgs: ["Bolt", "Acme"] } } } }],
    [
      "p1",
      "author,editors.orgs",
      { One: { author: "Ann", editors: [{ Bob: { orgs: ["Acme"] } }, { Ann: { orgs: ["Bolt", "Acme"] } }] } },
    ],
    ["p1", "author,author.orgs", { One: { author: { Ann: { orgs: ["Bolt", "Acme"] } } } }],
    ["p1", " author . orgs ", { One: { author: { Ann: { orgs: ["Bolt", "Acme"] } } } }],
    [
      "p1",
      "author.orgs,author.profiles_via_person",
      { One: { author: { Ann: { orgs: ["Bolt", "Acme"], profiles_via_person: "poet" } } } },
    ],
    ["p1", ".author.,, ,", { One: { author: "Ann" } }],
    ["p1", "author..orgs", { One: { author: "Ann" } }],
    // Where somebody may not look there is nothing, and nobody is told why.
    ["p3", "author", { Three: {} }],
    ["p3", "author", { Three: { author: "Shy" } }, "root"],
    ["p3", "editors,comments_via_post", { Three: {} }],
    ["p1", "vault", "One"],
    ["p1", "vault", { One: { vault: "1234" } }, "root"],
    ["p1", "author.vault,author", { One: { author: "Ann" } }],
    ["p1", "secretly", "One"],
    ["p1", "secretly", { One: { secretly: "Bob" } }, "root"],
    ["p1", "missing,title,author.missing,id,__proto__,constructor.x,toString", { One: { author: "Ann" } }],
    ["p1", "", "One"],
    ["p1", ",.,", "One"],
    // What refers back.
    ["p1", "comments_via_post", { One: { comments_via_post: ["first", "third"] } }],
    ["p1", "comments_via_post", { One: { comments_via_post: ["first", "hidden", "third"] } }, "root"],
    [
      "p1",
      "comments_via_post.user.orgs",
      {
        One: {
          comments_via_post: [
            { first: { user: { Bob: { orgs: ["Acme"] } } } },
            { third: { user: { Ann: { orgs: ["Bolt", "Acme"] } } } },
          ],
        },
      },
    ],
    ["p1", "bundles_via_posts", { One: { bundles_via_posts: ["both", "one"] } }],
    ["p2", "bundles_via_posts.posts", { Two: { bundles_via_posts: [{ both: { posts: ["Two", "One"] } }] } }],
    [
      "p1",
      "author.profiles_via_person.person",
      { One: { author: { Ann: { profiles_via_person: { poet: { person: "Ann" } } } } } },
    ],
    ["p2", "comments_via_unseen", "Two"],
    ["p2", "comments_via_unseen", { Two: { comments_via_unseen: ["first"] } }, "root"],
    ["p1", "comments_via_text,comments_via_user,nothing_via_post,comments_via_", "One"],
  ];
  for (const [key, expand, expected, as] of table) {
    test(`${key}?expand=${expand}${as ? ` as ${as}` : ""}`, async () => {
      expect(told(await post(key, expand, as))).toEqual(expected);
    });
  }

  test("six relations deep and no deeper", async () => {
    const path = "comments_via_post.post.comments_via_post.post.comments_via_post.post.author";
    let at: Json | undefined = await post("p2", path);
    const depth = path.split(".").findIndex((name) => {
      const next: Json | undefined = ((at as Body)["expand"] as Body | undefined)?.[name];
      at = Array.isArray(next) ? next[0] : next;
      return at === undefined;
    });
    expect(depth).toBe(6);
    const fields = `${path
      .split(".")
      .slice(0, 6)
      .map((name) => `expand.${name}.`)
      .join("")}id`;
    const least = await view(`posts/records/${ids["p2"]}?expand=${path}&fields=${fields}`);
    expect(JSON.stringify(least)).not.toMatch(/title|text|collectionId/);
    expect(JSON.stringify(least).match(/"id"/g)?.length).toBeGreaterThan(0);
  });

  test("a back-relation has a collection's name or its id", async () => {
    const { id = "" } = opened.project.collections.find("comments") ?? {};
    expect(told(await post("p2", `${id}_via_post`))).toEqual({ Two: { [`${id}_via_post`]: ["other"] } });
  });
});

test("views lead on by the relations they carry, and are led to", async () => {
  const viewQuery = "SELECT posts.id, posts.title, posts.author, posts.editors FROM posts WHERE posts.title != 'Two'";
  await opened.collection({
    name: "shown",
    type: "view",
    viewQuery,
    createRule: null,
    updateRule: null,
    deleteRule: null,
  });
  const shown = await view(`shown/records/${ids["p1"]}?expand=author.shown_via_author,editors`);
  expect(told(shown)).toEqual({ One: { author: { Ann: { shown_via_author: ["One"] } }, editors: ["Bob", "Ann"] } });
  const ann = await view(`people/records/${ids["ann"]}?expand=shown_via_author.editors,shown_via_editors`);
  expect(told(ann)).toEqual({
    Ann: { shown_via_author: [{ One: { editors: ["Bob", "Ann"] } }], shown_via_editors: ["One"] },
  });
});

describe("each record as its own collection shows it", () => {
  test("emails and hidden fields", async () => {
    const seen = async (as?: string) => {
      const found = (await post("p1", "editors.orgs", as))["expand"] as { editors: Body[] };
      return found.editors.map((it) => [it["name"] ?? null, it["email"] ?? null]);
    };
    expect(await seen()).toEqual([
      ["Bob", null],
      ["Ann", "ann@example.com"],
    ]);
    expect(await seen("bob")).toEqual([
      ["Bob", "bob@example.com"],
      ["Ann", "ann@example.com"],
    ]);
    expect(await seen("boss")).toEqual([
      ["Bob", "bob@example.com"],
      ["Ann", "ann@example.com"],
    ]);
    const text = JSON.stringify(await post("p1", "editors.orgs,author.orgs", "boss"));
    expect(text).not.toMatch(/code|password|tokenKey/);
    expect(JSON.stringify(await post("p1", "editors.orgs", "root"))).toContain(`"code":"a1"`);
    expect(text).toContain(`"collectionName":"orgs"`);
  });

  test("rules know that they are asked for an expansion", async () => {
    const rule = "@request.context = 'expand' || @request.auth.id != ''";
    await opened.collection({
      name: "inside",
      viewRule: rule,
      fields: [text("name"), to("post", opened.project.collections.find("posts")?.id ?? "")],
    });
    const made = await opened.record("inside", { name: "in", post: ids["p1"] ?? "" });
    expect(told(await post("p1", "inside_via_post"))).toEqual({ One: { inside_via_post: ["in"] } });
    expect((await opened.send({ json: ["GET", `/api/collections/inside/records/${String(made["id"])}`] })).status).toBe(
      404,
    );
  });
});

describe("wherever records are answered", () => {
  test("lists, with fields", async () => {
    const list = await view("posts/records?sort=title&expand=author,comments_via_post&fields=title,expand.author.name");
    expect(list["items"]).toEqual([
      { title: "One", expand: { author: { name: "Ann" } } },
      { title: "Three", expand: {} },
      { title: "Two", expand: { author: { name: "Bob" } } },
    ]);
  });

  test("created and changed records", async () => {
    const path = "/api/collections/comments/records";
    const body = { text: "new", post: ids["p2"] ?? "", user: ids["ann"] ?? "" };
    const made = await opened.send({
      json: ["POST", `${path}?expand=post.author,user&fields=id,expand.*.title,expand.*.name`, body],
    });
    expect(made.body["expand"]).toEqual({ post: { title: "Two" }, user: { name: "Ann" } });
    const id = String(made.body["id"]);
    const changed = await opened.send({ json: ["PATCH", `${path}/${id}?expand=user`, { user: ids["bob"] ?? "" }] });
    expect(told(changed.body)).toEqual({ new: { user: "Bob" } });
    // Saved is saved, whatever else was asked for.
    const many = Array.from({ length: 101 }, (_, n) => `x${n}`).join();
    const saved = await opened.send({ json: ["PATCH", `${path}/${id}?expand=${many}`, { text: "newer" }] });
    expect([saved.status, told(saved.body)]).toEqual([200, "newer"]);
    await opened.send({ json: ["DELETE", `${path}/${id}`], ...root });
  });

  test("the same addresses that are pages", async () => {
    const orgs = opened.project.collections.find("orgs")?.id ?? "";
    await opened.collection({ name: "offices", pages: true, fields: [text("name"), to("org", orgs)] });
    const json = { accept: "application/json" };
    const body = { name: "Main", org: ids["acme"] ?? "" };
    const made = await opened.send({ json: ["POST", "/offices?expand=org", body], headers: json });
    const id = String(made.body["id"]);
    const list = await opened.send({ json: ["GET", "/offices?expand=org"], headers: json });
    const one = await opened.send({ json: ["GET", `/offices/${id}?expand=org`], headers: json });
    const expected = { Main: { org: "Acme" } };
    expect([made.body, (list.body["items"] as Json[])[0], one.body].map(told)).toEqual([expected, expected, expected]);
  });

  test("who signs in", async () => {
    const path = "/api/collections/people";
    const sent = { identity: "ann@example.com", password };
    const session = await opened.send({ json: ["POST", `${path}/auth-with-password?expand=orgs,vault`, sent] });
    expect(told(session.body["record"])).toEqual({ Ann: { orgs: ["Bolt", "Acme"] } });
    const again = await opened.send({ json: ["POST", `${path}/auth-refresh?expand=profiles_via_person`], as: "ann" });
    expect(told(again.body["record"])).toEqual({ Ann: { profiles_via_person: "poet" } });
  });
});

describe("what one request may ask for", () => {
  test("a hundred relations", async () => {
    const many = Array.from({ length: 101 }, (_, n) => `x${n}`).join();
    const answer = await opened.send({ json: ["GET", `/api/collections/posts/records/${ids["p1"]}?expand=${many}`] });
    expect([answer.status, answer.body["message"]]).toEqual([
      400,
      "The request expands more than 100 relations. Expand fewer.",
    ]);
  });

  test("a thousand records that refer to one, and twenty thousand in all", async () => {
    await using own = await Opened.open();
    await own.collection({ name: "hubs", fields: [text("name")] });
    const hubs = own.project.collections.find("hubs")?.id ?? "";
    await own.collection({
      name: "spokes",
      viewRule: "n > 5",
      fields: [{ name: "n", type: "number" }, to("hub", hubs), to("hubs", hubs, 9)],
    });
    const hub = String((await own.record("hubs", { name: "hub" }))["id"]);
    const rows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
      INSERT INTO spokes (id, n, hub, hubs) SELECT printf('s%014d', i), i, '${hub}', '["${hub}"]' FROM n`;
    await own.project.store.write((tx) => tx.run(raw(rows)));
    const get = (expand: string) =>
      own.send({ json: ["GET", `/api/collections/hubs/records/${hub}?expand=${expand}`] });
    for (const by of ["spokes_via_hub", "spokes_via_hubs"]) {
      const { body } = await get(by);
      const spokes = (body["expand"] as Record<string, Body[]>)[by] ?? [];
      expect([by, spokes.length, spokes[0]?.["n"], spokes.at(-1)?.["n"]]).toEqual([by, 1000, 6, 1005]);
    }
    const far = await get("spokes_via_hub.hub.spokes_via_hub");
    expect([far.status, far.body["message"]]).toEqual([
      400,
      "The answer would hold more than 20000 expanded records. Ask for fewer records at a time, or expand fewer relations.",
    ]);
  });
});

describe("ten megabytes of expanded records", () => {
  const peers = 60;

  /** Posts of 20 kB, each pointing at all. */
  async function crowd(): Promise<Opened> {
    const own = await Opened.open();
    await own.collection({ name: "posts", fields: [text("body", { max: 30_000 })] });
    const posts = own.project.collections.find("posts")?.id ?? "";
    await own.person("root", {}, "_superusers");
    const fields = [text("body", { max: 30_000 }), to("peers", posts, 99), to("first", posts)];
    const changed = await own.send({ json: ["PATCH", "/api/collections/posts", { fields }], ...root });
    expect(changed.status, changed.text).toBe(200);
    const ids = JSON.stringify(Array.from({ length: peers }, (_, n) => `p${n}`));
    await own.project.store.write(async (tx) => {
      for (let n = 0; n < peers; n++) {
        const body = "x".repeat(20_000);
        await tx.run(sql`INSERT INTO posts (id, body, peers, first) VALUES (${`p${n}`}, ${body}, ${ids}, ${"p0"})`);
      }
    });
    return own;
  }

  const tooLarge = [400, "The answer would be too large. Ask for fewer records at a time, or expand fewer relations."];

  test("each as often as it is written, and nothing is read beyond them", async () => {
    await using own = await crowd();
    const get = (query: string) => own.send({ json: ["GET", `/api/collections/posts/records?${query}`] });
    const few = await get("perPage=5&expand=peers");
    expect([few.status, (few.body["items"] as Body[]).length]).toEqual([200, 5]);
    expect((await get(`perPage=${peers}&expand=first`)).status).toBe(200);
    const { store } = own.project;
    const { scan } = store;
    let rows = 0;
    const counting = async (...asked: Parameters<typeof scan>) => {
      const found = await scan.call(store, ...asked);
      rows += found.length;
      return found;
    };
    Object.assign(store, { scan: counting });
    try {
      for (const expand of [
        "peers",
        "peers,posts_via_peers",
        "posts_via_peers",
        "first.peers.peers",
        "posts_via_first",
      ]) {
        rows = 0;
        const perPage = expand === "posts_via_first" ? 1 : 30;
        const answer = await get(`perPage=${perPage}&skipTotal=1&sort=id&fields=id&expand=${expand}`);
        const expected = expand === "posts_via_first" ? [200, undefined] : tooLarge;
        expect([expand, answer.status, answer.body["message"]]).toEqual([expand, ...expected]);
        // Those of the list, and of the relations the posts that there are.
        expect(rows).toBeLessThanOrEqual(30 + 2 * peers + 1);
      }
    } finally {
      Object.assign(store, { scan });
    }
  });
});

test("a level is one query for all its records", async () => {
  const { store } = opened.project;
  const { scan } = store;
  let scans = 0;
  const counting = (query: Sql, gone?: AbortSignal) => {
    scans++;
    return scan.call(store, query, gone);
  };
  Object.assign(store, { scan: counting });
  try {
    const expand = "author.orgs,editors.orgs,comments_via_post.user,bundles_via_posts";
    await view(`posts/records?expand=${expand}&skipTotal=1`, "root");
  } finally {
    Object.assign(store, { scan });
  }
  expect(scans).toBe(1 + 7);
});
