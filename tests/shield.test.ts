import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { fromJson, type Payload } from "../src/fields/payload.ts";
import { findForm, type Form } from "../src/forms/form.ts";
import { judge, type Look, lookAt, remember } from "../src/forms/shield/judge.ts";
import { bits, prove, proves } from "../src/forms/shield/proof.ts";
import { openRepeats } from "../src/forms/shield/repeats.ts";
import { letterSignals } from "../src/forms/shield/letters.ts";
import { readable } from "../src/forms/shield/reading.ts";
import type { Shield } from "../src/forms/shield/shield.ts";
import { typedTexts } from "../src/forms/shield/texts.ts";
import { lifetime } from "../src/forms/shield/token.ts";
import type { Visit } from "../src/forms/shield/visit.ts";
import { isReason, reasonKinds, reasonNames, type Signal, weigh, type Weighed } from "../src/forms/shield/weights.ts";
import { en } from "../src/phrases/en.ts";
import { bad, good, type Sample, type Token } from "./spam/corpus.ts";
import { learn, written } from "./spam/learning.ts";
import { type Message, readMessages } from "./spam/messages.ts";
import { Opened } from "./testing.ts";

/** What nobody has to learn to know. */
const pills = "Buy cheap viagra and cialis online, no prescription needed, order now and get 50% off!";

const noon = Date.UTC(2026, 5, 1, 12);
const second = 1000;
const day = 24 * 60 * 60 * second;

let it: Opened;
let form: Form;
beforeAll(async () => {
  it = await Opened.open();
  await it.collection({
    name: "messages",
    fields: [
      { name: "name", type: "text" },
      { name: "email", type: "email" },
      { name: "phone", type: "text" },
      { name: "subject", type: "text" },
      { name: "message", type: "text", multiline: true },
      { name: "key", type: "password" },
    ],
  });
  await it.record("_forms", { slug: "contact", collection: "messages", title: "Write to us" });
  form = await findForm(it.project, it.project.collections.current, "contact");
});
afterAll(() => it[Symbol.asyncDispose]());

/** A shield that has seen nothing. */
const fresh = (): Shield => ({ ...it.project.shield, repeats: openRepeats() });

const nobody: Visit = { origin: "", referrer: "", agent: "", language: "", address: "", moment: noon };

function looked(
  fields: Readonly<Record<string, string>>,
  visit: Partial<Visit> = {},
  changed: Partial<Form> = {},
): Look {
  const payload: Payload = {
    ...fromJson({}),
    form: new Map(Object.entries(fields).map(([key, text]) => [key, [text]])),
  };
  const its = { ...form, ...changed };
  return lookAt(it.project.shield, its, payload, { ...nobody, ...visit });
}

const ask = (fields: Readonly<Record<string, string>>, visit: Partial<Visit> = {}, changed: Partial<Form> = {}) =>
  judge(fresh(), looked(fields, visit, changed));

const said = (message: string, more: Readonly<Record<string, string>> = {}) =>
  ask({ name: "Ann", email: "ann@gmail.com", message, ...more });

const named = ({ reasons }: Weighed) => reasons.map(({ reason }) => reason);

const issued = (ago: number) => it.project.shield.tokens.issue(form.id, noon - ago);

const tokens: Readonly<Record<Token, () => string | undefined>> = {
  none: () => undefined,
  slow: () => issued(5 * 60 * second),
  filled: () => issued(3 * second),
  night: () => issued(14 * 60 * 60 * second),
  young: () => issued(300),
  forged: () => `${issued(60 * second).slice(0, -1)}-`,
  foreign: () => it.project.shield.tokens.issue("anotherform0000", noon - 60 * second),
  used: () => issued(60 * second),
};

async function judged(shield: Shield, sample: Sample): Promise<Weighed> {
  const token = tokens[sample.token]();
  const fields = token === undefined ? sample.fields : { ...sample.fields, _token: token };
  const changed = sample.script ? { usesScript: true } : {};
  const visit = { address: "one address" };
  if (sample.token === "used") {
    remember(
      shield,
      looked({ name: "Ida", email: "ida@example.com", message: "First of all.", _token: token ?? "" }, visit),
    );
  }
  const look = looked(fields, visit, changed);
  const verdict = await judge(shield, look);
  remember(shield, look);
  return verdict;
}

