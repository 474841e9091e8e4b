import { describe, expect, setSystemTime, test } from "bun:test";
import { join } from "node:path";
import { starter } from "../src/embedded.ts";
import type { Json } from "../src/fields/field.ts";
import { sql } from "../src/store/sql.ts";
import { hook, openHooked } from "./hooked.ts";
import { type Answer, type Body, Opened, type Wish } from "./testing.ts";

const demo = join(import.meta.dir, "..", "db", "starters", "demo", "hooks");
const notes = "/api/collections/notes/records";

function post(body: Json, as?: string): Wish {
  return { json: ["POST", notes, body], as };
}

describe("the demo's hooks", () => {
  async function openDemo(): Promise<Opened> {
    const it = await Opened.open({ hooksDir: demo });
    await it.project.applyStarter(starter("demo")?.schema);
    return it;
  }

  test("GET /hello says hello as plain text", async () => {
    await using it = await openDemo();
    it.app.listen({ hostname: "127.0.0.1", port: 0, reusePort: false });
    const answer = await fetch(`http://127.0.0.1:${it.app.server?.port}/hello`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/plain;charset=utf-8"]);
    expect(await answer.text()).toBe("Hello from the backend!");
    await it.app.server?.stop(true);
  });

  test("everything a route answers is stamped, and who brings a stamp is refused", async () => {
    await using it = await openDemo();
    for (const path of ["/hello", "/", "/login", "/api/health", "/api/collections/products/records", "/_/login"]) {
      expect([path, (await it.send({ json: ["GET", path] })).headers.get("x-stamp")]).toEqual([path, "Thistledown"]);
      const refused = await it.send({ json: ["GET", path], headers: { "x-stamp": "mine" } });
      expect([path, refused.status, refused.text]).toEqual([path, 403, expect.stringContaining("Only we put stamps")]);
    }
  });

  /** Each face of the orders, which answers with what was stored. */
  const faces: Readonly<Record<string, (it: Opened, order: Readonly<Record<string, Json>>) => Promise<Answer>>> = {
    API: (it, order) => it.send({ as: "ann", json: ["POST", "/api/collections/orders/records", order] }),
    "JSON URL": (it, order) => it.send({ as: "ann", json: ["POST", "/orders", order] }),
    page: (it, order) => it.send({ as: "ann", form: ["/orders", typed(order)] }),
    form: (it, order) => it.send({ as: "ann", form: ["/forms/order", typed(order)] }),
  };

  function typed(order: Readonly<Record<string, Json>>): Record<string, string | string[]> {
    return Object.fromEntries(
      Object.entries(order).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)]),
    );
  }

  async function openShop(): Promise<{ it: Opened; customer: Json; ids: Json[] }> {
    const it = await openDemo();
    const ann = await it.person("ann");
    await it.person("root", {}, "_superusers");
    await it.send({ as: "root", json: ["PATCH", "/api/collections/orders", { pages: true }] });
    await it.record("_forms", { slug: "order", collection: "orders", title: "Order" });
    const { items } = (await it.send({ json: ["GET", "/api/collections/products/records"] })).body;
    const ids = (Array.isArray(items) ? items : []).map((item) => Object(item).id);
    return { it, customer: ann["id"] ?? "", ids };
  }

  for (const [face, order] of Object.entries(faces)) {
    test(`the total of an order is the server's, whatever was sent: ${face}`, async () => {
      const { it, customer, ids } = await openShop();
      await using _ = it;
      const totals: Body[] = [
        {},
        { total: 0 },
        { total: 999 },
        { total: -5 },
        { total: "free" },
        { total: "" },
        { "total+": 9 },
      ];
      for (const sent of totals) {
        const answer = await order(it, { customer, products: ids, ...sent });
        expect([sent, answer.status]).toEqual([sent, answer.status === 303 ? 303 : 200]);
      }
      const stored = await it.project.store.all<{ total: number }>(sql`SELECT total FROM orders`);
      expect(stored.map(({ total }) => total)).toEqual(Array(7).fill(13.5));
    });

    test(`an empty order is given back with a sentence: ${face}`, async () => {
      const { it, customer } = await openShop();
      await using _ = it;
      const orders: Body[] = [{}, { products: [] }, { products: "" }, { total: 3 }];
      for (const sent of orders) {
        const answer = await order(it, { customer, ...sent });
        expect([sent, answer.status]).toEqual([sent, answer.headers.get("content-type")?.includes("json") ? 400 : 422]);
        expect(answer.text).toContain("Choose at least one product.");
      }
      expect((await it.counts())["orders"]).toBe(0);
    });
  }

  test("an order that is changed is priced anew, and its total stays what it costs", async () => {
    const { it, customer, ids } = await openShop();
    await using _ = it;
    const { id } = await it.record("orders", { customer, products: ids });
    const change = async (values: Json) =>
      (await it.send({ as: "root", json: ["PATCH", `/api/collections/orders/records/${id}`, values] })).body["total"];
    expect(await change({ total: 1 })).toBe(13.5);
    expect(await change({ products: [ids[0] ?? ""], total: 1 })).toBe(3.8);
  });

  test("nobody learns anything from an order that is not theirs to make", async () => {
    const { it, customer } = await openShop();
    await using _ = it;
    const answer = await it.send({ json: ["POST", "/api/collections/orders/records", { customer }] });
    expect([answer.status, answer.body["data"]]).toEqual([400, {}]);
  });
});

