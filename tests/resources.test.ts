import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { starter } from "../src/embedded.ts";
import { type Body, Opened, scenarios } from "./testing.ts";

/** The demo's collections, with a few posts: Ann's, one of them not published, and one of Bob's. */
async function demo(it: Opened): Promise<void> {
  await it.project.applyStarter(starter("demo")?.schema);
  const id = "ann000000000000";
  await it.person("ann", { id, name: "Ann" });
  await it.person("bob", { id: "bob000000000000", name: "Bob" });
  await it.person("root", {}, "_superusers");
  await it.record("posts", {
    id: "post00000000001",
    author: id,
    title: "Ferns",
    body: "Water\n\n<b>them</b>",
    published: true,
  });
  await it.record("posts", { id: "post00000000002", author: id, title: "A draft", published: false });
  await it.record("posts", { id: "post00000000003", author: "bob000000000000", title: "Thistles", published: true });
  await it.record("products", { id: "product00000001", name: "Moss", price: 2 });
}

const page = { accept: "text/html" };
const form = (path: string, fields: Readonly<Record<string, string>>) => ({ form: [path, fields] as const });
const get = (path: string) => ({ json: ["GET", path] as const, headers: page });

const post = { title: "Moss", body: "Soft.", author: "ann000000000000", published: "true" };

scenarios("pages", demo, [
  {
    it: "list what everyone may see",
    ...get("/posts"),
    get: 200,
    shows: ["<h1>Posts</h1>", "Ferns", "Thistles", "Sign in"],
    hides: ["A draft", "Add new", "Edit"],
  },
  {
    it: "list one's own, too, and offer to write",
    ...get("/posts"),
    as: "ann",
    get: 200,
    shows: ["A draft", "Add new", "Signed in as Ann", "/users/ann000000000000"],
  },
  { it: "search", ...get("/posts?search=thist"), get: 200, shows: ["Thistles", "Records: 1"], hides: ["Ferns"] },
  {
    it: "say that a search found nothing, with what was searched escaped",
    ...get("/posts?search=%3Cscript%3E"),
    get: 200,
    shows: ["Nothing matches “&lt;script>”"],
    hides: ["<script>”"],
  },
  { it: "sort", ...get("/posts?sort=title"), get: 200, shows: [`aria-sort="ascending"`, "sort=-title"] },
  {
    it: "sort by no field that there is not",
    ...get("/posts?sort=-nothing&page=x&perPage=x&filter=((("),
    get: 200,
    shows: ["Ferns"],
    hides: ["aria-sort"],
  },
  {
    it: "show a record, with its relation as a label that nobody else may see",
    ...get("/posts/post00000000001"),
    get: 200,
    shows: ["<h1>Ferns</h1>", "Water\n\n&lt;b>them&lt;/b>", "Private", "<dd>Yes</dd>"],
    hides: ["/edit", "/delete", "Ann"],
  },
  {
    it: "show one's own record with what one may do",
    ...get("/posts/post00000000001"),
    as: "ann",
    get: 200,
    shows: [
      `href="/posts/post00000000001/edit"`,
      `href="/posts/post00000000001/delete"`,
      `<a href="/users/ann000000000000">Ann</a>`,
    ],
  },
  { it: "show dates in words", ...get("/posts/post00000000001"), get: 200, shows: ["<time datetime=", " UTC</time>"] },
  { it: "do not show what may not be seen", ...get("/posts/post00000000002"), as: "bob", get: 404, hides: ["A draft"] },
  { it: "say what has just been done", ...get("/posts?done=deleted"), get: 200, shows: ["It is deleted."] },
  {
    it: "say nothing that others put into a link",
    ...get("/posts?done=constructor"),
    get: 200,
    hides: [`role="status"`],
  },
  { it: "send a slash home", ...get("/posts/?page=2"), get: 303, to: "/posts?page=2" },
  {
    it: "ask who is signed out to sign in, to write",
    ...get("/posts/new"),
    get: 303,
    to: "/login?next=%2Fposts%2Fnew",
  },
  {
    it: "ask who is signed out to sign in, to edit",
    ...get("/posts/post00000000001/edit"),
    get: 303,
    to: "/login?next=%2Fposts%2Fpost00000000001%2Fedit",
  },
  {
    it: "ask the same of who looks for what is not there",
    ...get("/posts/nothing/delete"),
    get: 303,
    to: "/login?next=%2Fposts%2Fnothing%2Fdelete",
  },
  {
    it: "give a form with oneself as the author",
    ...get("/posts/new"),
    as: "ann",
    get: 200,
    shows: [`<option value="ann000000000000" selected>Ann</option>`, `name="title"`, `maxlength="240"`],
    hides: [`name="id"`, `name="created"`, "Bob"],
  },
  {
    it: "give a form with what is stored",
    ...get("/posts/post00000000001/edit"),
    as: "ann",
    get: 200,
    shows: [`value="Ferns"`, "Water\n\n&lt;b>them", "Edit Ferns"],
  },
  {
    it: "let nobody edit what is another's",
    ...get("/posts/post00000000001/edit"),
    as: "bob",
    get: 403,
    shows: ["You may look at this, but not change it. Ask"],
  },
  { it: "do not tell another that there is a draft", ...get("/posts/post00000000002/edit"), as: "bob", get: 404 },
  {
    it: "ask before they delete",
    ...get("/posts/post00000000001/delete"),
    as: "ann",
    get: 200,
    shows: ["Delete Ferns?", `action="/posts/post00000000001/delete"`],
  },
  { it: "let nobody delete what is another's", ...get("/posts/post00000000001/delete"), as: "bob", get: 403 },
  {
    it: "let only superusers delete products",
    ...get("/products/product00000001/delete"),
    as: "ann",
    get: 403,
    shows: ["for superusers only"],
  },
  {
    it: "do not offer it either",
    ...get("/products/product00000001"),
    as: "ann",
    get: 200,
    shows: ["/edit"],
    hides: ["/delete"],
  },
  {
    it: "offer it to a superuser who comes with a token",
    ...get("/products/product00000001"),
    as: "root",
    get: 200,
    shows: ["/edit", "/delete"],
  },
]);