describe("a corpus", () => {
  test("has enough of both", () => {
    expect(good.length).toBeGreaterThanOrEqual(300);
    expect(bad.length).toBeGreaterThanOrEqual(300);
  });

  test("every good answer is accepted, though all come from one address", async () => {
    const shield = fresh();
    const wrong: unknown[] = [];
    for (const sample of good) {
      const verdict = await judged(shield, sample);
      if (verdict.decision !== "accept") wrong.push([sample, verdict.reasons]);
    }
    expect(wrong).toEqual([]);
  });

  test("bad answers are held or refused, each with reasons that have a sentence", async () => {
    const missed: string[] = [];
    for (const sample of bad) {
      const verdict = await judged(fresh(), sample);
      if (verdict.decision === "accept")
        missed.push(`${verdict.score} ${sample.kind} ${JSON.stringify(verdict.reasons)}`);
      else expect(verdict.reasons.length).toBeGreaterThan(0);
      for (const { reason, weight } of verdict.reasons) {
        expect(Object.hasOwn(en, `shield_${reason}`)).toBe(true);
        expect(weight).not.toBe(0);
      }
    }
    if (missed.length > bad.length / 50) console.log(missed.join("\n"));
    expect(missed.length / bad.length).toBeLessThan(0.02);
  });
});

describe("messages", () => {
  const { lessons, examined } = readMessages();
  const learnedFrom = [...lessons.values()].flat();

  /** What was decided wrongly of messages of one kind, and the share of them. */
  async function wrong(messages: readonly Message[], isBad: boolean): Promise<{ share: number; which: unknown[] }> {
    const its = messages.filter((message) => message.bad === isBad);
    const which: unknown[] = [];
    for (const { fields } of its) {
      const { decision, reasons } = await ask(fields);
      if ((decision === "accept") === isBad) which.push([fields, reasons]);
    }
    return { share: which.length / its.length, which };
  }

  test("are enough to learn from, and others to examine with", () => {
    for (const isBad of [true, false]) {
      expect(learnedFrom.filter((message) => message.bad === isBad).length).toBeGreaterThan(3000);
      expect([...examined.values()].flat().filter((message) => message.bad === isBad).length).toBeGreaterThanOrEqual(
        300,
      );
    }
  });

  test("what is known of words is what they teach", async () => {
    const terms = await Bun.file(`${import.meta.dir}/../src/forms/shield/prior-terms.txt`).text();
    expect(written(learn(learnedFrom)) === terms).toBe(true);
  });

  test("that words were learned from are told apart", async () => {
    expect((await wrong(learnedFrom, false)).share).toBeLessThan(0.005);
    expect((await wrong(learnedFrom, true)).share).toBeLessThan(0.05);
  });

  test.each([...examined])("nothing was learned from are told apart: %s", async (_, messages) => {
    expect((await wrong(messages, false)).which).toEqual([]);
    expect((await wrong(messages, true)).share).toBeLessThan(0.2);
  });
});

