import { heapStats } from "bun:jsc";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compileFilter } from "../src/filter/filter.ts";
import { listRecords } from "../src/records/read.ts";
import { askOf, scopeOf } from "./filter-fixture.ts";
import { Opened } from "./testing.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await Opened.open();
  const users = opened.project.collections.find("users")?.id ?? "";
  const relation = { type: "relation", collectionId: users };
  await opened.collection({
    name: "posts",
    fields: [
      { name: "title", type: "text" },
      { name: "views", type: "number" },
      { name: "secret", type: "text", hidden: true },
      { name: "tags", type: "select", values: ["red", "blue"], maxSelect: 2 },
      { name: "meta", type: "json" },
      { name: "place", type: "geoPoint" },
      { name: "author", ...relation },
      { name: "editors", ...relation, maxSelect: 5 },
    ],
  });
  const ann = String((await opened.person("ann")).id);
  await opened.person("root", {}, "_superusers");
  await opened.record("posts", { title: "One", views: 1, tags: ["red"], author: ann, editors: [ann], meta: { a: 1 } });
  await opened.record("posts", { title: "Two", views: 2 });
});
afterAll(() => opened[Symbol.asyncDispose]());

const path = "/api/collections/posts/records";

describe("whatever is asked of a server", () => {
  const word = fc.constantFrom(
    ...["title", "views", "secret", "tags:each", "tags:length", "meta.a", "place.lon", "author", "author.email", "id"],
    ...["editors.name", "editors.email:lower", "author.posts_via_author.title", "posts_via_author.id", "created", "'"],
    ...[
      "@request.auth.id",
      "@collection.users.email",
      "@collection.posts:x.title",
      "@now",
      "@rowid",
      "@random",
      "nope",
    ],
    ...["null", "true", "'it\\'s'", '"\\u0000"', "'%'", "''", "1", "-2.5", "1e9", "99999999999999999999", "__proto__"],
    ...[
      "geoDistance(place.lon, place.lat, 1, 2)",
      "strftime('%Y', title)",
      "strftime()",
      "; DROP TABLE posts",
      "// x\n",
    ],
  );
  const sign = fc.constantFrom(..."= != > >= < <= ~ !~ ?= ?!= ?> ?~ ?!~ && || ( ) , -".split(" "));
  const text = fc.array(fc.oneof({ weight: 3, arbitrary: word }, { weight: 2, arbitrary: sign }, fc.string()), {
    maxLength: 9,
  });
  const comparison = fc.tuple(word, sign, word).map((parts) => parts.join(" "));
  const filter = fc.oneof(
    comparison,
    text.map((parts) => parts.join(" ")),
    fc.string({ unit: "binary" }),
  );
  const list = text.map((parts) => parts.join(","));

  test("the answer is 200, or a sentence with 400 or 403", async () => {
    await fc.assert(
      fc.asyncProperty(
        filter,
        list,
        list,
        fc.constantFrom(undefined, "ann", "root"),
        async (filter, sort, some, as) => {
          const queries: Record<string, string>[] = [{ filter }, { sort }, { expand: some, fields: some }];
          for (const query of queries) {
            const asked = new URLSearchParams(query);
            const answer = await opened.send({ json: ["GET", `${path}?${asked}`], as });
            const message = String(answer.body["message"] ?? "");
            if (answer.status === 200) continue;
            expect([400, 403], `${asked} ${answer.text}`).toContain(answer.status);
            expect(answer.body["data"]).toEqual({});
            expect(message).toMatch(/[.:'"%]$/);
            expect(message).not.toContain("SQL");
          }
        },
      ),
      { numRuns: 250 },
    );
  }, 20_000);

  test("and nothing is changed by it", async () => {
    expect((await opened.send({ json: ["GET", path] })).body["totalItems"]).toBe(2);
  });

  test("what is wrong is said with its place and what was expected", async () => {
    const said = async (query: string, as?: string) => {
      const { status, body } = await opened.send({ json: ["GET", `${path}?${query}`], as });
      return [status, body["message"]];
    };
    expect(await said(`filter=${encodeURIComponent("title = 'a' && views >")}`)).toEqual([
      400,
      "The filter ends too early. Add the name of a field, a text in quotes or a number.",
    ]);
    expect(await said(`filter=${encodeURIComponent("title == 'a'")}`)).toEqual([
      400,
      "Character 8 of the filter is =. Write the name of a field, a text in quotes or a number there.",
    ]);
    const closed = encodeURIComponent("@collection.users.id != ''");
    expect(await said(`filter=${closed}`, "ann")).toEqual([403, "Only superusers can filter by @collection."]);
    expect((await said(`filter=${closed}`, "root"))[0]).toBe(200);
    expect(await said("sort=secret", "ann")).toEqual(await said("sort=nosuch".replace("nosuch", "secret")));
    expect((await said("sort=secret", "root"))[0]).toBe(200);
    expect((await said("filter=secret%3D1"))[0]).toBe(400);
  });
});

const names = ["title", "views", "id", "author", "author.name", "meta.a", "tags:length", "place.lon"];
const signs = ["=", "!=", ">", "<", ">=", "<=", "~", "!~"];

/** One of 20,000 texts, half of them with shapes of their own. */
function textOf(n: number): string {
  if (n % 2 === 0) return `title = 'text ${n}' && views > ${n}`;
  const parts: string[] = [];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 64)) {
    parts.push(`${names[rest % 8]} ${signs[Math.floor(rest / 8) % 8]} 'x'`);
  }
  return parts.join(" && ");
}

/** Objects that are still held. */
function held(): number {
  for (let round = 0; round < 3; round++) Bun.gc(true);
  return heapStats().objectCount;
}

describe("memory", () => {
  test("20,000 different filters leave it where it was", async () => {
    const scope = scopeOf("posts", true);
    const compileAll = (from: number, to: number) => {
      for (let n = from; n < to; n++) compileFilter(textOf(n), scope)(askOf());
    };
    compileAll(0, 2000);
    const before = held();
    compileAll(2000, 22_000);
    // A few hundred are remembered, and each has some hundred parts.
    expect(held() / before).toBeLessThan(1.1);
  }, 20_000);

  test("nor do lists by them, down to the statements that were prepared", async () => {
    const { project } = opened;
    const set = project.collections.current;
    const collection = set.find("posts");
    if (!collection) throw new Error("There are no posts.");
    const place = { collection, set, ask: askOf({ viewer: { ...ownerLike } }) };
    const listAll = async (from: number, to: number) => {
      for (let n = from; n < to; n++) {
        await listRecords(project, place, { page: 1, perPage: 5, sort: "-views", filter: textOf(n), skipTotal: false });
      }
    };
    await listAll(0, 1000);
    const before = held();
    await listAll(1000, 4000);
    expect(held() / before).toBeLessThan(1.1);
  }, 20_000);

  test("the shape of a filter is compiled once", () => {
    const { collection, ...scope } = scopeOf("posts", true);
    let looked = 0;
    const counting = {
      ...collection,
      field: (name: string) => {
        looked++;
        return collection.field(name);
      },
    };
    const ask = (n: number) =>
      compileFilter(`title = 'x${n}' && author.name ~ '${n}'`, { ...scope, collection: counting })(askOf());
    const first = ask(0);
    expect(looked).toBeGreaterThan(0);
    looked = 0;
    const shapes = new Set(Array.from({ length: 100 }, (_, n) => (ask(n) as Exclude<typeof first, boolean>).shape));
    expect([looked, shapes.size]).toEqual([0, 1]);
  });
});

const ownerLike = { kind: "superuser", collectionId: "x", collectionName: "_superusers", record: {} } as const;
