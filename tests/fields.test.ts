import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Database } from "bun:sqlite";
import fc from "fast-check";
import { h } from "preact";
import { Common, type Control, type Field, type FieldType, type Json, type Sent } from "../src/fields/field.ts";
import { generatorOf } from "../src/fields/generator.ts";
import { fieldType, fieldTypes } from "../src/fields/index.ts";
import { browserPattern, isPattern, matches } from "../src/fields/matcher.ts";
import { renderHtml, renderPart } from "../src/html/index.ts";
import type { Problem } from "../src/lib/errors.ts";
import { verifyPassword } from "../src/lib/passwords.ts";
import { en } from "../src/phrases/en.ts";

function kind(name: string): FieldType {
  const found = fieldType(name);
  if (!found) throw new Error(`no type ${name}`);
  return found;
}

/** A field as a definition holds it: the type's defaults and these options. */
function fieldOf(type: FieldType, options: Readonly<Record<string, unknown>> = {}): Field {
  const schema = Type.Object({ ...Common.properties, ...type.options.properties });
  const own = Value.Default(type.options, {});
  const common = { id: "f1", name: "it", type: type.type, system: false, hidden: false, presentable: false };
  return Value.Decode(schema, { ...common, help: "", required: false, ...Object(own), ...options });
}

function sentOf(form: Readonly<Record<string, readonly string[]>>): Sent {
  return (part = "") => form[part] ?? [];
}

function draw(type: FieldType, control: Partial<Control> & { readonly field: Field }): string {
  return renderPart(type.input({ id: "x", value: type.zero(control.field), ...control }));
}

/** What reading or checking finds first; `required` aside. */
function firstProblem(type: FieldType, input: unknown, field: Field): string | undefined {
  const reading = type.fromJson(input, field);
  return (reading.problem ?? type.problems(reading.value, field))?.code;
}

const hostile = `"><script>alert(1)</script>' onfocus='x`;