describe("a form token", () => {
  const read = (token: string, at = noon) => it.project.shield.tokens.read(form.id, token, at, 2).state;

  test("is ours, for one form, and has an age", () => {
    const token = it.project.shield.tokens.issue(form.id, noon);
    expect(read(token, noon + second)).toBe("young");
    expect(read(token, noon + 3 * second)).toBe("fine");
    expect(read(token, noon + lifetime + second)).toBe("old");
    expect(read(tokens.foreign() ?? "")).toBe("foreign");
    expect(read("")).toBe("missing");
  });

  test("is forged wherever a character differs, and no token of ours without its four parts", () => {
    const token = issued(60 * second);
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === "a" ? "b" : "a";
      expect(read(token.slice(0, at) + other + token.slice(at + 1))).toBe(token[at] === "." ? "strange" : "forged");
    }
    const state = (text: string) => (text.split(".").length === 4 ? "forged" : "strange");
    fc.assert(fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => read(text) === state(text)));
  });

  test("of another framework holds nobody, and helps nobody either", async () => {
    const fields = { name: "Ann", email: "ann@gmail.com", message: "When do you open?" };
    const others = ["aB3".repeat(13), "q8Zt+x/0vPbHk1mYw2Ue9g==", "eyJhbGciOi.eyJzdWIi.SflKxwRJ"];
    for (const _token of others) {
      expect(await ask({ ...fields, _token })).toMatchObject({
        decision: "accept",
        reasons: [{ reason: "token_strange" }],
      });
      const expected = await ask({ ...fields, _token }, {}, { usesScript: true });
      expect(named(expected)).toEqual(["token_missing", "proof_missing", "token_strange"]);
      expect(expected.decision).toBe("accept");
    }
    const worst = { message: "Buy viagra online without prescription", _gotcha: "", _token: "made.up.by.me" };
    expect(await ask(worst)).toMatchObject({ decision: "refuse" });
  });

  test("left open over night it holds nothing, nor is it missed on a page written by hand", async () => {
    const fields = { name: "Ann", email: "ann@gmail.com", message: "When do you open?" };
    expect((await ask({ ...fields, _token: issued(3 * day) })).decision).toBe("accept");
    expect(await ask(fields)).toEqual({ decision: "accept", score: 0, reasons: [] });
    const expected = await ask(fields, {}, { usesScript: true });
    expect(named(expected)).toEqual(["token_missing", "proof_missing"]);
    expect(expected.decision).toBe("accept");
  });

  test("sent at once it holds, after three seconds not, and the owner says what is fast", async () => {
    const fields = { name: "Ann", email: "ann@gmail.com", message: "When do you open on Sundays?" };
    const after = (milliseconds: number, seconds?: number) =>
      ask({ ...fields, _token: issued(milliseconds) }, {}, seconds === undefined ? {} : { shield: { seconds } });
    expect((await after(100)).decision).toBe("hold");
    expect((await after(900)).decision).toBe("hold");
    expect(await after(1500)).toMatchObject({ decision: "accept", reasons: [{ reason: "fast" }] });
    expect(await after(2500)).toMatchObject({ decision: "accept", reasons: [] });
    expect((await after(2500, 20)).decision).toBe("hold");
    expect(await after(100, 0)).toMatchObject({ decision: "accept", reasons: [] });
  });

  test("comes twice from who corrects something, and from who replays it", async () => {
    const _token = issued(60 * second);
    const first = { name: "Ann Lee", email: "ann@gmail.con", message: "Do you repair bikes on Saturdays?", _token };
    const shield = fresh();
    remember(shield, looked(first));
    expect((await judge(shield, looked(first))).reasons).toEqual([]);
    const corrected = await judge(shield, looked({ ...first, email: "ann@gmail.com" }));
    expect(corrected).toMatchObject({ decision: "accept", reasons: [{ reason: "token_again" }] });
    const other = await judge(shield, looked({ ...first, message: "A text that has nothing to do with it." }));
    expect(other).toMatchObject({ decision: "hold", reasons: [{ reason: "token_used" }] });
    const earlier = { email: "ann@gmail.con" };
    expect(named(await judge(fresh(), { ...looked(first), earlier }))).toEqual(["token_again"]);
    expect(named(await judge(fresh(), { ...looked(first), earlier: { email: "b@example.com" } }))).toEqual([
      "token_used",
    ]);
  });
});

test("a proof of work is a number that makes a digest begin with zeros", async () => {
  const token = issued(60 * second);
  const proof = prove(token);
  const digest = new Bun.CryptoHasher("sha256").update(`${token}:${proof}`).digest("hex");
  expect(BigInt(`0x${digest}`) >> BigInt(256 - bits)).toBe(0n);
  expect(proves(token, `0${proof}`)).toBe(false);
  expect(proves("", proof)).toBe(false);
  for (const wrong of ["", "-1", "1e3", " 1", "x", "99999999999999999999"]) expect(proves(token, wrong)).toBe(false);
  const fields = { name: "Ann", email: "ann@gmail.com", message: "Hi", _token: token };
  expect((await ask({ ...fields, _proof: proof }, {}, { usesScript: true })).reasons).toEqual([]);
  expect(named(await ask({ ...fields, _proof: "x" }))).toEqual(["proof_wrong"]);
});

