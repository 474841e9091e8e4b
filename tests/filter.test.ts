import { describe, expect, test } from "bun:test";
import { compileFilter, compileRule, compileSort, renameNames } from "../src/filter/filter.ts";
import { en } from "../src/phrases/en.ts";
import {
  askOf,
  type Case,
  cases,
  openFixture,
  refused,
  run,
  scopeOf,
  sorted,
  textOf,
  viewerOf,
} from "./filter-fixture.ts";

const all = "p1 p2 p3 p4";
const posts = scopeOf("posts", true);
const shown = scopeOf("posts", false);

cases("operators on own fields", [
  ["id = 'p1'", "p1"],
  ["'p1' = id", "p1"],
  ['id = "p1"', "p1"],
  ["id != 'p1'", "p2 p3 p4"],
  ["id?='p1'", "p1"],
  ["id ?!= 'p1'", "p2 p3 p4"],
  ["views > 0", "p1 p4"],
  ["views >= 7", "p1 p4"],
  ["views < 0", "p3"],
  ["views<=-2.5", "p3"],
  ["views = -2.5", "p3"],
  ["views = '10'", "p1"],
  ["views ?> 0", "p1 p4"],
  ["7 < views", "p1"],
  ["views = views", all],
  ["published = true", "p1 p3"],
  ["published != TRUE", "p2 p4"],
  ["published = false", "p2 p4"],
  ["published = 1", "p1 p3"],
  ["created > '2026-01-01'", "p1 p2"],
  ["title = ''", "p3"],
  ["title = null", "p3"],
  ["null = title", "p3"],
  ["title != ''", "p1 p2 p4"],
  ["title != null", "p1 p2 p4"],
  ["title > null", ""],
  ["title = 'hello world'", ""],
  ["title:lower = 'hello world'", "p1"],
  ["title = id", ""],
  ["title != id", all],
  ["author = 'ann'", "p1"],
  ["1 = 1", all],
  ["1 = '1'", ""],
  ["'' = null", all],
  ["true = 1", all],
  ["'a' < 'b'", all],
  ["'a' ~ 'A'", all],
]);

cases("~ and !~", [
  ["title ~ 'WORLD'", "p1"],
  ["title !~ 'world'", "p2 p3 p4"],
  ["title ?~ 'world'", "p1"],
  ["title ~ 'hello%'", "p1"],
  ["title ~ 'world%'", ""],
  ["title ~ '%world'", "p1"],
  ["title ~ 'h_llo'", ""],
  ["title ~ 'h_llo%'", "p1"],
  [String.raw`title ~ '100\%'`, "p2"],
  ["title ~ '_real_'", "p2"],
  [String.raw`title ~ '\_real\_'`, "p2"],
  [String.raw`title ~ "s \ "`, "p4"],
  [String.raw`title ~ "s \\ "`, "p4"],
  ["title ~ ''", all],
  ["title ~ null", ""],
  ["title !~ null", ""],
  ["views ~ 1", "p1"],
  ["views ~ 5", "p3"],
  ["tags ~ 'blue'", "p1"],
  ["meta ~ 'deep'", "p1"],
  ["'my p1 post' ~ id", "p1"],
  ["'xyz' ~ title", "p3"],
  ["id ~ title", "p3"],
]);

cases("texts, numbers, spaces and comments", [
  [String.raw`title = 'it\'s \ "q"'`, "p4"],
  [String.raw`title = "it's \ \"q\""`, "p4"],
  [String.raw`title = 'it\'s \\ "q"'`, ""],
  ["  id='p1'// the first\n  || // or\n id = 'p2' // the second", "p1 p2"],
  ["id = 'p1' // && id = 'p2'", "p1"],
  ["title != '// no comment'", all],
  ["views=10||views=-2.5", "p1 p3"],
  ["title != '🙂' && id = 'p1'", "p1"],
]);

