import { expect, test } from "bun:test";
import PocketBase, { ClientResponseError } from "pocketbase";
import { serverOptions } from "../src/http/options.ts";
import { Opened, password } from "./testing.ts";

/** A server on a socket, with a superuser called `root`, and what makes clients of it. */
async function served() {
  const opened = await Opened.open();
  await opened.person("root", {}, "_superusers");
  opened.app.listen({ ...serverOptions, hostname: "127.0.0.1", port: 0 });
  const address = `http://127.0.0.1:${opened.app.server?.port}`;
  /** A client of its own; requests of the same name do not cancel each other. */
  const client = () => new PocketBase(address).autoCancellation(false);
  const owner = async () => {
    const pb = client();
    await pb.collection("_superusers").authWithPassword("root@example.com", password);
    return pb;
  };
  return {
    opened,
    client,
    owner,
    [Symbol.asyncDispose]: async () => {
      await opened.app.server?.stop(true);
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** What the SDK throws. */
async function failure(work: Promise<unknown>): Promise<ClientResponseError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ClientResponseError)) throw new Error(`The SDK threw ${String(error)}.`);
  return error;
}

const open = { listRule: "", viewRule: "", createRule: "", updateRule: "", deleteRule: "" };

/** One field of each of the fourteen types. */
const everyType = (usersId: string) => [
  { name: "title", type: "text", required: true, max: 40 },
  { name: "body", type: "editor" },
  { name: "price", type: "number", min: 0 },
  { name: "public", type: "bool" },
  { name: "contact", type: "email" },
  { name: "site", type: "url" },
  { name: "day", type: "date" },
  { name: "created", type: "autodate", onCreate: true },
  { name: "tags", type: "select", values: ["red", "green", "blue"], maxSelect: 3 },
  { name: "photo", type: "file", maxSelect: 1 },
  { name: "author", type: "relation", collectionId: usersId, maxSelect: 1 },
  { name: "meta", type: "json" },
  { name: "place", type: "geoPoint" },
  { name: "lock", type: "password" },
];

const item = {
  title: "Kettle",
  body: "<p>Copper, <b>two</b> litres</p>",
  price: 12.5,
  public: true,
  contact: "ann@example.com",
  site: "https://example.com/kettle",
  day: "2026-01-02 15:04:05.000Z",
  tags: ["red", "blue"],
  photo: "",
  meta: { sizes: [1, 2], nested: { deep: null } },
  place: { lon: 13.4, lat: 52.5 },
};

test("a superuser signs in, is refreshed, and is known as one", async () => {
  await using server = await served();
  const pb = await server.owner();
  expect(pb.authStore.isValid).toBe(true);
  expect(pb.authStore.isSuperuser).toBe(true);
  expect(pb.authStore.record?.["email"]).toBe("root@example.com");

  const refreshed = await pb.collection("_superusers").authRefresh();
  expect(refreshed.record.id).toBe(pb.authStore.record?.id ?? "");
  expect(pb.authStore.isValid).toBe(true);
  const health = await pb.health.check();
  expect(health.code).toBe(200);

  const wrong = await failure(server.client().collection("_superusers").authWithPassword("root@example.com", "wrong"));
  expect([wrong.status, wrong.response["message"]]).toEqual([400, "Failed to authenticate."]);
});

test("a collection with every type of field is made, shown, listed, changed and deleted", async () => {
  await using server = await served();
  const pb = await server.owner();
  const users = await pb.collections.getOne("users");
  const made = await pb.collections.create({ name: "items", type: "base", ...open, fields: everyType(users.id) });
  const typesOf = (fields: readonly { readonly type: string }[]) => fields.map(({ type }) => type);
  expect(typesOf(made.fields)).toEqual(["text", ...typesOf(everyType(users.id))]);

  expect(await pb.collections.getOne("items")).toEqual(made);
  expect((await pb.collections.getFullList({ filter: "system = false" })).map(({ name }) => name)).toContain("items");
  const changed = await pb.collections.update("items", {
    fields: made.fields.map((field) => (field.name === "title" ? { ...field, name: "heading" } : field)),
  });
  expect(changed.fields.map(({ name }) => name)).toContain("heading");
  await pb.collections.truncate("items");
  await pb.collections.delete("items");
  expect((await failure(pb.collections.getOne("items"))).status).toBe(404);

  const bad = await failure(pb.collections.create({ name: "bad", fields: [{ name: "a", type: "nope" }] }));
  expect(bad.status).toBe(400);
  const [problems] = Object.values(bad.response["data"]["fields"]);
  expect(problems).toEqual({ type: { code: "validation_in_invalid", message: "Must be a valid value." } });
  expect((await failure(server.client().collections.getList())).status).toBe(401);
});