describe("what comes again", () => {
  const message = "I would like to tell you all about my wonderful new pens.";
  const from = (n: number, its: Partial<Form> = {}): Look =>
    looked({ name: `N${n}`, email: `n${n}@example.net`, message }, { address: `address ${n}` }, its);

  test("one message in many names from many places is held", async () => {
    const shield = fresh();
    for (let n = 0; n < 4; n++) remember(shield, from(n));
    expect(await judge(shield, from(5))).toMatchObject({ decision: "hold", reasons: [{ reason: "same_message" }] });
    const later = { ...from(5), visit: { ...from(5).visit, moment: noon + 2 * day } };
    expect((await judge(shield, later)).reasons).toEqual([]);
  });

  test("one message in many forms is held, in two of them not", async () => {
    const shield = fresh();
    for (let n = 0; n < 2; n++) remember(shield, from(1, { id: `form${n}` }));
    expect((await judge(shield, from(1, { id: "form1" }))).reasons).toEqual([]);
    for (let n = 0; n < 5; n++) remember(shield, from(1, { id: `form${n}` }));
    expect((await judge(shield, from(1, { id: "form9" }))).decision).toBe("hold");
  });

  test("the same answer from one impatient person is not, but a machine's is", async () => {
    const shield = fresh();
    const look = looked({ name: "Ann", email: "ann@gmail.com", message: "Hello?" });
    for (let n = 0; n < 3; n++) remember(shield, look);
    expect((await judge(shield, look)).decision).toBe("accept");
    for (let n = 0; n < 10; n++) remember(shield, look);
    expect((await judge(shield, look)).decision).toBe("hold");
  });

  test("a burst from one address is held once its messages look alike, whatever number or name differs", async () => {
    const burst = async (message: (n: number) => string) => {
      const shield = fresh();
      const held: number[] = [];
      for (let n = 0; n < 200; n++) {
        const fields = { name: "Eve", email: `eve${n}@example.org`, message: message(n) };
        const look = looked(fields, { address: "a", moment: noon + n });
        if ((await judge(shield, look)).decision === "hold") held.push(n);
        remember(shield, look);
      }
      return held;
    };
    const made = (n: number) => Bun.hash(`${n}`).toString(26);
    const costs = await burst((n) => `Do you sell spare part ${n} for the old model, and what does it cost?`);
    expect([costs[0], costs.length]).toEqual([54, 146]);
    expect((await burst((n) => `${made(n)}, can you tell me when the new shop in town opens?`)).length).toBe(146);
    expect((await burst((n) => `Can you tell me when the new shop in town opens, ${made(n)}?`)).length).toBe(146);
    expect(await burst((n) => `Table for ${n % 8}?`)).toEqual([]);
  });

  test("a crowd behind one address is let through, a flood is not", async () => {
    const shield = fresh();
    const words = "bike lamp roof door cake song shoe tree boat wall".split(" ");
    const message = (n: number) => [...String(n)].map((it) => words[Number(it)]).join(" with a ");
    const look = (n: number) =>
      looked({ name: "Ann", message: `A ${message(n)}?` }, { address: "a", moment: noon + n });
    for (let n = 0; n < 500; n++) remember(shield, look(n));
    expect((await judge(shield, look(500))).score).toBe(0.5);
    for (let n = 500; n < 1200; n++) remember(shield, look(n));
    expect(await judge(shield, look(1200))).toMatchObject({ decision: "hold", reasons: [{ reason: "many_from_one" }] });
    const later = looked({ name: "Ann", message: "Hi?" }, { address: "a", moment: noon + second * 700 });
    expect((await judge(shield, later)).reasons).toEqual([]);
  });

  test("many different answers of one office are not held", async () => {
    const shield = fresh();
    const look = (n: number) => looked({ name: "Ann", message: `Question number ${n}?` }, { address: "the office" });
    for (let n = 0; n < 100; n++) remember(shield, look(n));
    expect(await judge(shield, look(100))).toMatchObject({
      decision: "accept",
      reasons: [{ reason: "many_from_one" }],
    });
  });
});