cases("&& binds tighter than ||", [
  ["id = 'p1' || id = 'p2' && views = 10", "p1"],
  ["(id = 'p1' || id = 'p2') && views = 0", "p2"],
  ["id = 'p3' && views = 0 || id = 'p4'", "p4"],
  ["((id = 'p1'))", "p1"],
  ["id = 'p1' && (views = 10 && (title ~ 'h' || title ~ 'x'))", "p1"],
  ["1 = 1 && id = 'p1'", "p1"],
  ["1 = 2 || id = 'p1'", "p1"],
  ["1 = 2 && id = 'p1'", ""],
  ["1 = 1 || id = 'p1'", all],
  ["(1 = 2 || id = 'p1') && 2 = 2", "p1"],
]);

cases("lists, JSON and points", [
  ["tags = '[\"red\"]'", "p2"],
  ["tags:each = 'red'", "p2"],
  ["tags:each ?= 'red'", "p1 p2"],
  ["tags:each != 'red'", "p4"],
  ["tags:each ?!= 'red'", "p1 p3 p4"],
  ["tags:each ~ 'r'", "p2 p4"],
  ["tags:each ?~ 'bl'", "p1"],
  ["tags:each = ''", "p3"],
  ["tags:length = 2", "p1"],
  ["tags:length = 0", "p3"],
  ["tags:length < 2", "p2 p3 p4"],
  ["author:length = 0", "p3"],
  ["author:each = 'ann'", "p1"],
  ["tags:lower ~ 'green'", "p4"],
  ["meta.a.b = 'deep'", "p1"],
  ["meta.list.0 = 1", "p1"],
  ["meta.list.1 = 'two'", "p1"],
  ["meta.list.1:lower = 'two'", "p1"],
  ["meta.list.9 = null", all],
  ["meta.list.99999999999999 = null", all],
  ["meta.missing != null", ""],
  ["meta = 'text'", "p2"],
  ["meta = null", "p3"],
  ["meta = ''", ""],
  ["meta != ''", all],
  ["meta = '[]'", "p4"],
  ["meta:length = 0", "p3 p4"],
  ["place.lon = 23.3", "p1"],
  ["place.lat >= 40 && place.lon < 0", "p4"],
  ["place ~ '42.7'", "p1"],
]);

cases(
  "NULL and '' are the same in views",
  [
    ["title = ''", "s1 s2"],
    ["title != ''", "s3"],
    ["title = 'x'", "s3"],
    ["title != 'x'", "s1 s2"],
    ["rank = null", "s1"],
    ["rank = 0", "s2"],
    ["title = @request.query.none", "s1 s2"],
    ["title != @request.query.none", "s3"],
    ["title = @request.query.x", "s3", { ask: { query: { x: "x" } } }],
    ["title != @request.query.x", "s1 s2", { ask: { query: { x: "x" } } }],
    ["title = title", "s1 s2 s3"],
    ["title != rank", "s2 s3"],
  ],
  { table: "shelf" },
);

const ann = { ask: { viewer: viewerOf("ann") } };
const bob = { ask: { viewer: viewerOf("bob") } };
const sent: Case = {
  ask: {
    method: "PATCH",
    context: "batch",
    body: { title: "Hello World", views: 11, tags: ["red"], flag: true, deep: { a: [1, { b: "C" }] }, empty: null },
    query: { q: "Red" },
    headers: () => ({ x_token: "secret" }),
  },
};