scenarios("forms", demo, [
  {
    it: "make a record and lead to it",
    ...form("/posts", { ...post, published: "false" }),
    as: "ann",
    get: 303,
    changes: { posts: 1, outbox: 1 },
  },
  {
    it: "come back with what was typed and what is wrong",
    ...form("/posts", { ...post, title: "" }),
    as: "ann",
    get: 422,
    shows: ["Soft.</textarea>", "Cannot be blank.", `aria-invalid="true"`, "<title>Problem: "],
  },
  {
    it: "come back to who has been signed out",
    ...form("/posts", post),
    get: 401,
    shows: [`value="Moss"`, "You are signed out", "/login?next=%2Fresend%2F", "send it again with one button"],
  },
  {
    it: "come back to who writes in another's name",
    ...form("/posts", { ...post, author: "bob000000000000" }),
    as: "ann",
    get: 403,
    shows: [`value="Moss"`, "You may not add this"],
  },
  {
    it: "change a record and lead to it",
    ...form("/posts/post00000000001", { title: "Big ferns" }),
    as: "ann",
    get: 303,
    to: "/posts/post00000000001?done=updated",
    changes: { outbox: 1 },
  },
  {
    it: "come back with a change that has a problem",
    ...form("/posts/post00000000001", { ...post, title: "x".repeat(121) }),
    as: "ann",
    get: 422,
    shows: ["x".repeat(121), "Edit Ferns", `action="/posts/post00000000001"`],
  },
  {
    it: "come back with a change by who has been signed out",
    ...form("/posts/post00000000002", { title: "Typed" }),
    get: 401,
    shows: [`value="Typed"`, "/login?next=%2Fposts%2Fpost00000000002%2Fedit"],
    hides: ["A draft"],
  },
  {
    it: "answer a guest alike where there is nothing",
    ...form("/posts/nothing", { title: "Typed" }),
    get: 401,
    shows: [`value="Typed"`],
  },
  {
    it: "keep what was typed into another's record",
    ...form("/posts/post00000000001", { title: "Typed" }),
    as: "bob",
    get: 404,
    shows: [`value="Typed"`, "you may not change it like this"],
  },
  {
    it: "delete a record and lead to the list",
    ...form("/posts/post00000000001/delete", {}),
    as: "ann",
    get: 303,
    to: "/posts?done=deleted",
    changes: { posts: -1, outbox: 1 },
  },
  {
    it: "ask who is signed out to sign in before they delete",
    ...form("/posts/post00000000001/delete", {}),
    get: 401,
    shows: ["nothing was deleted", "Sign in in a new tab"],
  },
  { it: "delete nothing of others", ...form("/posts/post00000000001/delete", {}), as: "bob", get: 403 },
  {
    it: "delete nothing of others that they may not see",
    ...form("/posts/post00000000002/delete", {}),
    as: "bob",
    get: 404,
  },
  {
    it: "let nobody but superusers delete a product",
    ...form("/products/product00000001/delete", {}),
    as: "ann",
    get: 403,
  },
  {
    it: "let a superuser delete a product",
    ...form("/products/product00000001/delete", {}),
    as: "root",
    get: 303,
    to: "/products?done=deleted",
    changes: { products: -1, outbox: 1 },
  },
  {
    it: "are refused from another site",
    ...form("/posts", post),
    as: undefined,
    headers: { "sec-fetch-site": "cross-site", cookie: "formstead=x" },
    get: 403,
  },
  {
    it: "say what is wrong with an account, and take no email of others' choice",
    ...form("/users", { email: "new@example.com", password: "short", passwordConfirm: "other" }),
    get: 422,
    shows: [`value="new@example.com"`, "passwordConfirm"],
    hides: ["short"],
  },
  {
    it: "make an account, which its maker may not see yet",
    ...form("/users", { email: "new@example.com", password: "long enough", passwordConfirm: "long enough" }),
    get: 303,
    to: "/users?done=created",
    changes: { users: 1, outbox: 1 },
  },
]);