describe("single signs", () => {
  test("a filled honeypot holds alone, since browsers fill in what nobody sees", async () => {
    expect(await said("hi", { _gotcha: "x" })).toMatchObject({ decision: "hold", reasons: [{ reason: "honeypot" }] });
    expect((await said("hi", { _gotcha: "", botcheck: "false" })).reasons).toEqual([]);
  });

  test("only what is certain refuses, however much there is of the rest", async () => {
    const worst = `viagra casino bitcoin investment [url=http://a.top]x[/url] ${"http://b.top/ http://c.icu/ ".repeat(20)}`;
    expect((await said(worst)).score).toBeGreaterThan(10);
    expect((await said(worst)).decision).toBe("hold");
    expect((await said(worst, { _token: "made.up.by.me" })).decision).toBe("refuse");
  });

  test("of links, by whose they are", async () => {
    expect((await said("My site is https://ann.example and it is down, please help me.")).decision).toBe("accept");
    expect(
      named(await said("See https://ann.example.org/a https://ann.example.org/b", { email: "me@example.org" })),
    ).not.toContain("links");
    expect(named(await said("Thanks.It was great.No problem at all"))).not.toContain("links");
    expect(named(await said("hello", { name: "https://x.example" }))).toContain("link_in_name");
    expect(named(await said("hello", { phone: "www.x.example" }))).toContain("link_in_name");
    expect(named(await said("hello", { name: "St. John-Smith Jr." }))).not.toContain("links");
    expect(named(await said("see http://xn--pypal-4ve.com/login soon my friend"))).toContain("link_disguised");
    expect(named(await said("see https://bit.ly/abc when you have time"))).toContain("link_shortened");
  });

  test("of letters, without those who write in two scripts", async () => {
    expect(named(await said("Win at the cаsino"))).toContain("letters_mixed");
    expect(named(await said("Пришлите pdfку на почту, iPhone у меня старый"))).not.toContain("letters_mixed");
    expect(named(await said("vi\u{200b}ag\u{200b}ra"))).toContain("letters_invisible");
    expect(named(await said("می\u{200c}خواهم رزرو کنم 👩\u{200d}👧 Donau\u{ad}dampf\u{ad}schiff"))).not.toContain(
      "letters_invisible",
    );
    const [its] = (await said("Buy v1agra online, c.i.a.l.i.s too")).reasons;
    expect(its).toMatchObject({ reason: "usual_in_spam", detail: expect.stringContaining("viagra") });
  });

  test("of random letters, without names from anywhere, codes and capitals", async () => {
    expect(named(await said("hGtrWqZxPlmKjv", { name: "xKjhQwPz" }))).toContain("gibberish");
    const names = [
      "Krzysztof Brzęczyszczykiewicz",
      "Ng Xuan",
      "Mkrtchyan",
      "Schwarzschild",
      "McDonald",
      "DeShawn",
      "Þórður",
    ];
    const others = [
      "ASDFGH",
      "asdfasdf",
      "GX7K-PQ2M",
      "Rindfleischetikettierung",
      "Hmmmmm",
      "iPhone",
      "LaTeX",
      "JavaScript",
    ];
    for (const name of names) expect([name, ...named(await said("Hi", { name }))]).toEqual([name]);
    for (const text of others) expect([text, ...named(await said(text))]).toEqual([text]);
  });

  test("of the owner's words, as words", async () => {
    const words = { shield: { words: ["Crème", "微信", "evil.example"] } };
    const its = async (message: string) => named(await ask({ message }, {}, words));
    expect(await its("the creme is here")).toContain("owner_words");
    expect(await its("加微信")).toContain("owner_words");
    expect(await its("go to http://evil.example/x now, my dear friend")).toContain("owner_words");
    expect(await its("cremes and devil.examples")).not.toContain("owner_words");
  });

  test("words that belong here count nothing, alone and beside others", async () => {
    const weighed = async (message: string, welcome: string[]) => {
      const { reasons } = await ask({ name: "Ann", message }, {}, { shield: { welcome } });
      return reasons.find(({ reason }) => reason === "usual_in_spam")?.weight ?? 0;
    };
    expect(await weighed(pills, [])).toBeGreaterThanOrEqual(5);
    const all = ["Viagra", "cialis", "no prescription needed", "buy cheap", "order now", "get 50% off", "online"];
    expect(await weighed(pills, all)).toBe(0);
    // Several words belong here in a row, and not each by itself.
    expect(await weighed(pills, ["buy viagra now", "cheap order"])).toBe(await weighed(pills, []));
    const chinese = "专业代开发票，加微信办理，当天放款无需抵押";
    expect(await weighed(chinese, ["专业代开发票", "加微信办理", "当天放款无需抵押"])).toBe(0);
    expect(await weighed(pills, ["(", "[a-z]", "", " "])).toBe(await weighed(pills, []));
  });

  test("what stands before spam, or between its letters, does not hide it", async () => {
    const reads = async (fields: Record<string, string>) => named(await ask(fields)).includes("usual_in_spam");
    expect(await reads({ message: `${"; ".repeat(600)}${pills}` })).toBe(true);
    expect(await reads({ message: pills.replaceAll("i", "i\u{200c}") })).toBe(true);
    expect(named(await ask({ message: pills.replaceAll("i", "i\u{200d}") }))).toContain("letters_invisible");
    expect(named(await said("می\u{200c}خواهم رزرو کنم"))).not.toContain("letters_invisible");
    for (const name of [
      "tell_us_more",
      "business_description",
      "email_message",
      "mobility_needs",
      "phone",
      "company",
    ]) {
      expect([name, await reads({ [name]: `${pills} ${pills}` })]).toEqual([name, true]);
    }
    // Letters of two scripts without a blank, likewise.
    const letters = "а".repeat(300_000);
    expect(readable(`a ${letters}`).words[0]).toBe("a");
    expect(letterSignals([{ name: "message", role: "message", text: `a${letters} a` }])).toEqual([]);
    // Half a million marks on one letter: to put them in order would take a minute.
    expect(readable(`a${"\u0301\u0316".repeat(250_000)}`).words).toEqual(["a"]);
  });

  test("passwords and hidden names are not read", () => {
    const { texts } = looked({ key: "secret", _subject: "x", _token: "y", message: "hi", other: "kept" });
    expect(texts.map(({ name }) => name)).toEqual(["message", "other"]);
  });
});

