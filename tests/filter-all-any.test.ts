import { afterAll, describe, expect, test } from "bun:test";
import { cases, data, matching, openFixture } from "./filter-fixture.ts";
import { matches, type Side } from "./filter-reference.ts";

/** Paths by how many rows they stand for, and why. */
const paths: Readonly<Record<string, readonly string[]>> = {
  "own field": ["views"],
  "single relation": ["author", "age"],
  "two single relations": ["author", "boss", "age"],
  "multi relation": ["editors", "age"],
  "multi, then single": ["editors", "boss", "age"],
  "back-relation": ["comments_via_post", "likes"],
  "back-relation of a multi relation": ["bundles_via_posts", "label"],
  "back-relation, then single": ["comments_via_post", "post", "views"],
  "single, then back-relation": ["author", "posts_via_author", "views"],
  "back-relation, then multi": ["bundles_via_posts", "posts", "views"],
  "multi, then back-relation": ["editors", "posts_via_author", "views"],
  "elements of a list": ["tags", "@each"],
};

const operators = ["=", "!=", ">", ">=", "<", "<=", "~", "!~"];
const values = [0, 3, 30, 40, -2.5, 10, "one", "red"];

const written = (side: Side) =>
  "path" in side ? side.path.join(".").replace(".@each", ":each") : JSON.stringify(side.value);

describe("all and any mean what trying every combination of related rows finds", () => {
  const db = openFixture();
  afterAll(() => db.close());
  const differences = (left: Side, right: Side) =>
    operators.flatMap((operator) =>
      [true, false].flatMap((any) => {
        const filter = `${written(left)} ${any ? "?" : ""}${operator} ${written(right)}`;
        const rows = (data["posts"] ?? []).filter((row) => {
          return matches({ left, operator, any, right }, { tables: data, table: "posts", row });
        });
        const expected = rows.map((row) => row["id"]).join(" ");
        const found = matching(db, filter);
        return found === expected ? [] : [`${filter} finds ${found}, not ${expected}`];
      }),
    );

  const kinds = Object.entries(paths);
  for (const [one, left] of kinds) {
    test(`${one} and a value`, () => {
      expect(values.flatMap((value) => differences({ path: left }, { value }))).toEqual([]);
      expect(values.flatMap((value) => differences({ value }, { path: left }))).toEqual([]);
    });
    for (const [other, right] of kinds) {
      test(`${one} and ${other}`, () => {
        expect(differences({ path: left }, { path: right })).toEqual([]);
      });
    }
  }
});

cases("single, multi and back-relation against a value: all, then any", [
  ["author.age = 30", "p1"],
  ["author.age ?= 30", "p1"],
  ["author.age != 30", "p2 p3 p4"],
  ["author.age ?!= 30", "p2 p3 p4"],
  ["editors.age = 40", "p2"],
  ["editors.age ?= 40", "p1 p2"],
  ["editors.age != 40", ""],
  ["editors.age ?!= 40", "p1 p3 p4"],
  ["comments_via_post.likes = 0", ""],
  ["comments_via_post.likes ?= 0", "p1"],
  ["comments_via_post.likes > 0", "p2"],
  ["comments_via_post.likes ?> 0", "p1 p2"],
]);

cases("single, multi and back-relation against each other: all, then any", [
  // single – single
  ["author.age = author.boss.age", "p3 p4"],
  ["author.age ?= author.boss.age", "p3 p4"],
  // single – multi
  ["author.age <= editors.age", "p1 p2"],
  ["author.age < editors.age", ""],
  ["author.age ?< editors.age", "p1"],
  ["editors.age = author.age", "p2 p3"],
  ["editors.age ?= author.age", "p1 p2 p3 p4"],
  // single – back-relation
  ["author.age > comments_via_post.likes", "p1 p2"],
  ["views > comments_via_post.likes", "p1"],
  ["views ?= comments_via_post.likes", ""],
  ["comments_via_post.likes < author.age", "p1 p2"],
  // multi – multi
  ["editors.age = editors.age", "p2 p3"],
  ["editors.age ?= editors.age", "p1 p2 p3 p4"],
  ["editors.age != editors.boss.age", "p2"],
  ["editors.age ?!= editors.boss.age", "p1 p2 p4"],
  // multi – back-relation
  ["editors.age > comments_via_post.likes", "p1 p2"],
  ["comments_via_post.likes ?< editors.age", "p1 p2"],
  ["editors.age = comments_via_post.likes", "p3"],
  // back-relation – back-relation
  ["comments_via_post.likes >= comments_via_post.likes", "p2"],
  ["comments_via_post.likes ?>= comments_via_post.likes", "p1 p2"],
  ["comments_via_post.text = bundles_via_posts.label", "p3 p4"],
  ["comments_via_post.text ?!= bundles_via_posts.label", "p1 p2"],
]);