describe.each(fieldTypes.map((type) => [type.type, type] as const))("the contract of %s", (_, type) => {
  const examples = type.examples.map((example, n) => [n, example, fieldOf(type, example.options)] as const);

  test("has examples, and defaults for all options that make a whole field", () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const [, , field] of examples) {
      expect(type.optionProblems(field)).toEqual({});
      expect(Value.Check(type.options, field)).toBe(true);
    }
  });

  test("the zero value stands for null, nothing, and an untouched form", () => {
    for (const [, { options }, field] of examples) {
      const zero = type.zero(field);
      expect(type.fromJson(null, field)).toEqual({ value: zero });
      expect(type.fromJson(undefined, field)).toEqual({ value: zero });
      expect(type.fromForm(sentOf({}), field)).toEqual({ value: zero });
      expect(type.fromForm(sentOf({ "": [""] }), field)).toEqual({ value: zero });
      if (!options["required"]) expect(type.problems(zero, field)).toBeUndefined();
      expect(Value.Check(type.value(field), zero)).toBe(true);
      expect(type.fromColumn(null, field)).toEqual(zero);
    }
  });

  test("a good value comes in by JSON and by form alike, and has no problem", () => {
    for (const [, { good, form }, field] of examples) {
      expect(type.fromJson(good, field)).toEqual({ value: good });
      expect(type.fromForm(sentOf(form), field)).toEqual({ value: good });
      expect(type.problems(good, field)).toBeUndefined();
      expect(Value.Check(type.value(field), good)).toBe(true);
    }
  });

  test("a column of SQLite keeps it, and has the zero value by default", () => {
    for (const [, { good }, field] of examples) {
      const column = type.column(field);
      using db = new Database(":memory:");
      db.run(`CREATE TABLE t (id INTEGER, it ${column.type} DEFAULT ${column.default})`);
      db.prepare("INSERT INTO t (id, it) VALUES (1, ?)").run(type.toColumn(good, field));
      db.run("INSERT INTO t (id) VALUES (2)");
      const rows = db.query<{ it: string | number | null }, []>("SELECT it FROM t ORDER BY id").all();
      expect(rows.map(({ it }) => type.fromColumn(it, field))).toEqual([good, type.zero(field)]);
    }
  });

  test("what is sent with a modifier changes the value; what it cannot be is said", () => {
    for (const [, { modified = [] }, field] of examples) {
      for (const [modifier, value, sent, result] of modified) {
        const modification = type.modify?.(modifier, sent, field);
        expect(modification?.problem).toBeUndefined();
        expect([modifier, modification?.apply(value)]).toEqual([modifier, result]);
      }
      for (const modifier of ["name+", "+name", "name-", "name:autogenerate"] as const) {
        const modification = type.modify?.(modifier, { not: "a value" }, field);
        if (modification) expect(Object.keys(en)).toContain(modification.problem?.code ?? "");
      }
    }
  });

  test("what is wrong has its code, and the code a sentence", () => {
    for (const [, { bad = [] }, field] of examples) {
      for (const [input, code] of bad) {
        expect([input, firstProblem(type, input, field)]).toEqual([input, code]);
        expect(Object.keys(en)).toContain(code);
      }
    }
  });

  test("nothing that JSON can carry makes it throw, and what it calls good is kept as it is", () => {
    for (const [, , field] of examples) {
      fc.assert(
        fc.property(fc.anything({ withNullPrototype: false, maxDepth: 3 }), (input) => {
          const { value, problem } = type.fromJson(input, field);
          if (problem || type.problems(value, field)) return;
          expect(noMinusZero(type.fromColumn(type.toColumn(value, field), field))).toEqual(noMinusZero(value));
          expect(typeof type.cell(value, field)).toBe("string");
        }),
        { numRuns: 150 },
      );
    }
  });

  test("the control says its name, its id and what is wrong, and escapes what people wrote", () => {
    for (const [, { good }, field] of examples) {
      const html = draw(type, { field, value: good, describedBy: "help wrong", invalid: true });
      expect(html).toContain('id="x"');
      expect(html).toMatch(/name="it(\.lat)?"/);
      expect(html).toContain('aria-describedby="help wrong"');
      expect(html).toContain('aria-invalid="true"');
      const again = draw(type, {
        field: { ...field, name: hostile },
        sent: () => [hostile],
        choices: [[hostile, hostile]],
      });
      expect(again).not.toContain("<script>");
      expect(again).not.toMatch(/"[^"<>]*" onfocus='/);
    }
  });

  test("what a page shows of it is safe, whatever is stored, and nothing of what is blank", () => {
    const shown = (value: Json, field: Field, whole: boolean) =>
      renderPart(h("p", null, type.show?.(value, field, { language: "en", whole })));
    for (const [, { good }, field] of examples) {
      for (const whole of [true, false]) {
        expect(shown(good, field, whole)).not.toBe(type.show ? "<p></p>" : "");
        for (const stored of [hostile, { a: hostile }, null, type.zero(field)]) {
          expect(shown(stored, field, whole)).not.toMatch(/<script|"[^"<>]*" onfocus='/);
        }
        if (type.cell(type.zero(field), field) === "" && type.type !== "bool") {
          expect(shown(type.zero(field), field, whole)).toBe("<p></p>");
        }
      }
    }
  });

  test("a cell is one line", () => {
    for (const [, { good }, field] of examples) expect(type.cell(good, field)).not.toMatch(/[\r\n\t]/);
  });
});

