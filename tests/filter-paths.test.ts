import { describe, expect, test } from "bun:test";
import { compileFilter, compileSort } from "../src/filter/filter.ts";
import type { ScopeCollection } from "../src/filter/scope.ts";
import { countTicks } from "../src/store/dialect.ts";
import type { Sql } from "../src/store/sql.ts";
import {
  askOf,
  type Case,
  cases,
  collections,
  matching,
  openFixture,
  refused,
  run,
  scopeOf,
  sorted,
  viewerOf,
} from "./filter-fixture.ts";

const all = "p1 p2 p3 p4";
const ann: Case = { ask: { viewer: viewerOf("ann") } };
const bob: Case = { ask: { viewer: viewerOf("bob") } };

cases("one relation", [
  ["author.name = 'Ann'", "p1"],
  ["author.name != 'Ann'", "p2 p3 p4"],
  ["author.name = ''", "p3 p4"],
  ["author.name != ''", "p1 p2"],
  ["author.name ~ 'b'", "p2"],
  ["author.age > 30", "p2"],
  ["author.age < 50", "p1 p2"],
  ["author.boss.name = 'Ann'", "p2"],
  ["author.boss.boss.name = ''", all],
  ["author.id = 'gone'", "p4"],
  ["author.id = author", all],
  ["author.name = author.boss.name", "p3 p4"],
  ["author.prefs.x = null", all],
  ["author.orgs:length = 2", "p2"],
  ["author.orgs.name = 'Acme'", "p1"],
  ["author.name = 'Ann' && author.age = 30", "p1"],
  ["author.name = 'Ann' || views = 0", "p1 p2"],
  ["(author.name = 'Ann' || views = 0) && id != 'p1'", "p2"],
]);

cases("many: a plain operator means all, ? means any", [
  ["editors.name = 'Bob'", "p2"],
  ["editors.name ?= 'Bob'", "p1 p2"],
  ["editors.name != 'Bob'", ""],
  ["editors.name ?!= 'Bob'", "p1 p3 p4"],
  ["editors.age >= 30", "p1 p2"],
  ["editors.age ?> 30", "p1 p2"],
  ["editors.age > 30", "p2"],
  ["editors.name ~ 'b'", "p2"],
  ["editors.name ?~ 'b'", "p1 p2"],
  ["editors.name !~ 'x'", "p1 p2"],
  ["editors.id = ''", "p3"],
  ["editors.id != ''", "p1 p2"],
  ["editors.name = ''", "p3 p4"],
  ["editors:each = 'bob'", "p2"],
  ["editors:each ?= 'bob'", "p1 p2"],
  ["editors.boss.name ?= 'Ann'", "p1 p2"],
  ["editors.boss.name = 'Ann'", "p2"],
  ["editors.orgs.name ?= 'Bolt'", "p1 p2"],
  ["editors.orgs.name = 'Acme'", ""],
  ["editors.orgs:length ?= 1", "p1"],
  ["'Bob' = editors.name", "p2"],
  ["'Bob' ?= editors.name", "p1 p2"],
  ["author.name = editors.name", "p2 p3 p4"],
  ["author.name ?= editors.name", "p1 p2 p3 p4"],
  ["editors.name = editors.name", "p2 p3 p4"],
  ["editors.name ?= editors.name", all],
  ["editors.name ?= editors.boss.name", "p3 p4"],
]);

cases("a path that leads nowhere", [
  ["author.name !~ 'x'", "p1 p2"],
  ["author.name < 'zzz'", "p1 p2"],
  ["author.id !~ 'x'", all],
  ["author.id < 'zzz'", all],
  ["author.id = ''", "p3"],
  ["editors.name != 'x'", "p1 p2"],
  ["editors.name ?!= 'x'", all],
  ["editors.id < 'zzz'", "p1 p2"],
  ["editors.id ?!= 'x'", all],
  ["editors.id ?= ''", "p3 p4"],
  ["comments_via_post.text != 'x'", "p1 p2"],
  ["comments_via_post.text ?!= 'x'", all],
]);