test("records of every type are created, viewed, updated and deleted", async () => {
  await using server = await served();
  const pb = await server.owner();
  const { id: usersId } = await pb.collections.getOne("users");
  await pb.collections.create({ name: "items", type: "base", ...open, fields: everyType(usersId) });
  const items = server.client().collection("items");
  const author = String((await server.opened.person("ann")).id);

  const created = await items.create({ ...item, author, lock: "open sesame" });
  expect(created).toMatchObject({ ...item, author, collectionName: "items" });
  expect(created["created"]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(created).not.toHaveProperty("lock");
  expect(await items.getOne(created.id)).toEqual(created);
  const some: object = await items.getOne(created.id, { fields: "id,title" });
  expect(some).toEqual({ id: created.id, title: "Kettle" });

  const updated = await items.update(created.id, { price: 14.5, tags: ["blue"], public: false, meta: [1], day: "" });
  expect(updated).toMatchObject({ price: 14.5, tags: ["blue"], public: false, meta: [1], day: "", title: "Kettle" });
  expect(await items.delete(created.id)).toBe(true);
  const gone = await failure(items.getOne(created.id));
  expect([gone.status, gone.response["message"]]).toEqual([404, "The requested resource wasn't found."]);

  const empty = await items.create({ title: "Nothing else" });
  expect(empty).toMatchObject({ body: "", price: 0, public: false, day: "", tags: [], author: "", meta: null });
  expect(empty["place"]).toEqual({ lon: 0, lat: 0 });
});

test("problems have their fields, codes and sentences", async () => {
  await using server = await served();
  const pb = await server.owner();
  const { id: usersId } = await pb.collections.getOne("users");
  await pb.collections.create({ name: "items", type: "base", ...open, fields: everyType(usersId) });

  const wrong = {
    title: "",
    price: -1,
    contact: "nobody",
    site: "here",
    tags: ["pink"],
    author: "nobody000000000",
    lock: 1,
  };
  const error = await failure(server.client().collection("items").create(wrong));
  expect(error.status).toBe(400);
  expect(error.response).toMatchObject({ status: 400, message: "Failed to create record." });
  expect(error.response["data"]["title"]).toEqual({ code: "validation_required", message: "Cannot be blank." });
  expect(Object.keys(error.response["data"]).sort()).toEqual(["author", "contact", "price", "site", "tags", "title"]);
});

test("lists are paged, filtered with placeholders, sorted, and read in full", async () => {
  await using server = await served();
  const pb = await server.owner();
  await pb.collections.create({
    name: "notes",
    type: "base",
    ...open,
    fields: [
      { name: "title", type: "text" },
      { name: "count", type: "number" },
      { name: "day", type: "date" },
    ],
  });
  const titles = ["it's", `say "hi"`, "a\\b\\", "two\nlines", "50% _off"];
  for (const [count, title] of titles.entries())
    await pb.collection("notes").create({ title, count, day: "2026-01-02" });
  const notes = server.client().collection("notes");

  const page = await notes.getList(2, 2, { sort: "-count" });
  expect(page).toMatchObject({ page: 2, perPage: 2, totalItems: 5, totalPages: 3 });
  expect(page.items.map((note) => note["count"])).toEqual([2, 1]);
  expect(await notes.getList(1, 1, { skipTotal: true })).toMatchObject({ totalItems: -1, totalPages: -1 });
  expect((await notes.getFullList({ batch: 2, sort: "count" })).map((note) => note["title"])).toEqual(titles);

  for (const title of titles) {
    const found = await notes.getFirstListItem(pb.filter("title = {:title}", { title }));
    expect(found["title"]).toBe(title);
  }
  const wish = { least: 3, before: new Date("2026-06-01"), none: null };
  const filter = pb.filter("count >= {:least} && day < {:before} && title != {:none}", wish);
  expect((await notes.getFullList({ filter, sort: "count" })).map((note) => note["count"])).toEqual([3, 4]);

  const sly = { title: "\\", count: " || count >= 0 //" };
  expect(await notes.getFullList({ filter: pb.filter("title = {:title} && count = {:count}", sly) })).toEqual([]);

  const missing = await failure(notes.getFirstListItem("count > 100"));
  expect(missing.status).toBe(404);
  const malformed = await failure(notes.getList(1, 10, { filter: "count >" }));
  expect(malformed.status).toBe(400);
  expect(malformed.response).toEqual({ data: {}, message: expect.any(String), status: 400 });
  expect(malformed.message).toBe(malformed.response["message"]);
  expect((await failure(notes.getList(1, 10, { sort: "nope" }))).status).toBe(400);
});

test("relations are expanded, filtered and sorted along, and only what was asked for is answered", async () => {
  await using server = await served();
  const pb = await server.owner();
  const text = (name: string) => ({ name, type: "text" });
  const to = (name: string, collectionId: string, maxSelect = 1) => ({
    name,
    type: "relation",
    collectionId,
    maxSelect,
  });
  const people = await pb.collections.create({ name: "people", type: "base", ...open, fields: [text("name")] });
  const posts = await pb.collections.create({
    name: "posts",
    type: "base",
    ...open,
    fields: [text("title"), { name: "body", type: "editor" }, to("author", people.id), to("editors", people.id, 9)],
  });
  const secret = { ...open, viewRule: "text != 'secret'" };
  await pb.collections.create({
    name: "comments",
    type: "base",
    ...secret,
    fields: [text("text"), to("post", posts.id)],
  });
  const ann = await pb.collection("people").create({ name: "Ann" });
  const bob = await pb.collection("people").create({ name: "Bob" });
  const client = server.client();
  const one = await client
    .collection("posts")
    .create(
      { title: "One", body: "<p>It is <b>long</b>.</p>", author: ann.id, editors: [bob.id, ann.id] },
      { expand: "author" },
    );
  expect(one.expand).toMatchObject({ author: { id: ann.id, name: "Ann", collectionName: "people" } });
  const two = await client.collection("posts").create({ title: "Two", author: bob.id, editors: [bob.id] });
  for (const said of ["first", "secret", "last"]) await pb.collection("comments").create({ text: said, post: one.id });

  const wish = { expand: "author,editors,comments_via_post,nothing.here" };
  const got = await client.collection("posts").getOne(one.id, wish);
  expect(got.expand?.["editors"].map(({ name }: { name: string }) => name)).toEqual(["Bob", "Ann"]);
  expect(got.expand?.["comments_via_post"].map(({ text }: { text: string }) => text)).toEqual(["first", "last"]);
  const deep = await client.collection("comments").getFirstListItem("text = 'first'", { expand: "post.author" });
  expect(deep.expand?.["post"].expand.author.name).toBe("Ann");

  const fields = "title,body:excerpt(7,true),expand.author.name,expand.comments_via_post.text";
  const list: object[] = await client.collection("posts").getFullList({ ...wish, fields, sort: "-author.name" });
  expect(list).toEqual([
    { title: "Two", body: "", expand: { author: { name: "Bob" } } },
    {
      title: "One",
      body: "It is l...",
      expand: { author: { name: "Ann" }, comments_via_post: [{ text: "first" }, { text: "last" }] },
    },
  ]);

  const found = async (filter: string) => {
    const { items } = await client.collection("posts").getList(1, 30, { filter, sort: "title", skipTotal: true });
    return items.map((item) => item["title"]);
  };
  expect(await found(client.filter("author.name = {:name}", { name: "Ann" }))).toEqual(["One"]);
  expect(await found("editors.name ?= 'Bob'")).toEqual(["One", "Two"]);
  expect(await found("editors.name = 'Bob'")).toEqual(["Two"]);
  expect(await found("comments_via_post.text ?= 'last'")).toEqual(["One"]);
  expect(await found(client.filter("id = {:id} || author = {:author}", { id: two.id, author: bob.id }))).toEqual([
    "Two",
  ]);
  const changed = await client
    .collection("posts")
    .update(two.id, { author: ann.id }, { expand: "author", fields: "expand" });
  expect(changed.expand?.["author"].name).toBe("Ann");
});

test("somebody signs up, signs in, changes their record, and a new password ends their sessions", async () => {
  await using server = await served();
  const pb = server.client();
  const users = pb.collection("users");
  const next = "another long password";

  const short = await failure(users.create({ email: "ann@example.com", password: "short", passwordConfirm: "short" }));
  expect(short.response["data"]["password"]["code"]).toBe("validation_min_text_constraint");
  const differ = { email: "ann@example.com", password, passwordConfirm: next };
  const code = (await failure(users.create(differ))).response["data"]["passwordConfirm"]["code"];
  expect(code).toBe("validation_values_mismatch");

  const ann = await users.create({ email: "ann@example.com", name: "Ann", password, passwordConfirm: password });
  expect(ann).not.toHaveProperty("email");
  const session = await users.authWithPassword("ann@example.com", password);
  expect(session.record).toMatchObject({ id: ann.id, email: "ann@example.com", name: "Ann" });
  expect(pb.authStore.isSuperuser).toBe(false);
  expect(await users.update(ann.id, { name: "Ann B." })).toMatchObject({ name: "Ann B.", email: "ann@example.com" });

  const taken = { email: "ann@example.com", password, passwordConfirm: password };
  const twice = (await failure(server.client().collection("users").create(taken))).response;
  expect(twice["data"]["email"]["code"]).toBe("validation_not_unique");
  const bob = server.client();
  await bob.collection("users").create({ email: "bob@example.com", password, passwordConfirm: password });
  await bob.collection("users").authWithPassword("bob@example.com", password);
  expect((await failure(bob.collection("users").update(ann.id, { name: "Not Ann" }))).status).toBe(404);
  expect((await failure(bob.collection("users").getOne(ann.id))).status).toBe(404);

  const blind = await failure(users.update(ann.id, { password: next, passwordConfirm: next }));
  expect(blind.response["data"]["oldPassword"]["code"]).toBe("validation_invalid_old_password");
  const elsewhere = server.client();
  elsewhere.authStore.save(pb.authStore.token, pb.authStore.record);
  await users.update(ann.id, { oldPassword: password, password: next, passwordConfirm: next });
  expect((await failure(elsewhere.collection("users").authRefresh())).status).toBe(401);
  expect((await failure(users.authWithPassword("ann@example.com", password))).status).toBe(400);
  expect((await users.authWithPassword("ann@example.com", next)).record.id).toBe(ann.id);
  expect(await users.delete(ann.id)).toBe(true);
});

test("files are uploaded, added, taken out, and had by their addresses", async () => {
  await using server = await served();
  const pb = await server.owner();
  const fields = [
    { name: "title", type: "text" },
    { name: "meta", type: "json" },
    { name: "photos", type: "file", maxSelect: 5 },
    { name: "secret", type: "file", protected: true },
  ];
  await pb.collections.create({ name: "albums", type: "base", ...open, viewRule: "@request.auth.id != ''", fields });
  const albums = pb.collection("albums");
  const made = await albums.create({
    title: "Ours",
    meta: { a: [1, "2"] },
    photos: [new File(["one"], "One.txt"), new File(["two"], "two.txt")],
    secret: new File(["hidden"], "s.txt"),
  });
  expect(made).toMatchObject({ title: "Ours", meta: { a: [1, "2"] } });
  const [one = "", two = ""] = made["photos"] as string[];
  const text = async (name: string, query = {}) => {
    const answer = await fetch(pb.files.getURL(made, name, query));
    return answer.ok ? answer.text() : answer.status;
  };
  expect([await text(one), await text(two)]).toEqual(["one", "two"]);
  expect(await text(made["secret"])).toBe(404);
  expect(await text(made["secret"], { token: await pb.files.getToken() })).toBe("hidden");

  const more = await albums.update(made.id, { "photos+": [new File(["three"], "three.txt")], "photos-": [one] });
  expect(more["photos"]).toEqual([two, expect.stringMatching(/^three_\w{10}\.txt$/)]);
  expect(await text(one)).toBe(404);
  const mixed = await albums.update(made.id, { photos: [new File(["four"], "four.txt"), two] });
  expect(mixed["photos"]).toEqual([expect.stringMatching(/^four_/), two]);

  const form = new FormData();
  form.append("photos", new File(["five"], "five.txt"));
  expect((await albums.update(made.id, form))["photos"]).toEqual([expect.stringMatching(/^five_/)]);
  const many = Array.from({ length: 6 }, (_, n) => new File(["x"], `${n}.txt`));
  const tooMany = (await failure(albums.update(made.id, { photos: many }))).response;
  expect(tooMany["data"]["photos"]["code"]).toBe("validation_too_many_files");
  expect(await albums.delete(made.id)).toBe(true);
});
