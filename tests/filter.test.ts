import { afterAll, describe, expect, test } from "bun:test";
import { compileFilter, compileRule, renameNames } from "../src/filter/filter.ts";
import { sentence } from "../src/phrases/index.ts";
import { askOf, type Case, matching, openFixture, refused, run, scopeOf, sorted, textOf, viewerOf } from "./filter-fixture.ts";

const db = openFixture();
afterAll(() => db.close());

type Cases = readonly (readonly [filter: string, ids: string, more?: Case])[];

function cases(title: string, table: Cases, common: Case = {}): void {
  describe(title, () => {
    test.each(table.map(([filter, ids, more]) => [filter, ids, more] as const))("%s → %s", (filter, ids, more) => {
      expect(matching(db, filter, { ...common, ...more })).toBe(ids);
    });
  });
}

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
  ["views = views", "p1 p2 p3 p4"],
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
  ["title != id", "p1 p2 p3 p4"],
  ["author = 'ann'", "p1"],
  ["author.id = 'gone'", "p4"],
  ["1 = 1", "p1 p2 p3 p4"],
  ["1 = '1'", ""],
  ["'' = null", "p1 p2 p3 p4"],
  ["true = 1", "p1 p2 p3 p4"],
  ["'a' < 'b'", "p1 p2 p3 p4"],
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
  ["title ~ '100\\%'", "p2"],
  ["title ~ '_real_'", "p2"],
  ["title ~ '\\_real\\_'", "p2"],
  ["title ~ ''", "p1 p2 p3 p4"],
  ["title ~ null", ""],
  ["title ~ '\\'", "p4"].map((it) => it.replace("'\\'", '"\\ "')) as unknown as [string, string],
  ["views ~ 1", "p1"],
  ["views ~ 5", "p3"],
  ["tags ~ 'blue'", "p1"],
  ["meta ~ 'deep'", "p1"],
  ["'my p1 post' ~ id", "p1"],
  ["'xyz' ~ title", "p3"],
  ["id ~ title", "p3"],
]);