test("what an editor field holds is shown as text: its blocks as lines, nothing that runs, however long it takes to end", () => {
  const editor = kind("editor");
  const show = (html: string, whole = true) => editor.show?.(html, fieldOf(editor), { language: "en", whole });
  expect(show("<h2>Ferns &amp; moss</h2><p>One<br>two</p><script>alert(1)</script><ul><li>&#65;</li></ul>")).toBe(
    "Ferns & moss\nOne\ntwo\nA",
  );
  expect(show("<p>a</p><p>b</p>", false)).toBe("a b");
  expect(show("&lt;b&gt; &constructor; &#0;")).toBe("<b> &constructor; &#0;");
  const start = performance.now();
  for (const piece of ["<", "<script", "<script>", "</script ", "&#1", "\n ", "<br "]) show(piece.repeat(200_000));
  expect(performance.now() - start).toBeLessThan(2000);
});

test("a moment is shown as people say it, and an address as a link only where it is one", () => {
  const [date, url] = [kind("date"), kind("url")];
  const showing = { language: "en", whole: true } as const;
  const drawn = (type: FieldType, value: string) =>
    renderPart(h("p", null, type.show?.(value, fieldOf(type), showing)));
  expect(drawn(date, "2026-01-02 15:04:05.000Z")).toMatch(
    /^<p><time datetime="2026-01-02T15:04:05.000Z">Jan 2, 2026, 3:04\sPM UTC<\/time><\/p>$/,
  );
  expect(drawn(url, "https://plants.example/a")).toContain(
    `<a href="https://plants.example/a" rel="nofollow noopener ugc">`,
  );
  expect(drawn(url, "javascript:alert(1)")).toBe("<p>javascript:alert(1)</p>");
});

/** No column tells -0 from 0. */
function noMinusZero(value: Json): Json {
  return JSON.parse(JSON.stringify(value));
}

test("all types of the contract are there, in the order people see them", () => {
  expect(fieldTypes.map(({ type }) => type)).toEqual([
    "text",
    "editor",
    "number",
    "bool",
    "email",
    "url",
    "date",
    "autodate",
    "select",
    "file",
    "relation",
    "json",
    "geoPoint",
    "password",
  ]);
  expect(fieldType("constructor")).toBeUndefined();
});

describe("options", () => {
  const wrong: readonly (readonly [string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>])[] = [
    ["text", { min: -1 }, { min: "validation_min_greater_equal_than_required" }],
    ["text", { min: 5, max: 4 }, { max: "validation_min_greater_equal_than_required" }],
    ["text", { pattern: "(" }, { pattern: "validation_invalid_regex" }],
    ["text", { pattern: "(?=a)" }, { pattern: "validation_invalid_regex" }],
    ["text", { autogeneratePattern: "[" }, { autogeneratePattern: "validation_invalid_regex" }],
    ["text", { autogeneratePattern: "\\bx" }, { autogeneratePattern: "validation_invalid_autogenerate_pattern" }],
    ["text", { autogeneratePattern: "(a{1000}){3}b{1000}{3}" }, { autogeneratePattern: "validation_invalid_regex" }],
    [
      "text",
      { autogeneratePattern: "[a-z]{3}", min: 5 },
      { autogeneratePattern: "validation_invalid_autogenerate_pattern_value" },
    ],
    ["text", { primaryKey: true, pattern: "." }, { required: "validation_required" }],
    ["text", { primaryKey: true, required: true }, { pattern: "validation_required" }],
    ["number", { min: 2, max: 1 }, { max: "validation_min_greater_equal_than_required" }],
    ["number", { min: 1.5, onlyInt: true }, { min: "validation_only_int_constraint" }],
    [
      "email",
      { onlyDomains: ["a.example"], exceptDomains: ["b.example"] },
      { exceptDomains: "validation_empty", onlyDomains: "validation_empty" },
    ],
    ["url", { onlyDomains: ["a.example", "nope"] }, { onlyDomains: { 1: "validation_is_domain" } }],
    ["editor", { maxSize: -1 }, { maxSize: "validation_min_greater_equal_than_required" }],
    ["json", { maxSize: -1 }, { maxSize: "validation_min_greater_equal_than_required" }],
    ["date", { min: "soon" }, { min: "validation_invalid_value" }],
    ["date", { min: "2026-01-02", max: "2026-01-01" }, { max: "validation_min_greater_equal_than_required" }],
    ["autodate", {}, { onCreate: "validation_required" }],
    ["select", {}, { values: "validation_required" }],
    ["select", { values: ["a", "b", "a"] }, { values: { 2: "validation_not_unique" } }],
    ["select", { values: ["a", ""] }, { values: { 1: "validation_required" } }],
    ["select", { values: ["a"], maxSelect: 2 }, { maxSelect: "validation_max_less_equal_than_required" }],
    [
      "file",
      { maxSelect: -1, maxSize: -1 },
      {
        maxSelect: "validation_min_greater_equal_than_required",
        maxSize: "validation_min_greater_equal_than_required",
      },
    ],
    [
      "file",
      { thumbs: ["100x50t", "0x0", "big"] },
      { thumbs: { 1: "validation_not_in_invalid", 2: "validation_match_invalid" } },
    ],
    ["relation", {}, { collectionId: "validation_required" }],
    [
      "relation",
      { collectionId: "c", minSelect: 3, maxSelect: 2 },
      { maxSelect: "validation_min_greater_equal_than_required" },
    ],
    ["password", { min: 72 }, { min: "validation_max_less_equal_than_required" }],
    [
      "password",
      { cost: 3, pattern: "(" },
      { cost: "validation_min_greater_equal_than_required", pattern: "validation_invalid_regex" },
    ],
  ];

  test.each(wrong)("%s %j", (type, options, codes) => {
    expect(codesOf(kind(type).optionProblems(fieldOf(kind(type), options)))).toEqual(codes);
  });

  function codesOf(problems: object): unknown {
    return Object.fromEntries(
      Object.entries(problems).map(([key, it]: [string, object]) => [key, "code" in it ? it.code : codesOf(it)]),
    );
  }
});