describe("weights", () => {
  test("every reason has one, and a sentence", () => {
    for (const name of reasonNames) expect([name, Object.hasOwn(en, `shield_${name}`)]).toEqual([name, true]);
    expect(isReason("toString")).toBe(false);
  });

  test("an owner's count, thresholds too", async () => {
    const fields = { name: "Ann", message: pills };
    expect((await ask(fields)).decision).toBe("hold");
    expect((await ask(fields, {}, { shield: { weights: { usual_in_spam: 0 } } })).decision).toBe("accept");
    expect((await ask(fields, {}, { shield: { hold: 50, refuse: 60 } })).decision).toBe("accept");
    expect((await ask(fields, {}, { shield: { refuse: 5 } })).decision).toBe("hold");
  });

  test("the score grows with each, and the decision with the score", () => {
    const signal = fc.record({
      reason: fc.constantFrom(...reasonNames),
      amount: fc.double({ min: 0, max: 10, noNaN: true }),
    });
    const order = ["accept", "hold", "refuse"];
    fc.assert(
      fc.property(
        fc.array(signal),
        fc.constantFrom(...reasonNames),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (signals: Signal[], name, more) => {
          const heavier = { weights: { [name]: reasonKinds[name].weight + more } };
          const [before, after] = [weigh(signals), weigh(signals, heavier)];
          expect(after.score).toBeGreaterThanOrEqual(before.score);
          expect(order.indexOf(after.decision)).toBeGreaterThanOrEqual(order.indexOf(before.decision));
        },
      ),
    );
  });
});

describe("whatever is sent", () => {
  const anything = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom("name", "email", "message", "_token", "_proof", "_gotcha", "__proto__")),
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.constantFrom("[url=", "<a href=", "http://", "xn--", "$", "%"),
    ),
  );

  test("there is a verdict, the same each time", async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (fields) => {
        const verdict = await ask(fields);
        expect(verdict).toEqual(await ask(fields));
        expect(Number.isFinite(verdict.score)).toBe(true);
        const { score, reasons } = verdict;
        expect(Math.abs(reasons.reduce((sum, { weight }) => sum + weight, 0) - score)).toBeLessThan(0.01);
        if (verdict.decision !== "accept") expect(reasons.length).toBeGreaterThan(0);
      }),
    );
  });

  test("of a long text only the start and the end are read", async () => {
    const { texts } = looked({ message: `${"a ".repeat(500_000)}viagra casino` });
    expect(texts[0]?.text.length).toBeLessThan(23_000);
    const filled = (parts: number, length: number) =>
      Object.fromEntries(
        Array.from({ length: parts }, (_, n) => [`f${n}`, `first ${"v1.4.g.r.4 ".repeat(length / 11)} last`]),
      );
    for (const [parts, length] of [
      [97, 2990],
      [97, 9000],
      [5, 100_000],
      [1, 1_000_000],
    ] as const) {
      const read = looked({ ...filled(parts, length), message: "May I ask something?" }).texts;
      expect(read.length).toBe(parts + 1);
      expect(read.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(65_000);
      for (const { text, name } of read) {
        if (name === "message") expect(text).toBe("May I ask something?");
        else expect([text.startsWith("first "), text.endsWith(" last")]).toEqual([true, true]);
      }
    }
    expect(named(await said(`${"a ".repeat(500_000)}http://pills.icu/`))).toContain("links");
    const hostile = [
      "a.",
      "a@",
      "http://",
      "[url=",
      "<a href='",
      "1a",
      "\u{200b}a",
      "сa",
      "../",
      "a-",
      "((",
      "$ ",
      "{a|",
      "{a|a}",
      "'--",
    ];
    for (const part of hostile) await said(part.repeat(20_000));
  });
});