cases("comparisons that share a path speak of the same row", [
  ["editors.name ?= 'Ann' && editors.age ?= 40", ""],
  ["editors.name ?= 'Bob' && editors.age ?= 40", "p1 p2"],
  ["editors.name ?= 'Ann' && (editors.age ?= 40 || editors.age ?= 30)", "p1"],
  ["editors.name ?= 'Ann' && (editors.age ?= 40 || views = 10)", "p1"],
  ["editors.name ?= 'Ann' && (editors.age ?= 40 || views = 0)", ""],
  ["editors.name ?= 'Ann' || editors.age ?= 40", "p1 p2"],
  ["editors.name ?= 'Ann' && editors.boss.name ?= 'Ann'", ""],
  ["editors:each ?= 'ann' && editors.name ?= 'Bob'", ""],
  ["editors:each ?= 'ann' && tags:each ?= 'blue'", "p1"],
]);

cases("what refers back", [
  ["comments_via_post.text = 'nice'", "p2"],
  ["comments_via_post.text ?= 'nice'", "p1 p2"],
  ["comments_via_post.likes ?> 3", "p2"],
  ["comments_via_post.likes >= 3", "p2"],
  ["comments_via_post.id = ''", "p3 p4"],
  ["comments_via_post.id != ''", "p1 p2"],
  ["comments_via_post.text ?= 'nice' && comments_via_post.likes ?= 0", ""],
  ["bundles_via_posts.label ?= 'one'", "p1 p2"],
  ["bundles_via_posts.label = 'one'", "p1"],
  ["bundles_via_posts.label ?= 'two'", "p2"],
  ["author.profiles_via_user.bio = 'poet'", "p1"],
  ["author.posts_via_author.comments_via_post.likes ?= 3", "p1"],
  ["bundles_via_posts.posts.title ?= 'Hello World'", "p1 p2"],
]);

cases(
  "what refers back by a unique field is one row",
  [
    ["profiles_via_user.bio = 'poet'", "ann"],
    ["profiles_via_user.bio != 'poet'", "bob cid"],
    ["profiles_via_user.bio = ''", "bob cid"],
  ],
  { table: "users" },
);

cases("other collections", [
  ["@collection.users.name ?= 'Ann'", all],
  ["@collection.users.name = 'Ann'", ""],
  ["@collection.users.name ?= 'Nobody'", ""],
  ["@collection.users.id ?= author && @collection.users.name ?= 'Ann'", "p1"],
  ["@collection.c_users.id ?= author && @collection.users.name ?= 'Ann'", "p1"],
  ["@collection.users:one.id ?= author && @collection.users:other.name ?= 'Ann'", "p1 p2"],
  ["@collection.comments.post ?= id && @collection.comments.likes ?> 3", "p2"],
  ["@collection.users.secret ?= 'a'", all],
  ["@collection.users.boss.name ?= 'Bob'", all],
  ["@collection.users.orgs:each ?= 'o2' && @collection.users.id ?= author", "p2"],
]);

cases("relations of the viewer and of what was sent", [
  ["@request.auth.boss.name = 'Ann'", all, bob],
  ["@request.auth.boss.name = 'Ann'", "", ann],
  ["@request.auth.boss.name = ''", all],
  ["@request.auth.boss.nothing = ''", all, bob],
  ["@request.auth.orgs.name ?= 'Bolt'", all, bob],
  ["@request.auth.orgs.name = 'Bolt'", "", bob],
  ["@request.auth.orgs.name = 'Acme' && id = 'p1'", "p1", ann],
  ["@request.auth.posts_via_author.id ?= id", "p2", bob],
  ["@request.auth.secret = 'a'", all, ann],
  ["@request.auth.prefs.theme = null", all, ann],
  ["@request.auth.boss.name = @request.query.boss", all, { ask: { viewer: viewerOf("bob"), query: { boss: "Ann" } } }],
  ["@request.auth.boss.name = @request.query.boss", "", { ask: { viewer: viewerOf("bob") } }],
  ["@request.body.author.name = 'Bob'", all, { ask: { body: { author: "bob" } } }],
  ["@request.body.author.name = 'Bob'", "", { ask: { body: { author: "ann" } } }],
  ["@request.body.author.name = ''", all, { ask: { body: {} } }],
  ["@request.body.author.boss.name = 'Ann'", all, { ask: { body: { author: "bob" } } }],
  ["@request.body.author.id = 'bob'", all, { ask: { body: { author: "bob" } } }],
  ["@request.body.editors.name ?= 'Bob'", all, { ask: { body: { editors: ["ann", "bob"] } } }],
  ["@request.body.editors.name = 'Bob'", "", { ask: { body: { editors: ["ann", "bob"] } } }],
  ["@request.body.editors.age >= 30", all, { ask: { body: { editors: ["ann", "bob"] } } }],
  ["@request.body.editors:each ?= author", "p1 p2", { ask: { body: { editors: ["ann", "bob"] } } }],
  ["@request.body.author.secret = 'b'", all, { ask: { body: { author: "bob" } } }],
]);