cases("@request", [
  ["author = @request.auth.id", "p1", ann],
  ["author = @request.auth.id", "p3"],
  ["author = @request.auth.id && @request.auth.id != ''", ""],
  ["@request.auth.id != '' && author = @request.auth.id", "p2", bob],
  ["@request.auth.id = ''", all],
  ["@request.auth.id = null", all],
  ["@request.auth.collectionName = 'users'", all, ann],
  ["@request.auth.collectionId = 'c_users' && id = 'p1'", "p1", ann],
  ["@request.auth.age > 35 && id = 'p1'", "p1", bob],
  ["@request.auth.age > 35", "", ann],
  ["@request.auth.age > 35", ""],
  ["@request.auth.emailVisibility = true", all, ann],
  ["@request.auth.emailVisibility = true", "", bob],
  ["@request.auth.orgs ~ 'o2'", all, bob],
  ["@request.auth.orgs:length = 2", all, bob],
  ["@request.auth.orgs:each ?= 'o2'", all, bob],
  ["@request.auth.orgs:each = 'o2'", "", bob],
  ["@request.auth.name:lower = 'ann'", all, ann],
  ["@request.auth.nothing = ''", all, ann],
  ["@request.auth.toString = ''", all, ann],
  ["@request.auth.__proto__ = ''", all, ann],
  ["title ~ @request.auth.name", ""],
  ["@request.method = 'PATCH'", all, sent],
  ["@request.method = 'PATCH'", ""],
  ["@request.context = 'batch'", all, sent],
  ["@request.query.q = 'Red'", all, sent],
  ["@request.query.q:lower = 'red'", all, sent],
  ["@request.query.q:isset = true", all, sent],
  ["@request.query.none:isset = true", "", sent],
  ["@request.query.constructor:isset = false", all, sent],
  ["@request.headers.x_token = 'secret'", all, sent],
  ["@request.headers.x_other:isset = false", all, sent],
  ["@request.body.title = title", "p1", sent],
  ["@request.body.views > views", all, sent],
  ["@request.body.views = 11", all, sent],
  ["@request.body.flag = true", all, sent],
  ["@request.body.flag:isset = true", all, sent],
  ["@request.body.empty:isset = true", all, sent],
  ["@request.body.nothing:isset = true", "", sent],
  ["@request.body.deep.a.0 = 1", all, sent],
  ["@request.body.deep.a.1.b:lower = 'c'", all, sent],
  ["@request.body.deep.a.7 = ''", all, sent],
  ["@request.body.deep.constructor = ''", all, sent],
  ["@request.body.tags:length = 1", all, sent],
  ["@request.body.tags:each = 'red'", all, sent],
  ["@request.body.tags:each = tags:each", "p2", sent],
  ["@request.body.title:changed = true", "p2 p3 p4", sent],
  ["@request.body.title:changed = false", "p1", sent],
  ["@request.body.tags:changed = true", "p1 p3 p4", sent],
  ["@request.body.author:changed = true", "", sent],
  ["@request.body.nul ~ 'a'", "", { ask: { body: { nul: "a\0b" } } }],
]);

cases("macros", [
  ["created < @now && id = 'p1'", "p1"],
  ["@yesterday < @now && @now < @tomorrow", all],
  ["@todayStart <= @now && @todayEnd >= @now", all],
  ["@monthStart <= @todayStart && @monthEnd >= @todayEnd", all],
  ["@yearStart <= @monthStart && @yearEnd >= @monthEnd", all],
  ["@todayStart ~ '%00:00:00.000Z' && @yearEnd ~ '%-12-31 23:59:59.999Z'", all],
  ["@year >= 2025 && @month >= 1 && @month <= 12 && @day >= 1 && @day <= 31", all],
  ["@weekday >= 0 && @weekday <= 6 && @hour < 24 && @minute < 60 && @second < 60", all],
  ["@now ~ '____-__-__ __:__:__.___Z%'", all],
]);

cases("functions", [
  ["geoDistance(place.lon, place.lat, 23.32, 42.69) < 3", "p1"],
  ["geoDistance(place.lon, place.lat, 0, 0) = 0", "p2"],
  ["geoDistance(0, 0, 0, 1) > 111 && geoDistance(0, 0, 0, 1) < 112 && id = 'p1'", "p1"],
  ["geoDistance(0, 0, 180, 0) > 20000 && id = 'p1'", "p1"],
  ["geoDistance(title, 0, 1, 1) > 0 && id = 'p1'", "p1"],
  ["geoDistance(posts.place.lon, posts.place.lat, 0, 0) = 0", "b2", { table: "bundles" }],
  ["geoDistance(posts.place.lon, posts.place.lat, 0, 0) ?= 0", "b1 b2", { table: "bundles" }],
  ["strftime('%Y', created) = '2026'", "p1 p2"],
  ["strftime('%Y-%m', created, '+1 years', '+5 months') = '2027-06'", "p1"],
  ["strftime('%Y', created) = ''", "p3"],
  ["strftime('%Y', '2020-01-01') = '2020'", all],
  ["strftime('%Y') > '2024'", all],
]);