describe("what people type is kept", () => {
  const number = kind("number");
  const text = kind("text");

  test("a form's line ends are one character before anything is counted", () => {
    const field = fieldOf(text, { max: 3 });
    const { value } = text.fromForm(sentOf({ "": ["a\r\nb"] }), field);
    expect(value).toBe("a\nb");
    expect(text.problems(value, field)).toBeUndefined();
  });

  test("a text field takes what looks like JSON, a number or a truth value as the text it is", () => {
    for (const typed of ['{"a":1}', "[1]", "007", "1.0", "true", "null", " "]) {
      expect(text.fromForm(sentOf({ "": [typed] }), fieldOf(text))).toEqual({ value: typed });
    }
  });

  test("characters are counted, not UTF-16 units, and browsers are told twice the limit", () => {
    const field = fieldOf(text, { max: 2 });
    expect(text.problems("😀😀", field)).toBeUndefined();
    expect(draw(text, { field })).toContain('maxlength="4"');
  });

  test("a number that a double cannot hold is refused rather than changed", () => {
    expect(number.fromForm(sentOf({ "": ["9007199254740993"] }), fieldOf(number)).problem?.code).toBe(
      "validation_not_a_number",
    );
    expect(number.fromForm(sentOf({ "": ["9007199254740992"] }), fieldOf(number))).toEqual({ value: 9007199254740992 });
  });

  test("0 that somebody typed is held to the limits, 0 that a program sends is a blank", () => {
    const field = fieldOf(number, { min: 5 });
    expect(number.fromForm(sentOf({ "": ["0"] }), field).problem).toEqual({
      code: "validation_min_number_constraint",
      params: { min: 5 },
    });
    expect(number.fromJson(0, field)).toEqual({ value: 0 });
    expect(number.problems(0, field)).toBeUndefined();
  });

  test("what a typed input would blank is drawn as text, as it was typed", () => {
    expect(draw(number, { field: fieldOf(number), sent: () => ["a lot"] })).toMatch(/type="text".*value="a lot"/);
    expect(draw(number, { field: fieldOf(number), sent: () => ["1.50"] })).toMatch(/type="number".*value="1.50"/);
    const date = kind("date");
    expect(draw(date, { field: fieldOf(date), sent: () => ["tomorrow"] })).toMatch(/type="text".*value="tomorrow"/);
    expect(draw(date, { field: fieldOf(date), sent: () => ["2026-01-02T15:04"] })).toMatch(
      /type="datetime-local".*value="2026-01-02T15:04"/,
    );
    const geoPoint = kind("geoPoint");
    const drawn = draw(geoPoint, { field: fieldOf(geoPoint), sent: (part) => (part === "lat" ? ["north"] : ["8.5"]) });
    expect(drawn).toContain('value="north"');
    expect(drawn).toContain('value="8.5"');
  });

  test("a textarea gives back the newline that browsers drop", () => {
    const field = fieldOf(text, { multiline: true });
    expect(draw(text, { field, value: "\n\na & b" })).toContain(">\n\n\na &amp; b</textarea>");
  });

  test("a text with several lines is never drawn in an input, which would drop the line ends", () => {
    expect(draw(text, { field: fieldOf(text), sent: () => ["a\r\nb"] })).toContain(">\na\nb</textarea>");
  });

  test("a choice that is none any more stays chosen", () => {
    const select = kind("select");
    const one = fieldOf(select, { values: ["red"] });
    expect(draw(select, { field: one, sent: () => ["mauve"] })).toContain('<option value="mauve" selected>');
    const many = fieldOf(select, { values: ["red", "blue"], maxSelect: 2 });
    expect(draw(select, { field: many, sent: () => ["mauve", "red"] }).match(/ checked/g)).toHaveLength(2);
  });

  test("JSON keeps its kinds: numbers, strings that look like numbers, and what is too large for a number", () => {
    const json = kind("json");
    const field = fieldOf(json);
    const kept: readonly Json[] = [
      1,
      0.1,
      1e300,
      5e-324,
      9007199254740991,
      "1",
      "1.0",
      "true",
      "null",
      "",
      "é",
      [],
      {},
      ["1"],
      false,
      null,
    ];
    using db = new Database(":memory:");
    db.run("CREATE TABLE t (it JSON DEFAULT NULL)");
    for (const value of kept) db.prepare("INSERT INTO t VALUES (?)").run(json.toColumn(value, field));
    const rows = db.query<{ it: string | number | null }, []>("SELECT it FROM t ORDER BY rowid").all();
    expect(rows.map(({ it }) => json.fromColumn(it, field))).toEqual([...kept]);
    expect(json.fromJson("12345678901234567890", field)).toEqual({ value: "12345678901234567890" });
    expect(json.fromForm(sentOf({ "": ['"12"'] }), field)).toEqual({ value: "12" });
    expect(json.fromJson("[draft] hello", field)).toEqual({ value: "[draft] hello" });
  });

  test("broken JSON in a form is a problem and is drawn again", () => {
    const json = kind("json");
    const field = fieldOf(json);
    for (const typed of ['{"a":', "[1", '"open']) {
      expect(json.fromForm(sentOf({ "": [typed] }), field).problem?.code).toBe("validation_invalid_json");
    }
    expect(draw(json, { field, sent: () => ['{"a":'] })).toContain(">\n{&quot;a&quot;:</textarea>");
  });
});