const json = (method: string, path: string, body?: Body) => ({
  json: body ? ([method, path, body] as const) : ([method, path] as const),
});
const notFound = `{"data":{},"message":"The requested resource wasn't found.","status":404}`;

scenarios("the same URLs for scripts", demo, [
  {
    it: "list",
    ...json("GET", "/posts?sort=title&perPage=1&fields=title"),
    get: 200,
    shows: [`{"items":[{"title":"Ferns"}],"page":1,"perPage":1,"totalItems":2,"totalPages":2}`],
  },
  {
    it: "filter",
    ...json("GET", "/posts?filter=title='Thistles'&skipTotal=1"),
    get: 200,
    shows: [`"totalItems":-1`, "Thistles"],
    hides: ["Ferns"],
  },
  { it: "refuse a filter that says nothing", ...json("GET", "/posts?filter=((("), get: 400 },
  { it: "refuse a page that is no number", ...json("GET", "/posts?page=x"), get: 400, shows: [`"data":{}`] },
  {
    it: "show",
    ...json("GET", "/posts/post00000000001"),
    get: 200,
    shows: [`"title":"Ferns"`, `"collectionName":"posts"`],
  },
  {
    it: "show oneself",
    ...json("GET", "/users/ann000000000000"),
    as: "ann",
    get: 200,
    shows: [`"email":"ann@example.com"`],
    hides: ["password", "tokenKey"],
  },
  { it: "show nobody else", ...json("GET", "/users/ann000000000000"), as: "bob", get: 404, shows: [notFound] },
  {
    it: "create",
    ...json("POST", "/posts", { title: "Moss", author: "ann000000000000" }),
    as: "ann",
    get: 200,
    shows: [`"title":"Moss"`, `"published":false`],
    changes: { posts: 1, outbox: 1 },
  },
  {
    it: "say what is wrong",
    ...json("POST", "/posts", { author: "ann000000000000" }),
    as: "ann",
    get: 400,
    shows: [
      `{"data":{"title":{"code":"validation_required","message":"Cannot be blank."}},"message":"Failed to create record.","status":400}`,
    ],
  },
  {
    it: "create nothing for a guest",
    ...json("POST", "/posts", { title: "Moss" }),
    get: 400,
    shows: [`{"data":{},"message":"Failed to create record.","status":400}`],
  },
  {
    it: "change by PUT",
    ...json("PUT", "/users/ann000000000000", { name: "Anna" }),
    as: "ann",
    get: 200,
    shows: [`"name":"Anna"`],
    changes: { outbox: 1 },
  },
  {
    it: "change by PATCH",
    ...json("PATCH", "/posts/post00000000001", { title: "Big ferns" }),
    as: "ann",
    get: 200,
    shows: [`"body":"Water`],
    changes: { outbox: 1 },
  },
  {
    it: "change by POST",
    ...json("POST", "/posts/post00000000001", { title: "" }),
    as: "ann",
    get: 400,
    shows: ["Failed to update record."],
  },
  {
    it: "change nobody else",
    ...json("PUT", "/users/ann000000000000", { name: "Anna" }),
    as: "bob",
    get: 404,
    shows: [notFound],
  },
  { it: "delete", ...json("DELETE", "/posts/post00000000001"), as: "ann", get: 204, changes: { posts: -1, outbox: 1 } },
  {
    it: "delete as forms do",
    ...json("POST", "/posts/post00000000001/delete"),
    as: "ann",
    get: 204,
    changes: { posts: -1, outbox: 1 },
  },
  {
    it: "delete no product for a user",
    ...json("DELETE", "/products/product00000001"),
    as: "ann",
    get: 403,
    shows: ["Only superusers can perform this action."],
  },
  {
    it: "delete a product for a superuser",
    ...json("DELETE", "/products/product00000001"),
    as: "root",
    get: 204,
    changes: { products: -1, outbox: 1 },
  },
  {
    it: "answer JSON to a method of scripts that wishes for nothing",
    json: ["DELETE", "/posts/nothing"],
    headers: { accept: "*/*" },
    get: 404,
    shows: [notFound],
  },
  { it: "have no forms", ...json("GET", "/posts/post00000000001/edit"), as: "ann", get: 404, shows: [notFound] },
  { it: "take new for an id", ...json("GET", "/posts/new"), get: 404, shows: [notFound] },
  {
    it: "are not there for a collection without pages",
    ...json("GET", "/orders"),
    as: "ann",
    get: 404,
    shows: [notFound],
  },
  {
    it: "are not there by the id of a collection",
    ...json("GET", "/_pb_users_auth_"),
    as: "ann",
    get: 404,
    shows: [notFound],
  },
  {
    it: "read no body for what is not there",
    json: ["POST", "/orders", { a: 1 }],
    headers: { "content-type": "text/strange" },
    get: 404,
    shows: [notFound],
  },
  {
    it: "do not answer for the API",
    ...json("POST", "/api/posts", { title: "Moss" }),
    as: "ann",
    get: 404,
    shows: [notFound],
  },
]);