describe("a client's filter also meets the list rule of what it crosses", () => {
  cases(
    "as ordinary viewers",
    [
      ["orgs.name ?= 'Acme'", "ann bob"],
      ["orgs.name ?= 'Bolt'", ""],
      ["orgs.name = 'Acme'", "ann bob"],
      ["orgs.name ?!= 'nobody'", "ann bob cid"],
      ["orgs.name ?= 'Bolt' || name = 'Bob'", "bob"],
      ["orgs:each ?= 'o2'", "bob"],
      ["boss.email ?= 'bob@x.io'", ""],
      ["boss.email = 'ann@x.io'", "bob"],
      ["boss.id = 'bob'", "cid"],
    ],
    { table: "users", trusted: false },
  );

  cases(
    "as superusers, none",
    [
      ["orgs.name ?= 'Bolt'", "bob"],
      ["orgs.name = 'Acme'", "ann"],
      ["boss.email = 'bob@x.io'", "cid"],
      ["vaults_via_owner.code ?= '1234'", "ann"],
    ],
    { table: "users" },
  );

  test("is refused where only superusers may list", () => {
    const users = scopeOf("users", false);
    const expected = { kind: "bad request", code: "filter_relation_closed", position: 1 };
    expect(refused(() => compileFilter("vaults_via_owner.code = '1'", users))).toEqual(expected);
    expect(refused(() => compileSort("vaults_via_owner.code", users))?.code).toBe("sort_name_unknown");
  });

  test("cannot follow hidden fields", () => {
    expect(refused(() => compileFilter("author.secret = 'a'", scopeOf("posts", false)))).toEqual({
      kind: "bad request",
      code: "filter_name_unknown",
      position: 8,
    });
  });

  const guarded = (listRule: string | null): ScopeCollection => {
    const orgs = collections.get("orgs");
    if (!orgs) throw new Error("no orgs");
    return { ...orgs, listRule };
  };
  const usersWith = (listRule: string | null) => {
    const { collection, from } = scopeOf("users", false);
    const orgs = guarded(listRule);
    const lookup = (wanted: string) => (wanted === "c_orgs" ? orgs : undefined);
    return { collection: { ...collection }, from, lookup, trusted: false };
  };

  test("also one that asks who asks", () => {
    const db = openFixture();
    const filter = compileFilter("orgs.name ?= 'Acme'", usersWith("@request.auth.id != '' && open = true"));
    const count = (ask: Case["ask"]) => {
      const answer = filter(askOf(ask));
      if (typeof answer === "boolean") throw new Error("decided");
      return db.query(`SELECT id FROM users WHERE ${answer.shape.text(() => "?")}`).all(...answer.values).length;
    };
    expect(count({})).toBe(0);
    expect(count(ann.ask)).toBe(2);
    db.close();
  });

  test("sorting by it needs to know who asks", () => {
    const scope = usersWith("@request.auth.id != '' && open = true");
    expect(refused(() => compileSort("orgs.name", scope))?.code).toBe("sort_name_unknown");
    const first = compileSort("-orgs.name", scope, askOf(ann.ask));
    const db = openFixture();
    const ids = (sort: Sql) =>
      run(db, sort, (text) => `SELECT id FROM users ORDER BY ${text}, id DESC`).map((row) => row["id"]);
    expect(ids(first)).toEqual(["bob", "ann", "cid"]);
    expect(ids(compileSort("-orgs.name", scope, askOf()))).toEqual(["cid", "bob", "ann"]);
    db.close();
  });

  test("one that does not compile lets nobody through", () => {
    expect(refused(() => compileFilter("orgs.name ?= 'Acme'", usersWith("nosuch = 1")))?.code).toBe(
      "filter_relation_closed",
    );
  });
});