describe("lists and single values", () => {
  test("of several for a single value the last counts; a list has each once", () => {
    const relation = kind("relation");
    const one = fieldOf(relation, { collectionId: "c" });
    expect(relation.fromJson(["a", "b"], one)).toEqual({ value: "b" });
    const many = fieldOf(relation, { collectionId: "c", maxSelect: 3 });
    expect(relation.fromJson("a", many)).toEqual({ value: ["a"] });
    expect(relation.fromJson(["a", "", "b", "a", null], many)).toEqual({ value: ["a", "b"] });
    expect(relation.shape(one)).toBe("scalar");
    expect(relation.shape(many)).toBe("list");
    expect(relation.target?.(many)).toBe("c");
  });

  test("what a column held before the field became a list, or stopped being one, is read", () => {
    const select = kind("select");
    expect(select.fromColumn("red", fieldOf(select, { values: ["red"], maxSelect: 2 }))).toEqual(["red"]);
    expect(select.fromColumn('["red","blue"]', fieldOf(select, { values: ["red"] }))).toBe("blue");
  });

  test("nobody makes a file by sending its name", () => {
    const file = kind("file");
    const field = fieldOf(file, { maxSelect: 3 });
    expect(file.change?.(["a.txt"], ["a.txt", "b.txt"], field)).toBeUndefined();
    expect(file.change?.(["a.txt", "c.txt"], ["a.txt"], field)).toEqual({
      code: "validation_invalid_file",
      params: { invalidFiles: "c.txt" },
    });
    expect(file.change?.("c.txt", "", fieldOf(file))?.code).toBe("validation_invalid_file");
  });

  test("a file input says what it takes, and shows what is there as boxes to keep", () => {
    const file = kind("file");
    const field = fieldOf(file, { maxSelect: 2, mimeTypes: ["image/png", "image/jpeg"], required: true });
    expect(draw(file, { field })).toMatch(
      /<input [^>]*type="file" name="it" required multiple accept="image\/png,image\/jpeg"/,
    );
    const again = draw(file, { field, value: ["a.png"] });
    expect(again).not.toContain("required");
    expect(again).toContain('type="checkbox" name="it" value="a.png" checked');
  });

  test("an unticked box sends false, an unticked list sends a blank", () => {
    const bool = kind("bool");
    expect(draw(bool, { field: fieldOf(bool), value: true })).toMatch(
      /^<input type="hidden" name="it" value="false"\/><input [^>]*value="true" checked/,
    );
    const select = kind("select");
    expect(draw(select, { field: fieldOf(select, { values: ["a", "b"], maxSelect: 2 }) })).toMatch(
      /^<input type="hidden" name="it" value(="")?\/>/,
    );
  });
});