describe("what answers a path", () => {
  /** A project with `pages` on for one collection, and a site with files in the user's own folder. */
  async function site(files: Readonly<Record<string, string>>): Promise<Opened> {
    const it = await Opened.open();
    await it.collection({ name: "posts", pages: true, fields: [{ name: "title", type: "text" }] });
    await it.collection({ name: "notes", fields: [{ name: "title", type: "text" }] });
    await it.record("posts", { id: "post00000000001", title: "Ferns" });
    mkdirSync(join(it.dir, "public", "posts"), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(it.dir, "public", file), text);
    return it;
  }

  test("is a file of the user's before a page of ours, whose forms stay", async () => {
    await using it = await site({ "posts.html": "My own list", "posts/new.html": "My own form" });
    expect((await it.send({ ...get("/posts") })).text).toBe("My own list");
    expect((await it.send({ ...get("/posts/new") })).text).toBe("My own form");
    expect((await it.send({ ...get("/posts/post00000000001") })).text).toContain("Ferns");
    expect((await it.send(form("/posts", { title: "x".repeat(6000) }))).status).toBe(422);
  });

  test("is the user's index.html for what no page answers, and only for who reads", async () => {
    await using it = await site({ "index.html": "My own app" });
    const paths = [
      "/notes",
      "/notes/",
      "/notes/new",
      "/notes/a",
      "/notes/a/edit",
      "/notes/a/delete",
      "/nothing?page=x",
      "/%E0%A4%A",
      "/%E0%A4%A/%E0%A4%A",
      "/Posts",
      "/posts/a/b/c",
    ];
    for (const path of paths) expect([path, (await it.send(get(path))).text]).toEqual([path, "My own app"]);
    for (const path of ["/api/notes", "/api", "/_/nothing", "/forms/nothing/edit"]) {
      expect([path, (await it.send(get(path))).status]).toEqual([path, 404]);
    }
    expect((await it.send(form("/notes", { title: "Hi" }))).status).toBe(404);
    expect((await it.send(get("/posts/nothing"))).status).toBe(404);
    expect((await it.send(get("/posts/%E0%A4%A"))).status).toBe(404);
  });

  test("is never a page of a collection where the server has something itself", async () => {
    await using it = await Opened.open();
    await it.person("root", {}, "_superusers");
    const firsts = it.app.routes.map(({ path }) => path.split("/")[1] ?? "").filter((first) => /^\w+$/.test(first));
    expect(firsts).toContain("forms");
    for (const name of new Set([...firsts, "f", "API", "_secret"])) {
      const body = { name, type: "base", pages: true };
      const { status, text } = await it.send({ as: "root", json: ["POST", "/api/collections", body] });
      expect([name, status, text]).toEqual([name, 400, expect.stringContaining(`Pages at /${name} would hide`)]);
    }
    const made = await it.send({ as: "root", json: ["POST", "/api/collections", { name: "logins", pages: true }] });
    expect(made.status).toBe(200);
    const renamed = await it.send({ as: "root", json: ["PATCH", "/api/collections/logins", { name: "login" }] });
    expect([renamed.status, renamed.text]).toEqual([400, expect.stringContaining("validation_pages_hide")]);
    const without = await it.send({
      as: "root",
      json: ["PATCH", "/api/collections/logins", { name: "login", pages: false }],
    });
    expect(without.status).toBe(200);
  });

  test("changes with the collection, at once", async () => {
    await using it = await site({});
    await it.person("root", {}, "_superusers");
    const turn = (pages: boolean) => it.send({ as: "root", json: ["PATCH", "/api/collections/posts", { pages }] });
    expect((await it.send(get("/posts"))).status).toBe(200);
    await turn(false);
    expect((await it.send(get("/posts"))).status).toBe(404);
    await turn(true);
    expect((await it.send(get("/posts"))).status).toBe(200);
  });
});