describe("what cannot be read is refused, and the refusal points at the character", () => {
  const table: readonly (readonly [filter: string, code: string, position?: number])[] = [
    ["   ", "filter_empty", 1],
    ["// only words", "filter_empty", 1],
    ["()", "filter_operand_expected", 2],
    ["id", "filter_operator_missing", 3],
    ["id id", "filter_operator_expected", 4],
    ["id =", "filter_operand_missing", 5],
    ["id = 'a' &&", "filter_operand_missing", 12],
    ["id = 'a' id = 'b'", "filter_join_expected", 10],
    ["id = 'a' & id = 'b'", "filter_character_unknown", 10],
    ["id = 'a' AND id = 'b'", "filter_join_expected", 10],
    ["id == 'a'", "filter_operand_expected", 5],
    ["title + 123", "filter_character_unknown", 7],
    ["'🙂🙂' = ;", "filter_character_unknown", 8],
    ["(id = 'a'", "filter_bracket_missing", 10],
    ["(id = 'a' id", "filter_bracket_expected", 11],
    ["id = 'a')", "filter_join_expected", 9],
    ["id = 'abc", "filter_text_open", 6],
    [String.raw`id = 'abc\'`, "filter_text_open", 6],
    ["id = 'a\0b'", "filter_text_nul", 8],
    ["views = 1e5", "filter_number_malformed", 9],
    ["views = 1.", "filter_number_malformed", 9],
    ["views = 12abc", "filter_number_malformed", 9],
    [`views = ${"9".repeat(400)}`, "filter_number_malformed", 9],
    ["views = .5", "filter_number_malformed", 9],
    ["views = --5", "filter_character_unknown", 9],
    ["a..b = 1", "filter_name_malformed", 1],
    ["id. = 1", "filter_name_malformed", 1],
    ["id = {:x}", "filter_character_unknown", 6],
    ["nope = 1", "filter_name_unknown", 1],
    ["id = 'a' && (Title = 1)", "filter_name_unknown", 14],
    ["id = yes", "filter_name_unknown", 6],
    ["__proto__ = 1", "filter_name_unknown", 1],
    ["constructor = 1", "filter_name_unknown", 1],
    ["meta.__proto__.toString:each = 1", "filter_modifier_unknown", 24],
    ["toString = 1", "filter_name_unknown", 1],
    ["#id = 1", "filter_name_unknown", 1],
    ["@nope = 1", "filter_name_unknown", 1],
    ["@now.x = 1", "filter_name_unknown", 1],
    ["title.x = 1", "filter_relation_expected", 1],
    ["author.nope = 1", "filter_name_unknown", 8],
    ["title:nope = 1", "filter_modifier_unknown", 6],
    ["title:isset = 1", "filter_modifier_unknown", 6],
    ["title:lower:each = 1", "filter_modifier_unknown", 6],
    ["@request.auth.id:isset = 1", "filter_modifier_unknown", 17],
    ["@request.method:length = 1", "filter_modifier_unknown", 16],
    ["@request.body.nope:changed = 1", "filter_modifier_unknown", 19],
    ["@request = 1", "filter_name_unknown", 1],
    ["@request.nope.x = 1", "filter_name_unknown", 15],
    ["@request.query = 1", "filter_name_unknown", 1],
    ["@request.query.a.b = 1", "filter_name_unknown", 16],
    ["@collection = 1", "filter_name_unknown", 1],
    ["@collection.nope.id = 1", "filter_name_unknown", 13],
    ["@collection.users = 1", "filter_name_unknown", 13],
    ["users_via_nope.id = 1", "filter_name_unknown", 1],
    ["comments_via_post = 1", "filter_name_unknown", 1],
    ["comments_via_text.id = 1", "filter_name_unknown", 1],
    ["nope(1) = 1", "filter_function_unknown", 1],
    ["geoDistance(1, 2, 3) = 1", "filter_geo_arguments", 1],
    ["geoDistance(1, 2, 3, '4') = 1", "filter_geo_arguments", 1],
    ["geoDistance(1, 2 3, 4) = 1", "filter_argument_expected", 18],
    ["geoDistance(1, 2", "filter_argument_missing", 17],
    ["strftime(title) != 'x'", "filter_strftime_arguments", 1],
    ["strftime() != 'x'", "filter_strftime_arguments", 1],
    ["strftime('1', '2', '3', 4) != 'x'", "filter_strftime_arguments", 1],
    [`strftime(${"'1', ".repeat(10)}'11') != 'x'`, "filter_strftime_arguments", 1],
    ["f(f(f(f(1)))) = 1", "filter_too_deep", 7],
    [`${"(".repeat(61)}id = 1${")".repeat(61)}`, "filter_too_deep", 61],
    [`id = '${"a".repeat(3500)}'`, "filter_too_long"],
    [Array(201).fill("id=1").join("||"), "filter_too_many"],
    [`author.${"boss.".repeat(70)}name = 1`, "filter_too_many_joins"],
    [`author.${"posts_via_author.author.".repeat(3)}posts_via_author.title ?= 'a'`, "filter_too_many_fans"],
    [
      "comments_via_post.post.editors.orgs.name = 'a' && editors.posts_via_editors.editors.orgs.id = 1",
      "filter_too_many_fans",
    ],
    ["comments_via_post.post.editors.posts_via_editors.tags:each = 'a'", "filter_too_many_fans"],
    [
      Array(30)
        .fill(`author.${"boss.".repeat(18)}name='a'`)
        .join("||"),
      "filter_too_many_steps",
    ],
    [`views = 1 && title ~ '${"a".repeat(501)}'`, "filter_pattern_too_long", 22],
    [`title ?!~ "${"ü".repeat(251)}"`, "filter_pattern_too_long", 11],
  ];
  for (const [filter, code, position] of table) {
    test(filter.length > 60 ? `${filter.slice(0, 50)}…` : JSON.stringify(filter), () => {
      const kind = "bad request";
      expect(refused(() => compileFilter(filter, posts))).toEqual(position ? { kind, code, position } : { kind, code });
    });
  }

  test("every code has a sentence", () => {
    const codes = Object.keys(en);
    expect(table.filter(([, code]) => !codes.includes(code))).toEqual([]);
  });

  test("rules may take longer paths", () => {
    const path = (fans: number) => `author.${"posts_via_author.author.".repeat(fans)}id ?= 'a'`;
    expect(refused(() => compileRule(path(6), posts))).toBeUndefined();
    expect(refused(() => compileRule(path(7), posts))?.code).toBe("filter_too_many_fans");
  });

  test("what fits the limits is read", () => {
    for (const filter of [
      `title ~ '${"a".repeat(500)}' || title = '${"a".repeat(900)}'`,
      Array(200).fill("author.name=1").join("||"),
      Array(120).fill("editors.name?=1").join("||"),
      "comments_via_post.post.editors.posts_via_editors.title = 'a' && editors.orgs.name = 'a'",
      Array(200).fill("id=1").join("||"),
      Array(200).fill("views=1").join("&&"),
      `${"(".repeat(60)}id = 1${")".repeat(60)}`,
      `id = '${"a".repeat(3490)}'`,
    ]) {
      const condition = compileFilter(filter, posts)(askOf());
      const db = openFixture();
      if (typeof condition !== "boolean") run(db, condition, (text) => `SELECT id FROM posts WHERE ${text}`);
      db.close();
    }
    expect(refused(() => compileRule(`title = '${"a".repeat(40_000)}'`, posts))).toBeUndefined();
  });
});