describe("before", () => {
  const touch = hook(`
    project.records("notes").before({
      create: async ({ values }) => { await Bun.sleep(1); values.secret = "ours"; values.day = new Date(0); },
      update: ({ values, record }) => { values.count = record.count + 1; },
    });`);

  test("may await, and set what visitors cannot", async () => {
    await using it = await openHooked({ "a.ts": touch });
    const made = await it.send(post({ title: "x", secret: "theirs", count: 4 }));
    expect([made.status, made.body["secret"], made.body["day"]]).toEqual([200, undefined, "1970-01-01 00:00:00.000Z"]);
    const rows = await it.project.store.all<{ secret: string }>(sql`SELECT secret FROM notes`);
    expect(rows).toEqual([{ secret: "ours" }]);
    const changed = await it.send({ json: ["PATCH", `${notes}/${made.body["id"]}`, { count: "rubbish" }] });
    expect([changed.status, changed.body["count"], changed.body["title"]]).toEqual([200, 5, "x"]);
  });

  const verdicts: readonly [does: string, body: string, status: number, shows: string][] = [
    ["a value that does not fit", `values.title = "x".repeat(21)`, 400, "Must be no more than 20 character(s)."],
    ["a value of another kind", `values.count = {}`, 400, '"count":{'],
    ["a value taken back", `delete values.title`, 400, "Cannot be blank."],
    ["a sentence", `return { title: "Say it nicer." }`, 400, '"validation_refused","message":"Say it nicer."'],
    ["a code", `return { title: { code: "rude", message: "Be kind." } }`, 400, '"code":"rude","message":"Be kind."'],
    ["nothing", `return {}`, 200, '"title":"t"'],
    ["null", `return null`, 200, '"title":"t"'],
    ["a refusal", `refuse("We are closed.")`, 400, '"message":"We are closed."'],
    ["a refusal of a kind", `refuse("Not you.", "forbidden")`, 403, '"message":"Not you."'],
    ["an error", `throw new Error("s3cret")`, 500, "Something went wrong"],
    ["a thrown text", `throw "s3cret"`, 500, "Something went wrong"],
    ["a rejected promise", `return Promise.reject(new Error("s3cret"))`, 500, "Something went wrong"],
    ["an answer that means nothing", `return "s3cret"`, 500, "Something went wrong"],
    ["a problem without a sentence", `return { title: 7 }`, 500, "Something went wrong"],
    ["a field that is none", `values.titel = "s3cret"`, 500, "Something went wrong"],
  ];
  test.each(verdicts)("%s", async (_, body, status, shows) => {
    const text = `project.records("notes").before({ create: ({ values, refuse }) => { ${body}; } });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    const answer = await it.send(post({ title: "t" }));
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(shows)]);
    expect(answer.text).not.toContain("s3cret");
    expect((await it.counts())["notes"]).toBe(status === 200 ? 1 : 0);
    await it.project.logs.flush();
    const fault = `fault ${answer.headers.get("x-request-id")}\n`;
    expect(it.log.join("").includes(fault)).toBe(status === 500);
  });

  test("the first file that finds something is the last one asked", async () => {
    const says = (sentence: string) =>
      hook(`project.records("notes").before({ create: ({ values }) => ({ title: values.title + ${sentence} }) });`);
    await using it = await openHooked({ "b.ts": says(`" b"`), "a.ts": says(`" a"`) });
    expect((await it.send(post({ title: "t" }))).text).toContain('"t a"');
  });

  test("the rule is asked of what it leaves, and where the request alone decides it is not asked", async () => {
    const text = `let calls = 0;
      app.get("/calls", () => String(calls));
      project.records("notes").before({ create: ({ values, viewer }) => { calls++; values.owner = viewer.record?.id ?? ""; } });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    await it.person("ann");
    await it.person("root", {}, "_superusers");
    const createRule = "@request.auth.id != '' && owner = @request.auth.id && @request.body.owner:isset = false";
    await it.send({ as: "root", json: ["PATCH", "/api/collections/notes", { createRule }] });
    expect((await it.send(post({ title: "t" }, "ann"))).status).toBe(200);
    expect((await it.send(post({ title: "t" }))).status).toBe(400);
    expect((await it.send({ json: ["GET", "/calls"] })).text).toBe("1");
    expect((await it.send(post({ title: "t", owner: "someone" }, "ann"))).status).toBe(400);
  });

  test("a form that is refused, or takes too long, comes back with what was typed", async () => {
    const text = `project.records("notes").before({ create: ({ values, refuse }) => {
      if (values.title === "slow") return new Promise(() => {});
      refuse("We are closed on <Mondays>.", "conflict");
    } });`;
    await using it = await openHooked({ "a.ts": hook(text) }, { hookPatience: { before: 20 } });
    await it.record("_forms", { slug: "note", collection: "notes", title: "Note" });
    for (const [title, status, says] of [
      ["kept", 409, "We are closed on &lt;Mondays>."],
      ["slow", 503, "This took too long on our side."],
    ] as const) {
      const answer = await it.send({ form: ["/forms/note", { title }] });
      expect([answer.status, answer.text.includes(says), answer.text.includes(`value="${title}"`)]).toEqual([
        status,
        true,
        true,
      ]);
    }
  });

  test("a collection that is not there is said in the log", async () => {
    await using it = await openHooked({ "a.ts": hook(`project.records("ntoes").before({ create() {} });`) });
    await it.project.logs.flush();
    expect(it.log.join("")).toContain("a.ts: there is no collection ntoes");
  });

  test("a removal can be refused", async () => {
    const text = `project.records("notes").before({ delete: ({ record, refuse }) => {
      if (record.title === "kept") refuse("This one stays.", "conflict");
    } });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    const [kept, gone] = [await it.record("notes", { title: "kept" }), await it.record("notes", { title: "gone" })];
    const remove = (id: Json | undefined) => it.send({ json: ["DELETE", `${notes}/${id}`] });
    const refused = await remove(kept["id"]);
    expect([refused.status, refused.body["message"]]).toEqual([409, "This one stays."]);
    expect((await remove(gone["id"])).status).toBe(204);
  });

  test("who tidies up an address or a password opens no way around the questions about them", async () => {
    const text = `project.records("users").before({
      create: ({ values }) => { values.password = values.password?.trim(); },
      update: ({ values }) => {
        if (values.email) values.email = values.email.toLowerCase();
        if (values.password) values.password = values.password.trim();
      },
    });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    const { id } = await it.person("ann");
    const users = "/api/collections/users/records";
    const password = " a new password ";
    const change = (body: Json) => it.send({ as: "ann", json: ["PATCH", `${users}/${id}`, body] });
    expect((await change({ email: "NEW@example.com" })).body["data"]).toHaveProperty("email");
    expect((await change({ password, passwordConfirm: password.trim() })).body["data"]).toHaveProperty("oldPassword");
    const made = await it.send({ json: ["POST", users, { email: "b@example.com", password }] });
    expect(made.body["data"]).toHaveProperty("passwordConfirm");
  });

  test("neither passwords nor keys are in its hands", async () => {
    const text = `let seen = [];
      project.records("users").before({ create: ({ values }) => { seen.push(Object.keys(values)); },
        update: ({ record, viewer }) => { seen.push(Object.keys(record), Object.keys(viewer.record)); } });
      app.get("/seen", () => seen).get("/me", ({ viewer }) => viewer);`;
    await using it = await openHooked({ "a.ts": hook(text) });
    const { id } = await it.person("ann");
    const password = "a good password";
    const body = { email: "b@example.com", password, passwordConfirm: password };
    expect((await it.send({ json: ["POST", "/api/collections/users/records", body] })).status).toBe(200);
    await it.send({ as: "ann", json: ["PATCH", `/api/collections/users/records/${id}`, { name: "Ann" }] });
    const seen: string[][] = JSON.parse((await it.send({ json: ["GET", "/seen"] })).text);
    expect(seen.map((keys) => keys.includes("tokenKey"))).toEqual([false, false, false]);
    expect(seen.map((keys) => keys.includes("password"))).toEqual([true, false, false]);
    const me = (await it.send({ as: "ann", json: ["GET", "/me"] })).text;
    expect(me).toContain("ann@example.com");
    expect(me).not.toMatch(/tokenKey|argon2/);
  });

  test("the code can work with records as their owner", async () => {
    const text = `const notes = project.records("notes");
      app.get("/work", async () => {
        const made = await notes.create({ title: "made", secret: "s" });
        await notes.update(made.id, { count: 3 });
        const found = await notes.find(made.id);
        const [listed] = await notes.list({ filter: "count > 2", sort: "-count" });
        await notes.delete(made.id);
        const wrong = await notes.create({ title: "" }).catch((error) => error.problems);
        return { found, same: listed.id === made.id, gone: (await notes.find(made.id)) === undefined, wrong };
      });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    expect((await it.send({ json: ["GET", "/work"] })).body).toEqual({
      found: expect.objectContaining({ title: "made", secret: "s", count: 3 }),
      same: true,
      gone: true,
      wrong: { title: "Cannot be blank." },
    });
  });
});

describe("within", () => {
  const tally = hook(`
    project.records("notes").within({
      create: async ({ tx, record }) => {
        const { n } = await tx.first\`SELECT COUNT(*) AS n FROM notes\`;
        await tx.run\`INSERT INTO tallies (id, count) VALUES (\${record.id}, \${n})\`;
        if (record.title === "bad") return { title: "Not this one." };
        if (record.title === "refused") throw new Error("s3cret");
      },
      update: async ({ tx, record, before }) => {
        await tx.run\`UPDATE tallies SET count = \${record.count - before.count} WHERE id = \${record.id}\`;
      },
      delete: ({ tx, record }) => tx.run\`DELETE FROM tallies WHERE id = \${record.id}\`.then(() => undefined),
    });`);

  test("what it writes is stored with the change, or not at all", async () => {
    await using it = await openHooked({ "a.ts": tally });
    const counts = async () =>
      (await it.project.store.all<{ count: number }>(sql`SELECT count FROM tallies`)).map((row) => row.count);
    const good = await it.send(post({ title: "good", count: 1 }));
    expect([good.status, await counts()]).toEqual([200, [1]]);
    const bad = await it.send(post({ title: "bad" }));
    expect([bad.status, bad.text, await counts()]).toEqual([400, expect.stringContaining("Not this one."), [1]]);
    const broken = await it.send(post({ title: "refused" }));
    expect([broken.status, broken.text.includes("s3cret"), await counts()]).toEqual([500, false, [1]]);
    expect((await it.counts())["notes"]).toBe(1);
    expect((await it.send({ json: ["PATCH", `${notes}/${good.body["id"]}`, { count: 9 }] })).status).toBe(200);
    expect(await counts()).toEqual([8]);
    expect((await it.send({ json: ["DELETE", `${notes}/${good.body["id"]}`] })).status).toBe(204);
    expect(await counts()).toEqual([]);
  });

  const offences: readonly [does: string, body: string, status: number][] = [
    ["never ends", `await new Promise(() => {})`, 503],
    ["waits for the network", `await Bun.sleep(500)`, 503],
    ["asks and asks", `for (;;) await tx.first\`SELECT 1\``, 503],
    ["asks and asks and looks away", `try { for (;;) await tx.first\`SELECT 1\` } catch {}`, 503],
    ["ends the transaction of all", `await tx.run\`COMMIT\``, 500],
    ["ends it behind a comment", `await tx.run\`/* */ ROLLBACK\``, 500],
    ["says two things at once", `await tx.run\`UPDATE notes SET count = 1; UPDATE notes SET count = 2\``, 500],
    ["hides the second behind a comment", `await tx.run\`SELECT 1 /* ; */; -- ;\\n DELETE FROM notes\``, 500],
    ["writes nonsense", `await tx.run\`INSERT INTO nowhere VALUES (1)\``, 500],
    ["waits for itself", `await project.records("notes").create({ title: "again" })`, 500],
  ];
  test.each(offences)("one that %s is taken back, and others are stored", async (_, body, status) => {
    const text = `project.records("notes").within({ create: async ({ tx, record }) => {
      if (record.title === "hostile") { await tx.run\`INSERT INTO tallies (id) VALUES ('hostile')\`; ${body}; }
    } });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    const titles = ["a", "hostile", "b", "c"];
    const answers = await Promise.all(titles.map((title) => it.send(post({ title }))));
    expect(answers.map((answer) => answer.status)).toEqual([200, status, 200, 200]);
    const stored = await it.project.store.all<{ title: string }>(sql`SELECT title FROM notes ORDER BY title`);
    expect(stored.map(({ title }) => title)).toEqual(["a", "b", "c"]);
    expect((await it.counts())["tallies"]).toBe(0);
    if (status === 503) {
      await it.project.logs.flush();
      expect(it.log.join("")).toContain("within create of notes was cut off after 50 ms");
    }
  });

  test("a semicolon in a text, a name or a comment, or at the end, is no second statement", async () => {
    const text = `project.records("notes").within({ create: async ({ tx, record }) => {
      await tx.run\`INSERT INTO tallies (id, count) VALUES ('a;''; b' || \${record.title}, 1); \`;
      await tx.run\`UPDATE tallies SET count = (SELECT 3 AS "x; ""y") /* one; it's */; -- so; be it\`;
    } });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    expect((await it.send(post({ title: "t" }))).status).toBe(200);
    const tallies = await it.project.store.all<{ id: string; count: number }>(sql`SELECT id, count FROM tallies`);
    expect(tallies).toEqual([{ id: "a;'; bt", count: 3 }]);
  });

  test("why two statements at once are refused is said", async () => {
    const text = `project.records("notes").within({ create: async ({ tx }) => {
      await tx.run\`UPDATE notes SET count = 1; UPDATE notes SET count = 2\`;
    } });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    expect((await it.send(post({ title: "t" }))).status).toBe(500);
    await it.project.logs.flush();
    expect(it.log.join("")).toContain("tx runs one statement at a time");
  });

  test("its tx is dead afterwards", async () => {
    const text = `let late;
      project.records("notes").within({ create: ({ tx }) => { late = tx; } });
      app.get("/late", () => late.run\`DELETE FROM notes\`.then(() => "done", (error) => error.message));`;
    await using it = await openHooked({ "a.ts": hook(text) });
    await it.send(post({ title: "t" }));
    expect((await it.send({ json: ["GET", "/late"] })).text).toContain("The change has ended");
    expect((await it.counts())["notes"]).toBe(1);
  });

  test("what goes with a record, or loses it, is met, too", async () => {
    const text = `const seen = [];
      for (const name of ["notes", "parts"]) project.records(name).within({
        update: ({ record, before }) => { seen.push(name + " " + before.note + ">" + record.note); },
        delete: ({ record }) => { seen.push(name + " " + record.id); },
      });
      app.get("/seen", () => seen);`;
    await using it = await openHooked({ "a.ts": hook(text) });
    const collectionId = it.project.collections.find("notes")?.id ?? "";
    const relation = { name: "note", type: "relation", collectionId, maxSelect: 1 };
    await it.collection({ name: "parts", fields: [relation] });
    const { id } = await it.record("notes", { title: "t" });
    await it.record("parts", { note: id ?? "" });
    await it.send({ json: ["DELETE", `${notes}/${id}`] });
    expect(JSON.parse((await it.send({ json: ["GET", "/seen"] })).text)).toEqual([`notes ${id}`, `parts ${id}>`]);
  });
});

describe("after", () => {
  const hears = hook(`
    const heard = [];
    project.records("notes").after({
      create: ({ record, tries }) => { heard.push("create " + record.title + " " + tries); },
      update: ({ record }) => { heard.push("update " + record.title); },
      delete: ({ record }) => { heard.push("delete " + record.title); },
    });
    app.get("/heard", () => heard);`);

  async function heard(it: Opened): Promise<Json> {
    await it.project.followers.settled();
    return JSON.parse((await it.send({ json: ["GET", "/heard"] })).text);
  }

  test("hears of each change in order, and not of what was there before it", async () => {
    await using it = await openHooked({ "a.ts": hears });
    const { id } = await it.record("notes", { title: "one" });
    expect(await heard(it)).toEqual(["create one 1"]);
    await it.send({ json: ["PATCH", `${notes}/${id}`, { title: "two" }] });
    expect(await heard(it)).toEqual(["create one 1", "update two"]);
    await it.send({ json: ["DELETE", `${notes}/${id}`] });
    await it.record("tallies", { count: 1 });
    expect(await heard(it)).toEqual(["create one 1", "update two", "delete two"]);
  });

  test("hears of each record that goes when the collection is emptied", async () => {
    const text = `const heard = [];
      project.records("notes").after({ delete: ({ record }) => { heard.push(record.title); } });
      app.get("/heard", () => heard);`;
    await using it = await openHooked({ "a.ts": hook(text) });
    await it.person("root", {}, "_superusers");
    for (const title of ["one", "two"]) await it.record("notes", { title });
    const emptied = await it.send({ as: "root", json: ["DELETE", "/api/collections/notes/truncate"] });
    expect([emptied.status, (await it.counts())["notes"]]).toEqual([204, 0]);
    expect([await heard(it)].flat().sort()).toEqual(["one", "two"]);
  });

  test("what fails is tried again, beside everything else, and given up in the end", async () => {
    const text = `const heard = [];
      project.records("notes").after({ create: ({ record, tries }) => {
        heard.push(record.title + " " + tries);
        if (record.title === "poison" || (record.title === "shy" && tries < 3)) throw new Error("not now");
      } });
      project.records("notes").after({ create: ({ record }) => { heard.push("other " + record.title); } });
      app.get("/heard", () => heard);`;
    await using it = await openHooked({ "a.ts": hook(text) }, { hookPace: { first: 2, most: 4 } });
    for (const title of ["poison", "shy", "good"]) await it.record("notes", { title });
    await until(async () => JSON.stringify(await heard(it)).includes("poison 4"));
    const all = await heard(it);
    expect(all).toContain("good 1");
    expect(all).toContain("other poison");
    expect(JSON.stringify(all)).not.toContain("poison 5");
    expect([...(Array.isArray(all) ? all : [])].filter((it) => String(it).startsWith("shy"))).toEqual([
      "shy 1",
      "shy 2",
      "shy 3",
    ]);
    await it.project.logs.flush();
    expect(it.log.join("")).toMatch(/after create of notes\/\w+ is given up after 4 tries/);
    expect(it.log.join("")).toContain("not now");
  });

  test("delays no answer, and one that never ends is cut off", async () => {
    const text = `let ends = 0;
      project.records("notes").after({ create: ({ tries }) => tries > 1 ? void ends++ : new Promise(() => {}) });
      app.get("/ends", () => String(ends));`;
    const quick = { hookPatience: { after: 20 }, hookPace: { first: 1, most: 3 } };
    await using it = await openHooked({ "a.ts": hook(text) }, quick);
    expect((await it.send(post({ title: "t" }))).status).toBe(200);
    await until(async () => (await it.send({ json: ["GET", "/ends"] })).text === "1");
  });

  test("goes on after a restart where it was, with what had failed", async () => {
    const fails = hook(`project.records("notes").after({ create: () => { throw new Error("not now"); } });`);
    const first = await openHooked({ "a.ts": fails }, { hookPace: { first: 50, most: 8 } });
    await first.record("notes", { title: "missed" });
    await first.project.followers.settled();
    await first.project.close();
    await using second = await openHooked({ "a.ts": hears }, { dir: first.dir, hookPace: { first: 1, most: 8 } });
    await until(async () => JSON.stringify(await heard(second)).includes("create missed 2"));
    await second.record("notes", { title: "new" });
    expect(await heard(second)).toEqual(["create missed 2", "create new 1"]);
  });

  test("a new one begins with what happens from now on", async () => {
    const first = await openHooked({});
    await first.record("notes", { title: "old" });
    await first.project.close();
    await using second = await openHooked({ "a.ts": hears }, { dir: first.dir });
    await second.record("notes", { title: "new" });
    expect(await heard(second)).toEqual(["create new 1"]);
  });

  test("one whose file is missing keeps its place for a day, and is forgotten then", async () => {
    const fails = hook(`project.records("notes").after({ create: () => { throw new Error("not now"); } });`);
    const hookPace = { first: 50, most: 8 };
    const first = await openHooked({ "a.ts": fails }, { hookPace });
    const { dir } = first;
    const rows = sql`SELECT key FROM _params WHERE key LIKE 'follower:%'`;
    try {
      await first.record("notes", { title: "failed" });
      await first.project.followers.settled();
      await first.project.close();
      const second = await openHooked({ "a.ts": hook("") }, { dir });
      await second.project.logs.flush();
      expect(second.log.join("")).toContain(
        'a.ts notes 1: this "after" is missing from the hooks. Changes that wait for it: 1. They are kept until',
      );
      setSystemTime(Date.now() + 2 * 60 * 60_000);
      await second.record("notes", { title: "missed" });
      await second.project.close();
      const third = await openHooked({ "a.ts": hears }, { dir, hookPace });
      await until(async () => JSON.stringify(await heard(third)).includes("create failed 2"));
      expect(await heard(third)).toEqual(["create failed 2", "create missed 1"]);
      await third.project.close();
      const fourth = await openHooked({ "a.ts": hook("") }, { dir });
      expect(await fourth.project.store.all(rows)).toHaveLength(1);
      await fourth.project.close();
      setSystemTime(Date.now() + 25 * 60 * 60_000);
      await using fifth = await openHooked({ "a.ts": hook("") }, { dir });
      expect(await fifth.project.store.all(rows)).toEqual([]);
      await fifth.project.logs.flush();
      expect(fifth.log.join("")).toContain("After a day they are given up.");
    } finally {
      setSystemTime();
    }
  });

  test("with one more or fewer in a file, none of them misses what one had not heard", async () => {
    const one = (name: string) => `project.records("notes").after({ create: ({ record }) => {
      if (record.title === "bad" && FAILS.includes("${name}")) throw new Error("not now");
      heard.push("${name} " + record.title);
    } });`;
    const file = (fails: string, ...names: string[]) =>
      hook(`const FAILS = "${fails}"; const heard = []; ${names.map(one).join("")} app.get("/heard", () => heard);`);
    const hookPace = { first: 50, most: 8 };
    const first = await openHooked({ "a.ts": file("old", "old") }, { hookPace });
    await first.record("notes", { title: "bad" });
    await first.project.followers.settled();
    await first.project.close();
    const second = await openHooked({ "a.ts": file("old", "new", "old") }, { dir: first.dir, hookPace });
    await until(async () => JSON.stringify(await heard(second)).includes("new bad"));
    await second.project.close();
    await using third = await openHooked({ "a.ts": file("", "old") }, { dir: first.dir, hookPace });
    await until(async () => JSON.stringify(await heard(third)).includes("old bad"));
    const rows = sql`SELECT key FROM _params WHERE key LIKE 'follower:%'`;
    expect(await third.project.store.all<{ key: string }>(rows)).toEqual([{ key: "follower:a.ts notes 1" }]);
  });

  test("what nobody has heard yet stays in the outbox until it is", async () => {
    const text = `let open;
      const gate = new Promise((resolve) => { open = resolve; });
      project.records("notes").after({ create: ({ record }) => record.title === "late" ? undefined : gate });
      app.get("/open", () => { open(); return "open"; });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    const titles = async () => {
      const rows = sql`SELECT title FROM _outbox JOIN notes ON notes.id = record AND action = 'create' ORDER BY _outbox.id`;
      return (await it.project.store.all<{ title: string }>(rows)).map(({ title }) => title);
    };
    try {
      for (const title of ["a", "b"]) await it.record("notes", { title });
      setSystemTime(Date.now() + 2 * 60 * 60_000);
      await it.record("notes", { title: "late" });
      expect(await titles()).toEqual(["a", "b", "late"]);
      await it.send({ json: ["GET", "/open"] });
      await it.project.followers.settled();
      setSystemTime(Date.now() + 2 * 60_000);
      await it.record("notes", { title: "late" });
      expect(await titles()).toEqual(["late", "late"]);
    } finally {
      setSystemTime();
    }
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 4_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error("It never came to that.");
    await Bun.sleep(5);
  }
}