describe("a person with a cookie", () => {
  const sent = (it: Opened, as: string) => ({ "sec-fetch-site": "same-origin", cookie: `formstead=${it.token(as)}` });

  test("writes, sees, changes and deletes a post, one page leading to the next", async () => {
    await using it = await Opened.open();
    await demo(it);
    const headers = { ...sent(it, "ann"), ...page };
    const made = await it.send({ ...form("/posts", post), headers });
    const where = made.headers.get("location") ?? "";
    expect(where).toMatch(/^\/posts\/\w{15}\?done=created$/);
    const shown = await it.send({ json: ["GET", where], headers });
    expect(shown.text).toContain("It is saved.");
    const path = where.replace(/\?.*/, "");
    await it.send({ ...form(path, { title: "Mosses" }), headers });
    expect((await it.send({ json: ["GET", path], headers })).text).toContain("<h1>Mosses</h1>");
    expect((await it.send({ ...form(`${path}/delete`, {}), headers })).status).toBe(303);
    expect((await it.send({ json: ["GET", path], headers })).status).toBe(404);
  });

  test("is nobody on these pages as an owner, whose cookie is for the dashboard", async () => {
    await using it = await Opened.open();
    await demo(it);
    const headers = { ...page, cookie: `formstead-owner=${it.token("root")}` };
    expect((await it.send({ json: ["GET", "/products/product00000001/delete"], headers })).status).toBe(403);
  });
});