describe("sorting along relations", () => {
  const db = openFixture();
  test("by fields of a relation, of a list the first", () => {
    expect(sorted(db, "-author.age,id")).toBe("p2 p1 p3 p4");
    expect(sorted(db, "-editors.name,id")).toBe("p2 p1 p4 p3");
    expect(sorted(db, "-comments_via_post.likes,id")).toBe("p2 p1 p3 p4");
  });

  test("does not show the order of what the viewer may not list", () => {
    const own = openFixture();
    own.run(`UPDATE users SET orgs = '["o2"]' WHERE id = 'bob'`);
    expect(sorted(own, "-orgs.name,-id", { table: "users", trusted: true })).toBe("bob ann cid");
    expect(sorted(own, "-orgs.name,-id", { table: "users", trusted: false })).toBe("ann cid bob");
    own.close();
  });
});

test("a collection called like anything is only a name", () => {
  const db = openFixture();
  expect(matching(db, "@collection.users.name ?= 'Ann' && id = 'p1'")).toBe("p1");
  db.run(`CREATE TABLE "od""d" (id TEXT, "na""me" TEXT)`);
  db.run(`INSERT INTO "od""d" VALUES ('1', 'x')`);
  const odd: ScopeCollection = { id: "c_odd", name: `od"d`, type: "base", listRule: "", field: () => undefined };
  const withField: ScopeCollection = {
    ...odd,
    field: (wanted) => ({ name: wanted === "name" ? `na"me` : wanted, type: "text", shape: "scalar", hidden: false }),
  };
  const { from, collection } = scopeOf("posts", true);
  const scope = { from, collection: { ...collection }, lookup: () => withField, trusted: true };
  const answer = compileFilter("@collection.odd.name ?= 'x'", scope)(askOf());
  if (typeof answer === "boolean") throw new Error("decided");
  const rows = db.query(`SELECT id FROM posts WHERE ${answer.shape.text(() => "?")}`).all(...answer.values);
  expect(rows).toHaveLength(4);
  db.close();
});

describe("every row that a path leads to is counted", () => {
  const authors = 5;
  const each = 40;
  const rows = {
    users: Array.from({ length: authors }, (_, n) => ({ id: `u${n}`, name: "n", orgs: [], boss: "" })),
    posts: Array.from({ length: authors * each }, (_, n) => ({
      id: `p${n}`,
      title: `t${n}`,
      author: `u${n % authors}`,
      editors: [`u${n % authors}`],
      tags: ["a", "b"],
    })),
  };
  // What no index answers, so that the rows themselves must be looked at.
  const counted: readonly (readonly [filter: string, rows: number])[] = [
    ["posts_via_author.title ?~ 'zz'", authors * each],
    ["posts_via_author.title !~ 't'", authors],
    ["posts_via_author.views ?> posts_via_author.title", authors * each],
    ["posts_via_editors.views ?> posts_via_editors.title", authors * each],
    ["posts_via_author.title ?~ 'zz' || posts_via_author.views ?~ 'zz'", 2 * authors * each],
    ["posts_via_author.title ?~ 'zz' && posts_via_author.views ?~ 'zz'", authors * each],
    ["posts_via_author.author.posts_via_author.title ?~ 'zz'", authors * each * each],
    ["posts_via_editors.title ?~ 'zz'", authors * authors * each],
    ["posts_via_author.tags:each ?~ 'zz'", 2 * authors * each],
    // Asked once, not for each row.
    ["@collection.posts.title ?~ 'zz'", authors * each],
  ];
  const indexes = ["", "author", "author, title", "title", "author, views, title", "title, author"];
  for (const index of indexes) {
    test(index ? `with an index on ${index}` : "without an index", () => {
      const db = openFixture(rows);
      let visits = 0;
      const count = () => ++visits;
      db.function("visit", (_row) => count());
      db.function("weigh", (_bytes) => 1);
      if (index) db.run(`CREATE INDEX some ON posts (${index})`);
      for (const [filter, least] of counted) {
        const condition = compileFilter(filter, scopeOf("users", true))(askOf());
        if (typeof condition === "boolean") throw new Error(`${filter} is decided without SQL.`);
        visits = 0;
        const query = (text: string) => `SELECT id FROM users WHERE ${countTicks(text)}`;
        expect([filter, run(db, condition, query)]).toEqual([filter, []]);
        // An index that SQLite makes for one query is made in one go, and only of rows that fit.
        const plan = run(db, condition, (text) => `EXPLAIN QUERY PLAN ${query(text)}`);
        if (JSON.stringify(plan).includes(" AUTOMATIC PARTIAL ")) continue;
        expect([filter, Math.min(visits, least)]).toEqual([filter, least]);
      }
      db.close();
    });
  }
});