describe("ordinary viewers", () => {
  test.each(["@request.auth.id = ''", "@collection.users.id = ''", "id = 1 || @request.query.x:isset = true"])(
    "may not ask %s",
    (filter) => {
      expect(refused(() => compileFilter(filter, shown))).toEqual({
        kind: "forbidden",
        code: "filter_superusers_only",
      });
    },
  );

  test("cannot tell a hidden field from none", () => {
    const users = scopeOf("users", false);
    const hidden = refused(() => compileFilter("secret = 'a'", users));
    expect(hidden).toEqual({ kind: "bad request", code: "filter_name_unknown", position: 1 });
    expect(refused(() => compileFilter("nosuch = 'a'", users))).toEqual(hidden);
    expect(refused(() => compileSort("secret", users))?.code).toBe("sort_name_unknown");
    expect(refused(() => compileFilter("secret = 'a'", scopeOf("users", true)))).toBeUndefined();
  });
});

cases(
  "ordinary viewers find people by email only where it may be seen",
  [
    ["email = 'ann@x.io'", "ann"],
    ["email = 'bob@x.io'", ""],
    ["email != 'nobody'", "ann cid"],
    ["geoDistance(email, 0, 1, 1) > 0", "ann cid"],
    ["email:lower ~ 'x.io'", "ann cid"],
    ["email ~ 'x.io' || name = 'Bob'", "ann bob cid"],
    ["email = 'bob@x.io'", "bob", { trusted: true }],
  ],
  { table: "users", trusted: false },
);