describe("relations", () => {
  async function library(it: Opened, most: number): Promise<void> {
    await it.collection({ name: "authors", pages: true, fields: [{ name: "name", type: "text" }] });
    const authors = it.project.collections.find("authors")?.id ?? "";
    const relation = { type: "relation", collectionId: authors, maxSelect: most };
    await it.collection({
      name: "books",
      pages: true,
      fields: [
        { name: "title", type: "text", presentable: true },
        { name: "by", ...relation },
      ],
    });
    await it.record("authors", { id: "author000000001", name: "Zoe" });
    await it.record("authors", { id: "author000000002", name: "Abe <b>" });
    await it.record("books", {
      id: "book00000000001",
      title: "Moss",
      by: most > 1 ? ["author000000001", "author000000002"] : "author000000001",
    });
  }

  test("are chosen by name, in the order of names, and what is chosen is kept", async () => {
    await using it = await Opened.open();
    await library(it, 1);
    const { text } = await it.send(get("/books/book00000000001/edit"));
    const [first, second] = [
      text.indexOf(`value="author000000002">Abe &lt;b></option>`),
      text.indexOf(`value="author000000001" selected>Zoe`),
    ];
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
  });

  test("of many are ticked, and listed as links", async () => {
    await using it = await Opened.open();
    await library(it, 5);
    expect((await it.send(get("/books/new"))).text).toMatch(/type="checkbox"[^>]*value="author000000001"/);
    const link = `<a href="/authors/author000000001">Zoe</a>, <a href="/authors/author000000002">Abe &lt;b></a>`;
    for (const path of ["/books", "/books/book00000000001"]) expect((await it.send(get(path))).text).toContain(link);
  });

  test("to too many to choose from are asked by id", async () => {
    await using it = await Opened.open();
    await library(it, 1);
    for (let n = 0; n < 199; n++) await it.record("authors", { name: `Author ${n}` });
    const { text } = await it.send(get("/books/book00000000001/edit"));
    expect(text).toMatch(/<input[^>]*name="by"[^>]*value="author000000001"/);
    expect(text).not.toContain("Author 7");
  });

  test("to what the viewer may not list are asked by id, and its labels are kept to themselves", async () => {
    await using it = await Opened.open();
    await library(it, 1);
    await it.person("root", {}, "_superusers");
    await it.send({ as: "root", json: ["PATCH", "/api/collections/authors", { listRule: null, viewRule: null }] });
    const { text } = await it.send(get("/books/book00000000001/edit"));
    expect(text).toMatch(/<input[^>]*name="by"/);
    expect(text).not.toContain("Zoe");
    expect((await it.send(get("/books/book00000000001"))).text).toContain("Private");
  });
});

describe("rules that ask for what is sent", () => {
  test("do not hide what a form would be allowed", async () => {
    await using it = await Opened.open();
    await it.person("ann");
    const fields = [
      { name: "title", type: "text" },
      { name: "owner", type: "text" },
    ];
    const own = "@request.body.owner = @request.auth.id && @request.auth.id != ''";
    await it.collection({
      name: "notes",
      pages: true,
      fields,
      createRule: own,
      updateRule: "@request.method = 'PATCH' && @request.body.title != ''",
    });
    await it.record("notes", { id: "note00000000001", title: "Hi" });
    expect((await it.send({ ...get("/notes"), as: "ann" })).text).toContain("Add new");
    expect((await it.send({ ...get("/notes/note00000000001"), as: "ann" })).text).toContain("/edit");
    expect((await it.send({ ...form("/notes/note00000000001", { title: "Ho" }), as: "ann" })).status).toBe(303);
  });
});

