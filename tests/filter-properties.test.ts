import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compileFilter } from "../src/filter/filter.ts";
import { Refusal } from "../src/lib/errors.ts";
import { askOf, matching, openFixture, type Row, run, scopeOf, textOf, viewerOf } from "./filter-fixture.ts";
import { type Leaf, matches, type Side, type Tree } from "./filter-reference.ts";

const words = fc.constantFrom("", "a", "b", "Ab", "ba", "x y");
const numbers = fc.constantFrom(0, 1, -2, 2.5, 10);
const userIds = fc.constantFrom("", "u1", "u2", "u3", "gone");
const someUsers = fc.uniqueArray(fc.constantFrom("u1", "u2", "u3", "gone"), { maxLength: 3 });

const rows = <T>(prefix: string, row: fc.Arbitrary<T>, most: number) =>
  fc
    .array(row, { minLength: 1, maxLength: most })
    .map((all) => all.map((one, n) => ({ id: `${prefix}${n + 1}`, ...one })));

const tables: fc.Arbitrary<Record<string, Row[]>> = fc.record({
  users: rows("u", fc.record({ name: words, age: numbers, boss: userIds }), 3),
  posts: rows(
    "p",
    fc.record({
      title: words,
      views: numbers,
      published: fc.boolean(),
      author: userIds,
      editors: someUsers,
      tags: fc.uniqueArray(fc.constantFrom("a", "b", "Ab"), { maxLength: 3 }),
      meta: fc.constantFrom(null, "a", 1, { a: { b: "a" } }, { a: { b: 1 } }, { list: ["a"] }),
    }),
    3,
  ),
  comments: rows("c", fc.record({ text: words, likes: numbers, post: fc.constantFrom("", "p1", "p2", "p3") }), 4),
  bundles: rows("b", fc.record({ label: words, posts: fc.uniqueArray(fc.constantFrom("p1", "p2")) }), 2),
});

const textPaths: readonly (readonly string[])[] = [
  ["id"],
  ["title"],
  ["author", "name"],
  ["author", "boss", "name"],
  ["editors", "name"],
  ["editors", "boss", "name"],
  ["editors", "@each"],
  ["tags", "@each"],
  ["comments_via_post", "text"],
  ["bundles_via_posts", "label"],
  ["author", "posts_via_author", "title"],
];
const numberPaths: readonly (readonly string[])[] = [
  ["views"],
  ["author", "age"],
  ["editors", "age"],
  ["comments_via_post", "likes"],
];
const jsonPaths: readonly (readonly string[])[] = [["meta"], ["meta", "a", "b"], ["meta", "list", "0"]];

const side = (paths: readonly (readonly string[])[]): fc.Arbitrary<Side> =>
  fc.constantFrom(...paths.map((path) => ({ path })));
const value = (it: fc.Arbitrary<string | number | null>): fc.Arbitrary<Side> => it.map((value) => ({ value }));
const equality = fc.constantFrom("=", "!=");
const operator = fc.constantFrom("=", "!=", ">", ">=", "<", "<=", "~", "!~");

function leaves(
  left: fc.Arbitrary<Side>,
  right: fc.Arbitrary<Side>,
  operators: fc.Arbitrary<string>,
): fc.Arbitrary<Leaf> {
  return fc
    .record({ left, right, operator: operators, any: fc.boolean(), turned: fc.boolean() })
    .map(({ turned, ...leaf }) => (turned ? { ...leaf, left: leaf.right, right: leaf.left } : leaf));
}

const nothing = value(fc.constantFrom(null, ""));
const leaf = fc.oneof(
  leaves(side(textPaths), value(words), operator),
  leaves(side(textPaths), side(textPaths), operator),
  leaves(side(numberPaths), value(numbers), fc.constantFrom("=", "!=", ">", ">=", "<", "<=")),
  leaves(side(numberPaths), side(numberPaths), fc.constantFrom("=", "!=", ">", ">=", "<", "<=")),
  leaves(fc.oneof(side(textPaths), side(numberPaths)), nothing, equality),
  leaves(side([["published"]]), value(fc.constantFrom(0, 1)), equality),
  leaves(side(jsonPaths), value(fc.constantFrom("a", 1, null, "")), equality),
);

/** Comparisons that speak of the same related row. */
const together = fc
  .constantFrom(["editors", "name", "age"], ["comments_via_post", "text", "likes"], ["author", "name", "age"])
  .chain(([hop = "", text = "", number = ""]) =>
    fc.record({
      kind: fc.constant("and" as const),
      parts: fc.tuple(
        leaves(side([[hop, text]]), value(words), fc.constantFrom("=", "!=", "~")),
        leaves(side([[hop, number], ["views"]]), value(numbers), fc.constantFrom("=", "!=", ">", "<")),
      ),
    }),
  );

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    together,
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

/** The tree as somebody would write it, with brackets where they are needed and where they are not. */
function written(it: Tree, inside: "and" | "or" | undefined = undefined): string {
  if (!("kind" in it)) return `${writtenSide(it.left)} ${it.any ? "?" : ""}${it.operator}${writtenSide(it.right)}`;
  const text = it.parts.map((part) => written(part, it.kind)).join(it.kind === "and" ? " && " : "||");
  return inside === "and" && it.kind === "or" ? `(${text})` : inside === "or" ? text : `( ${text})`;
}