describe("what an owner teaches", () => {
  const spam = [
    "Purple umbrellas for everybody",
    "The purple umbrellas are here",
    "Purple umbrellas, purple rain coats",
  ];
  const fine = ["My lesson on Monday", "The lesson was lovely", "Which lesson is next"];
  const texts = (message: string) => looked({ message }).texts;
  const all = async (lesson: "spam" | "good", messages: readonly string[], times: number, undo = false) => {
    const { store, shield } = it.project;
    await store.write(async (tx) => {
      for (let time = 0; time < times; time++) {
        for (const message of messages) {
          await shield.learned[undo ? "unlearn" : "learn"](tx, form.id, texts(message), lesson);
        }
      }
    });
  };
  const about = async (message: string) => named(await judge(it.project.shield, looked({ message })));

  test("counts once there is enough of both, and is forgotten when taken back", async () => {
    await all("spam", spam, 4);
    expect(await about("Purple umbrellas again")).toEqual([]);
    await all("good", fine, 4);
    expect(await about("Purple umbrellas again")).toEqual(["learned_spam"]);
    expect(await about("My next lesson")).toEqual(["learned_good"]);
    expect(await about("Something else altogether")).toEqual([]);
    const verdict = await judge(it.project.shield, looked({ message: "Purple umbrellas again" }));
    expect(verdict).toMatchObject({ decision: "hold", reasons: [{ detail: expect.stringContaining("purple") }] });
    const elsewhere = looked({ message: "Purple umbrellas again" }, {}, { id: "anotherform0000" });
    expect((await judge(it.project.shield, elsewhere)).reasons).toEqual([]);
    await all("spam", spam, 4, true);
    await all("good", fine, 4, true);
    expect(await about("Purple umbrellas again")).toEqual([]);
  });

  test("also without blanks between words", async () => {
    await all("spam", ["紫色雨伞促销活动", "紫色雨伞大减价", "今天紫色雨伞"], 4);
    await all("good", ["星期一的钢琴课程", "钢琴课程很好", "下一节钢琴课程"], 4);
    expect(await about("紫色雨伞来了")).toContain("learned_spam");
  });
});

test("through the front door: a token for the asking, spam kept apart, a trap answered like a success", async () => {
  const { body } = await it.send({ json: ["GET", "/forms/contact/token"] });
  expect(body).toEqual({ token: expect.any(String), bits, seconds: 2 });
  const post = (fields: Readonly<Record<string, string>>) =>
    it.send({ form: ["/forms/contact", { name: "Ann", email: "ann@gmail.com", ...fields }] });
  const before = await it.counts();
  const added = async (table: string) => ((await it.counts())[table] ?? 0) - (before[table] ?? 0);
  expect((await post({ message: "Do you repair bikes?" })).status).toBe(303);
  expect([await added("messages"), await added("_submissions")]).toEqual([1, 1]);
  expect((await post({ message: pills })).status).toBe(303);
  expect([await added("messages"), await added("_submissions")]).toEqual([1, 2]);
  expect((await post({ message: "Do you sell bikes?", _gotcha: "x" })).status).toBe(303);
  expect((await post({ message: "Do you sell wheels?", _token: String(body["token"]) })).status).toBe(303);
  expect(await added("messages")).toBe(1);
});