describe("rules that refuse a field to be sent at all", () => {
  test("leave it out of the forms, which can be sent then", async () => {
    await using it = await Opened.open();
    const fields = ["title", "role"].map((name) => ({ name, type: "text" }));
    const rule = "@request.body.role:isset = false";
    await it.collection({ name: "notes", pages: true, fields, createRule: rule, updateRule: `${rule} && title != ''` });
    await it.record("notes", { id: "note00000000001", title: "Hi", role: "owner" });
    for (const path of ["/notes/new", "/notes/note00000000001/edit"]) {
      const { text } = await it.send(get(path));
      expect(text).toContain(`name="title"`);
      expect(text).not.toContain(`name="role"`);
    }
    expect((await it.send(form("/notes/note00000000001", { title: "Ho" }))).status).toBe(303);
    expect((await it.send(form("/notes/note00000000001", { title: "Ho", role: "x" }))).status).toBe(401);
  });
});

describe("every type of field", () => {
  test("is shown so that nothing of it runs", async () => {
    await using it = await Opened.open();
    const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;
    const fields = [
      { name: "title", type: "text", presentable: true, max: 5000 },
      { name: "html", type: "editor" },
      { name: "data", type: "json" },
      { name: "link", type: "url" },
      { name: "when", type: "date" },
    ];
    await it.collection({ name: "pieces", pages: true, fields });
    const values = {
      title: hostile,
      html: `<p>One</p>${hostile}<p>Two &lt;b&gt;</p>`,
      data: { a: hostile },
      link: "https://plants.example/a",
      when: "2026-01-02 15:04:05.000Z",
    };
    await it.record("pieces", { id: "piece0000000001", ...values });
    for (const path of [
      "/pieces",
      "/pieces/piece0000000001",
      "/pieces/piece0000000001/edit",
      "/pieces/piece0000000001/delete",
    ]) {
      const { status, text } = await it.send(get(path));
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toContain("<script>");
      expect(text).not.toContain("<img src=x");
    }
    const { text } = await it.send(get("/pieces/piece0000000001"));
    expect(text).toContain("One");
    expect(text).toContain("Two &lt;b>");
    expect(text).toContain(`href="https://plants.example/a" rel="nofollow noopener ugc"`);
    expect(text).toMatch(/<time datetime="2026-01-02T15:04:05.000Z">Jan 2, 2026, 3:04\sPM UTC<\/time>/);
  });
});

describe("a starter", () => {
  const kit = {
    collections: [
      { name: "users", pages: true },
      { name: "notes", type: "base", fields: [] },
    ],
    records: {},
  };

  test("changes options of a built-in collection in a project that has no others", async () => {
    await using it = await Opened.open();
    const before = it.project.collections.find("users")?.definition;
    await it.project.applyStarter(kit);
    const after = it.project.collections.find("users")?.definition;
    expect(after).toEqual(before && { ...before, pages: true, updated: expect.any(String) });
    await it.person("root", {}, "_superusers");
    await it.send({ as: "root", json: ["PATCH", "/api/collections/users", { pages: false }] });
    await it.project.applyStarter(kit);
    expect(it.project.collections.find("users")?.definition.pages).toBe(false);
  });

  test("leaves those of a project alone that has some of its own", async () => {
    await using it = await Opened.open();
    await it.collection({ name: "shops", fields: [] });
    await it.project.applyStarter(kit);
    expect(it.project.collections.find("users")?.definition.pages).toBe(false);
    expect(it.project.collections.find("notes")).toBeDefined();
  });
});