describe("what the request alone decides", () => {
  const decided = (filter: string, ask = {}) => {
    const answer = compileFilter(filter, posts)(askOf(ask));
    return typeof answer === "boolean" ? answer : textOf(answer);
  };

  test("is decided without SQL", () => {
    expect(decided("@request.auth.id != ''")).toBe(false);
    expect(decided("@request.auth.id != ''", ann.ask)).toBe(true);
    expect(decided("@request.auth.id != '' && author = @request.auth.id")).toBe(false);
    expect(decided("@request.auth.id = '' || author = @request.auth.id")).toBe(true);
    expect(decided("@request.body.flag = true", sent.ask)).toBe(true);
    expect(decided("@request.query.q:isset = true", sent.ask)).toBe(true);
  });

  test("leaves the rest", () => {
    expect(decided("@request.auth.id != '' && author = @request.auth.id", ann.ask)).toBe(`"posts"."author" = ?`);
  });

  test("is left to SQL where texts are no Unicode", () => {
    const answer = decided("@request.query.a = @request.query.b", { query: { a: "\ud800", b: "\ufffd" } });
    expect(typeof answer).toBe("string");
  });
});

describe("SQL", () => {
  test("one text has one shape, whoever asks and whatever the literals are", () => {
    const ask = (filter: string, viewer = ann.ask) => {
      const answer = compileFilter(filter, posts)(askOf(viewer));
      if (typeof answer === "boolean") throw new Error("decided");
      return answer;
    };
    const first = ask("author = @request.auth.id && title != 'a' && views > 1");
    const second = ask("author = @request.auth.id && title != 'b' && views > 2", bob.ask);
    expect(second.shape).toBe(first.shape);
    expect(first.values).toEqual(["ann", "a", 1]);
    expect(second.values).toEqual(["bob", "b", 2]);
    expect(ask("author = @request.auth.id && title != '' && views > 1").values).toEqual(["ann", "", 1]);
  });

  test("an index on a column that is never NULL stays usable", () => {
    const db = openFixture();
    db.run("CREATE INDEX by_title ON posts (title); CREATE INDEX by_author ON posts (author)");
    db.run("CREATE INDEX by_user ON comments (post)");
    const plan = (filter: string, ask = ann.ask) => {
      const answer = compileFilter(filter, posts)(askOf(ask));
      if (typeof answer === "boolean") throw new Error("decided");
      const steps = run(db, answer, (text) => `EXPLAIN QUERY PLAN SELECT * FROM posts WHERE ${text}`);
      return steps.map((step) => String(step["detail"])).join("\n");
    };
    expect(plan("title = 'x'")).toContain("by_title (title=?)");
    expect(plan("author = @request.auth.id")).toContain("by_author (author=?)");
    expect(plan("author = @request.auth.id && comments_via_post.text ?= 'nice'")).toContain("by_author (author=?)");
    expect(plan("comments_via_post.text ?= 'nice'")).toContain("by_user (post=?)");
    expect(plan("@collection.comments.post ?= id")).toContain("by_user (post=?)");
    expect(plan("title > 'x'")).toContain("by_title (title>?)");
    db.close();
  });

  test("a hundred thousand characters to look for are looked for in vain, not an error", () => {
    const db = openFixture();
    const long = askOf({ query: { q: "a".repeat(100_000) } });
    const answer = compileFilter("title ~ @request.query.q", posts)(long);
    if (typeof answer === "boolean") throw new Error("decided");
    expect(run(db, answer, (text) => `SELECT id FROM posts WHERE ${text}`)).toEqual([]);
    db.run("UPDATE posts SET title = ? WHERE id = 'p1'", ["b".repeat(100_000)]);
    const column = compileFilter("'x' ~ title", posts)(askOf());
    if (typeof column === "boolean") throw new Error("decided");
    expect(run(db, column, (text) => `SELECT id FROM posts WHERE ${text}`)).toEqual([{ id: "p3" }]);
    db.close();
  });

  test("the empty text is true for every row", () => {
    expect(compileFilter("", posts)(askOf())).toBe(true);
  });
});