test("fields of large values say how much a body may weigh for them", () => {
  const weigh = (type: string, options = {}) => kind(type).weight?.(fieldOf(kind(type), options));
  expect([weigh("editor"), weigh("json"), weigh("file"), weigh("text")]).toEqual([5 << 20, 1 << 20, 5 << 20, 20_000]);
  expect(weigh("file", { maxSize: 1000, maxSelect: 3 })).toBe(3000);
  expect(weigh("json", { maxSize: 7 })).toBe(7);
});

describe("what the server gives", () => {
  const now = "2026-01-02 15:04:05.000Z";

  test("an autodate is the moment of creation, of change, or both", () => {
    const autodate = kind("autodate");
    const created = fieldOf(autodate, { onCreate: true });
    expect(autodate.given).toBe(true);
    expect(autodate.fill?.("create", created, now)).toBe(now);
    expect(autodate.fill?.("update", created, now)).toBeUndefined();
    expect(autodate.fill?.("update", fieldOf(autodate, { onUpdate: true }), now)).toBe(now);
  });

  test("a text is generated when a record is made, and fits its pattern", () => {
    const text = kind("text");
    const field = fieldOf(text, { autogeneratePattern: "[a-z0-9]{15}" });
    const made = Array.from({ length: 50 }, () => text.fill?.("create", field, now));
    expect(new Set(made).size).toBe(50);
    for (const id of made) expect(id).toMatch(/^[a-z0-9]{15}$/);
    expect(text.fill?.("update", field, now)).toBeUndefined();
    expect(text.fill?.("create", fieldOf(text), now)).toBeUndefined();
  });

  test("a primary key cannot change", () => {
    const text = kind("text");
    const field = fieldOf(text, { primaryKey: true, required: true, pattern: "." });
    expect(text.change?.("a", "", field)).toBeUndefined();
    expect(text.change?.("a", "a", field)).toBeUndefined();
    expect(text.change?.("b", "a", field)?.code).toBe("validation_pk_change");
  });

  test("a password is stored as a hash and never drawn or shown", async () => {
    const password = kind("password");
    const field = fieldOf(password);
    const stored = await password.seal?.("correct horse", field);
    expect(stored).toStartWith("$argon2id$");
    expect(await verifyPassword("correct horse", String(stored))).toBe(true);
    expect(await password.seal?.("", field)).toBe("");
    const html = draw(password, { field, value: "correct horse", sent: () => ["correct horse"] });
    expect(html).not.toContain("correct horse");
    expect(html).toContain('autocomplete="new-password"');
    expect(password.cell("correct horse", field)).toBe("");
  });
});