function writtenSide(side: Side): string {
  if ("path" in side) return side.path.join(".").replace(".@each", ":each");
  return side.value === null ? "null" : typeof side.value === "number" ? String(side.value) : `'${side.value}'`;
}

test("random filters find what a plain reading of the language finds", () => {
  fc.assert(
    fc.property(tables, tree, (data, tree) => {
      const db = openFixture(data);
      try {
        const expected = (data["posts"] ?? []).filter((row) => matches(tree, { tables: data, table: "posts", row }));
        expect(matching(db, written(tree))).toBe(expected.map((row) => row["id"]).join(" "));
      } finally {
        db.close();
      }
    }),
    { numRuns: 1500 },
  );
}, 20_000);

describe("whatever is sent", () => {
  const db = openFixture();
  afterAll(() => db.close());

  const names = fc.constantFrom(
    "id",
    "title",
    "views",
    "tags",
    "tags:each",
    "tags:length",
    "meta",
    "meta.a.b",
    "place.lon",
    "author",
    "author.name",
    "email",
    "author.orgs.name",
    "editors.boss.name",
    "comments_via_post.text",
    "bundles_via_posts.posts.title",
    "secret",
    "nope",
    "__proto__",
    "constructor.name",
    "author.__proto__",
    "toString",
    "hasOwnProperty:lower",
    "null",
    "TRUE",
    "@now",
    "@todayEnd",
    "@request.auth.id",
    "@request.auth.orgs.name",
    "@request.auth.orgs:each",
    "@request.body.title",
    "@request.body.title:changed",
    "@request.body.editors.name",
    "@request.body.x.y:isset",
    "@request.query.q",
    "@request.query.__proto__",
    "@request.headers.h",
    "@request.method",
    "@collection.users.name",
    "@collection.users:a.orgs.name",
    "@collection.nope.id",
    "id:nope",
    "#x",
    "_",
  );
  const hostile = fc.constantFrom(
    "zq9",
    "zq9' OR 1=1 --",
    `zq9"; DROP TABLE posts; --`,
    "zq9%",
    "zq9_",
    "zq9\\",
    "zq9\u0000",
    "zq9 ?1",
    "zq9🙂",
    "zq9\ud800",
    "",
  );
  const quoted = hostile.map((text) => `'${text.replaceAll("'", "\\'")}'`);
  const operand = fc.oneof(
    names,
    quoted,
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((number) => number.toFixed(2)),
    fc.tuple(names, names).map(([one, other]) => `geoDistance(${one}, 1, ${other}, -2.5)`),
    fc.tuple(quoted, names).map(([format, time]) => `strftime(${format}, ${time}, '+1 day')`),
  );
  const comparison = fc
    .tuple(operand, fc.constantFrom("=", "!=", ">", "<=", "~", "!~", "?=", "?!=", "?~", "?>"), operand)
    .map((parts) => parts.join(" "));
  const filter = fc
    .array(fc.tuple(comparison, fc.constantFrom(" && ", " || ", " && (1=1) || ")), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map(([text, join]) => text + join).join("") + "id != ''");
  const tokens = fc
    .array(
      fc.oneof(
        names,
        quoted,
        fc.constantFrom("(", ")", "&&", "||", "=", "?~", ",", "//", "\n", "'", '"', "-", ".", ":", ";", "1e5"),
      ),
    )
    .map((parts) => parts.join(" "));

  const asks = [
    askOf(),
    askOf({
      viewer: viewerOf("bob"),
      method: "POST",
      query: { q: "zq9" },
      body: { title: "zq9", editors: ["ann"], x: { y: null } },
    }),
  ];

  const attempt = (text: string, trusted: boolean) => {
    for (const ask of asks) {
      let condition;
      try {
        condition = compileFilter(text, scopeOf("posts", trusted))(ask);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        continue;
      }
      if (typeof condition === "boolean") continue;
      expect(textOf(condition)).not.toContain("zq9");
      run(db, condition, (text) => `SELECT id FROM posts WHERE ${text}`);
    }
  };

  test("a filter is refused, or it runs, and no literal gets into the SQL", () => {
    fc.assert(fc.property(filter, fc.boolean(), attempt), { numRuns: 600 });
  });

  test("so is anything that is no filter", () => {
    fc.assert(fc.property(fc.oneof(tokens, fc.string({ unit: "binary" }), fc.string()), fc.boolean(), attempt), {
      numRuns: 1000,
    });
  }, 20_000);

  test("every row is still there", () => {
    expect(db.query("SELECT count(*) AS count FROM posts").get()).toEqual({ count: 4 });
  });
});

test("what is decided without SQL is what SQL would have said", () => {
  const db = openFixture();
  const sent = fc.oneof(
    fc.constantFrom("\ud800", "\ufffd", "\udc00x", "\ufffdx"),
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "1", "0", "true", "a", "A", "é", "e\u0301", "null"),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(sent, sent, fc.boolean(), (a, b, positive) => {
      const body = { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
      const filter = `@request.body.a ${positive ? "=" : "!="} @request.body.b`;
      const answer = compileFilter(filter, scopeOf("posts", true))(askOf({ body }));
      const bound = [a, b].map((it) => (typeof it === "string" && it.includes("\0") ? null : (it ?? null)));
      const asked = db.query("SELECT COALESCE(?, '') = COALESCE(?, '') AS same").get(...bound) as { same: number };
      if (typeof answer === "boolean") expect(answer).toBe((asked.same === 1) === positive);
    }),
    { numRuns: 1000 },
  );
  db.close();
});