describe("sort", () => {
  const db = openFixture();
  test.each([
    ["title", "p3 p2 p1 p4"],
    ["-title", "p4 p1 p2 p3"],
    ["+views", "p3 p2 p4 p1"],
    [" - views".replace("- ", "-"), "p1 p4 p2 p3"],
    ["published,-views", "p4 p2 p1 p3"],
    ["-@rowid", "p4 p3 p2 p1"],
    ["meta.a.b,id", "p2 p3 p4 p1"],
    ["place.lon", "p4 p2 p3 p1"],
    ["tags:length,-id", "p3 p4 p2 p1"],
    ["title:lower", "p3 p2 p1 p4"],
    ["-author.name,id", "p2 p1 p3 p4"],
    ["author.boss.name,-id", "p4 p3 p1 p2"],
  ])("%s → %s", (sort, ids) => {
    expect(sorted(db, sort)).toBe(ids);
  });

  test("the same text is the same SQL", () => {
    expect(compileSort("-title,meta.a", posts)).toBe(compileSort("-title,meta.a", posts));
    expect(compileSort("-title,meta.a", posts).values).toEqual(['$."a"']);
  });

  test("by chance", () => {
    expect(sorted(db, "@random").split(" ").sort().join(" ")).toBe(all);
  });

  test("ordinary viewers do not learn the order of emails they may not see", () => {
    expect(sorted(db, "-email", { table: "users", trusted: false })).toBe("cid ann bob");
    expect(sorted(db, "-email", { table: "users" })).toBe("cid bob ann");
  });

  test.each([
    ["nope", "bad request", "sort_name_unknown", 1],
    ["id,-Title", "bad request", "sort_name_unknown", 5],
    ["id,,title", "bad request", "sort_name_unknown", 4],
    ["", "bad request", "sort_name_unknown", 1],
    ["--id", "bad request", "sort_name_unknown", 2],
    ["id desc", "bad request", "sort_name_unknown", 1],
    ["id;drop table posts", "bad request", "sort_name_unknown", 1],
    ["@now", "bad request", "sort_name_unknown", 1],
    ["null", "bad request", "sort_name_unknown", 1],
    ["__proto__", "bad request", "sort_name_unknown", 1],
    ["title.x", "bad request", "sort_name_unknown", 1],
    ["@request.auth.title", "forbidden", "filter_superusers_only", undefined],
    ["@collection.users.id", "forbidden", "filter_superusers_only", undefined],
    [Array(9).fill("id").join(), "bad request", "sort_too_many", undefined],
    ["a".repeat(256), "bad request", "sort_too_long", 1],
  ])("%s is refused", (sort, kind, code, position) => {
    const expected = position === undefined ? { kind, code } : { kind, code, position };
    expect(refused(() => compileSort(sort, shown))).toEqual(expected);
  });
});

test("a rule takes other names, and nothing else of it changes", () => {
  const rename = (name: string) => (name === "@request.body.title:isset" ? "sent" : `<${name}>`);
  expect(renameNames("title = 'title' && @request.body.title:isset = true // title", rename)).toBe(
    "<title> = 'title' && sent = <true> // title",
  );
  expect(renameNames("(author.name:lower ~ a.b||geoDistance(1,lat)<2)", rename)).toBe(
    "(<author.name:lower> ~ <a.b>||<geoDistance>(1,<lat>)<2)",
  );
  expect(renameNames("title = 'open", rename)).toBe("title = 'open");
});