describe("patterns", () => {
  /** Patterns in the part of the syntax that RE2 and JavaScript share. */
  const shared = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
    atom: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "\\d", "\\w", "\\.", "x", "[a-c0-9]", "\\b"),
      },
      { weight: 1, arbitrary: tie("pattern").map((it) => `(${it})`) },
      { weight: 1, arbitrary: tie("pattern").map((it) => `(?:${it})`) },
    ),
    pattern: fc
      .array(
        fc.tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,3}", "{0,}", "*?", "|", "^", "$")),
        { maxLength: 4 },
      )
      .map((parts) => parts.map(([atom, after]) => (atom === "\\b" && after !== "|" ? atom : atom + after)).join("")),
  })).pattern;

  test("match what JavaScript matches", () => {
    fc.assert(
      fc.property(
        shared,
        fc.string({ unit: fc.constantFrom("a", "b", "c", "x", "1", ".", " ", "😀"), maxLength: 8 }),
        (pattern, text) => {
          expect([pattern, text, matches(pattern, text)]).toEqual([pattern, text, new RegExp(pattern, "u").test(text)]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("whatever is written, reading it ends, and what is generated matches", () => {
    fc.assert(
      fc.property(
        fc.oneof(shared, fc.string({ unit: fc.constantFrom(...`ab-[]()|*+?{},19^$\\dpPQE:<>i`), maxLength: 12 })),
        (pattern) => {
          const generate = isPattern(pattern) ? generatorOf(pattern) : undefined;
          if (!generate || /[$^]|\\Q/.test(pattern)) return;
          const made = generate();
          expect([pattern, made, matches(`^(?:${pattern})$`, made)]).toEqual([pattern, made, true]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["(?i)straße", "STRASSE", false],
    ["(?i)^äpfel$", "ÄPFEL", true],
    ["^\\p{Greek}+$", "λόγος", true],
    ["^\\PL$", "1", true],
    ["^[[:alpha:]_]+$", "ab_C", true],
    ["^[[:^digit:]]$", "5", false],
    ["(?P<year>\\d{4})", "in 2026", true],
    ["\\Aa\\z", "a\n", false],
    ["(?m)^b$", "a\nb\nc", true],
    ["(?s)a.b", "a\nb", true],
    ["a.b", "a\nb", false],
    ["^\\Q[a]\\E$", "[a]", true],
    ["^\\x41\\x{1F600}$", "A😀", true],
    ["[]a]", "]", true],
    ["^[a-]$", "-", true],
  ])("%s on %j", (pattern, text, expected) => {
    expect(isPattern(pattern)).toBe(true);
    expect(matches(pattern, text)).toBe(expected);
  });

  test.each([
    "(?=a)",
    "(?<!a)b",
    "(a)\\1",
    "a**",
    "(",
    ")",
    "[a",
    "[b-a]",
    "[]",
    "\\y",
    "\\p{Nope}",
    "a{2,1}",
    "a{1001}",
    "(a{100}){100}",
    "(((){999}){999}){999}",
    "(".repeat(200) + ")".repeat(200),
    "a".repeat(3000),
  ])("%s is none", (pattern) => {
    expect(isPattern(pattern)).toBe(false);
    expect(matches(pattern, "a")).toBe(false);
  });

  test.each(["^(a+)+$", "^(a|a)*$", "(a*)*b", "^(.*a){20}$", "^([a-z]+-?)+$"])(
    "%s takes no longer for a hostile text",
    (pattern) => {
      const text = "a".repeat(5000) + "!";
      const start = performance.now();
      matches(pattern, text);
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );

  test("browsers get a pattern only where they read it as the server does", () => {
    expect(browserPattern("^[a-z]+$")).toBe("[\\s\\S]*(?:^[a-z]+$)[\\s\\S]*");
    for (const pattern of ["", "(?i)a", "[[:alpha:]]", "[a&&b]", "\\Aa", "\\pL", "[(]", "\\s"]) {
      expect(browserPattern(pattern)).toBeUndefined();
    }
  });
});

describe("HTML", () => {
  test("escapes texts and attributes, whatever is in them", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "/", "a", "\n", "`", "="), maxLength: 20 }),
        (text) => {
          const type = kind("text");
          const html = draw(type, { field: fieldOf(type), value: text });
          const drawn = /^<(?:input [^<>]*? value="|textarea [^<>]*>\n)([^"<]*)(?:"\/>|<\/textarea>)$/;
          const inside = drawn.exec(html)?.[1];
          expect(text === "" ? "" : unescape(inside ?? "?")).toBe(text);
        },
      ),
    );
  });

  function unescape(html: string): string {
    return html
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
  }

  test("a page begins with its doctype", () => {
    const type = kind("bool");
    expect(renderHtml(type.input({ field: fieldOf(type), id: "x", value: false }))).toStartWith(
      "<!doctype html>\n<input ",
    );
  });

  test("validation attributes come from the options", () => {
    const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
      [
        "text",
        { required: true, min: 2, name: "phone" },
        ['type="text"', "required", 'minlength="2"', 'maxlength="10000"', 'autocomplete="tel"', 'inputmode="tel"'],
      ],
      ["text", { pattern: "^a$" }, ['pattern="[\\s\\S]*(?:^a$)[\\s\\S]*"']],
      [
        "number",
        { min: 0, max: 9, onlyInt: true },
        ['type="number"', 'min="0"', 'max="9"', 'step="1"', 'inputmode="numeric"'],
      ],
      ["number", {}, ['step="any"', 'inputmode="decimal"', 'value="0"']],
      ["number", { required: true }, ["required value "]],
      ["email", {}, ['type="email"', 'autocomplete="email"']],
      ["url", {}, ['type="url"', 'autocomplete="url"']],
      ["date", { min: "2026-01-01" }, ['type="datetime-local"', 'min="2026-01-01T00:00"']],
      ["password", { min: 8 }, ['type="password"', 'minlength="8"', 'maxlength="142"']],
      ["geoPoint", {}, ['name="it.lat"', 'min="-90"', 'name="it.lon"', 'max="180"', "Latitude"]],
    ];
    for (const [type, options, attributes] of cases) {
      const html = draw(kind(type), { field: fieldOf(kind(type), options) });
      for (const attribute of attributes) expect(html).toContain(attribute);
    }
  });
});

test("a problem carries the params that its sentence names", () => {
  const found: Problem[] = [];
  for (const type of fieldTypes) {
    for (const { options, bad = [] } of type.examples) {
      const field = fieldOf(type, options);
      for (const [input] of bad) {
        const { value, problem = type.problems(value, field) } = type.fromJson(input, field);
        if (problem) found.push(problem);
      }
    }
  }
  expect(found.length).toBeGreaterThan(50);
  const sentences: Readonly<Record<string, string>> = en;
  for (const { code, params = {} } of found) {
    for (const [, hole = ""] of (sentences[code] ?? "").matchAll(/\{(\w+)\}/g))
      expect(Object.keys(params)).toContain(hole);
  }
});
