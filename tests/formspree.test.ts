import {
  createClient,
  type FormErrorCode,
  isSubmissionError,
  type SubmissionData,
  type SubmissionResult,
} from "@formspree/core";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Opened, scenarios } from "./testing.ts";

const fields = [
  { name: "name", type: "text", required: true },
  { name: "email", type: "email", required: true },
  { name: "age", type: "number", min: 18 },
  { name: "site", type: "url" },
];

async function prepare(it: Opened): Promise<void> {
  await it.collection({ name: "letters", fields });
  await it.record("_forms", { slug: "contact", collection: "letters", title: "Contact" });
  await it.record("_forms", {
    slug: "labelled",
    collection: "letters",
    title: "Labelled",
    consent: "I agree.",
    fields: [
      { name: "name", label: "What are you called?" },
      { name: "email", label: "Your address:" },
    ],
  });
  await it.record("_forms", { slug: "over", collection: "letters", title: "Over", closes: "2020-01-01 00:00:00.000Z" });
  await it.record("_forms", { slug: "ours", collection: "letters", title: "Ours", origins: ["https://ours.example"] });
}

const filled = { name: "Ann", email: "ann@example.com" };

describe("the client that Formspree gives to everybody", () => {
  let it: Opened;
  let endpoint: string;
  const client = createClient();

  beforeAll(async () => {
    it = await Opened.open();
    await prepare(it);
    it.app.listen({ hostname: "127.0.0.1", port: 0 });
    endpoint = `http://127.0.0.1:${it.app.server?.port}`;
  });

  afterAll(async () => {
    await it.app.stop(true);
    await it[Symbol.asyncDispose]();
  });

  const submit = (form: string, data: SubmissionData): Promise<SubmissionResult> =>
    client.submitForm(form, data, { endpoint });

  /** What went wrong as the client sees it: codes of the form, codes by field. */
  async function errors(form: string, data: SubmissionData) {
    const result = await submit(form, data);
    if (!isSubmissionError(result)) throw new Error(`It was taken: ${JSON.stringify(result)}`);
    const byField = result.getAllFieldErrors().map(([field, list]) => [field, list.map(({ code }) => code)]);
    for (const { message } of [...result.getFormErrors(), ...result.getAllFieldErrors().flatMap(([, list]) => list)]) {
      expect(message).toMatch(/^[A-Z].*[.!]$/);
    }
    return { form: result.getFormErrors().map(({ code }) => code), fields: Object.fromEntries(byField) };
  }

  test("sends JSON, and is told where to go next", async () => {
    const before = await it.counts();
    expect(await submit("contact", { ...filled, phone: "123" })).toEqual(
      expect.objectContaining({ kind: "success", next: `${endpoint}/forms/contact/thanks` }),
    );
    const after = await it.counts();
    expect([after["letters"], after["_submissions"]]).toEqual([
      (before["letters"] ?? 0) + 1,
      (before["_submissions"] ?? 0) + 1,
    ]);
  });

  test("sends a form", async () => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...filled, name: "Bea" })) data.append(name, value);
    expect(await submit("contact", data)).toMatchObject({ kind: "success" });
  });

  test("understands what is wrong with each field", async () => {
    expect(await errors("contact", { email: "ann at example", name: "", age: "nine", site: "nowhere" })).toEqual({
      form: [],
      fields: {
        name: ["REQUIRED_FIELD_EMPTY"],
        email: ["TYPE_EMAIL"],
        age: ["TYPE_NUMERIC"],
        site: ["TYPE_TEXT"],
      },
    });
    expect((await errors("contact", { name: "Ann" })).fields).toEqual({ email: ["REQUIRED_FIELD_MISSING"] });
  });

  test("is told all that is wrong in one text, too, with the fields as people know them", async () => {
    const said = async (form: string, data: Record<string, string>, language = "en") => {
      const answer = await fetch(`${endpoint}/f/${form}`, {
        method: "POST",
        headers: { accept: "application/json", "content-type": "application/json", "accept-language": language },
        body: JSON.stringify(data),
      });
      const { error } = await answer.json();
      return error;
    };
    expect(await said("contact", { name: "", email: "", site: "nowhere" })).toBe(
      "Name: Cannot be blank. Email: Cannot be blank. Site: Must be a valid url.",
    );
    expect(await said("labelled", { name: "", email: "" })).toBe(
      "What are you called: Cannot be blank. Your address: Cannot be blank. Tick this box: without it your answer cannot be taken.",
    );
    expect(await said("labelled", { name: "", email: "ann@example.com", _consent: "on" }, "de")).toBe(
      "What are you called: Bitte füllen Sie das aus.",
    );
  });

  test.each<[string, string, Record<string, string>, FormErrorCode]>([
    ["a form that is not there", "nothing", filled, "FORM_NOT_FOUND"],
    ["a form that is over", "over", filled, "INACTIVE"],
    ["nothing", "contact", { _gotcha: "" }, "EMPTY"],
  ])("understands what is wrong with %s", async (_, form, data, code) => {
    expect(await errors(form, data)).toEqual({ form: [code], fields: {} });
  });

  test("is told that a form takes no files", async () => {
    const data = new FormData();
    for (const [name, value] of Object.entries(filled)) data.append(name, value);
    data.append("photo", new File(["x"], "x.txt"));
    expect(await errors("contact", data)).toEqual({ form: ["NO_FILE_UPLOADS"], fields: {} });
  });

  test("reaches it from any site, with the headers it adds", async () => {
    const asked = await fetch(`${endpoint}/f/contact`, {
      method: "OPTIONS",
      headers: {
        origin: "https://static.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,formspree-client,formspree-session-data",
      },
    });
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    expect(asked.headers.get("access-control-allow-headers")).toContain("*");
    const answer = await fetch(`${endpoint}/f/contact`, {
      method: "POST",
      headers: { origin: "https://static.example", accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify({ ...filled, name: "Cid" }),
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(await answer.json()).toEqual({ ok: true, next: `${endpoint}/forms/contact/thanks` });
  });
});

const jsonHeaders = { accept: "application/json" };
const sent = { letters: 1, _submissions: 1, outbox: 2 };

scenarios("/f/", prepare, [
  {
    it: "takes a browser's form like /forms/",
    form: ["/f/contact", filled],
    get: 303,
    to: "/forms/contact/thanks",
    changes: sent,
  },
  {
    it: "gives a browser the form back",
    form: ["/f/contact", { name: "Ann" }],
    get: 422,
    shows: ["Ann", "Cannot be blank."],
  },
  { it: "has no page of its own", json: ["GET", "/f/contact"], get: 404 },
  {
    it: "says in JSON what is wrong",
    form: ["/f/contact", { name: "Ann" }],
    headers: jsonHeaders,
    get: 400,
    shows: [
      '{"error":"Email: Cannot be blank.","errors":[{"code":"REQUIRED_FIELD_MISSING","field":"email","message":"Cannot be blank."}]}',
    ],
  },
  {
    it: "takes nothing from a site that is not listed",
    form: ["/f/ours", filled],
    headers: { ...jsonHeaders, origin: "https://other.example" },
    get: 403,
    shows: ['"code":"BLOCKED"'],
  },
  {
    it: "leads where the page says",
    form: ["/f/contact", { ...filled, _next: "/thanks" }],
    headers: jsonHeaders,
    get: 200,
    shows: ['{"ok":true,"next":"http://localhost/thanks"}'],
    changes: sent,
  },
  {
    it: "tells robots nothing",
    form: ["/f/contact", { ...filled, _gotcha: "x" }],
    headers: jsonHeaders,
    get: 200,
    shows: ['"ok":true'],
    changes: { _submissions: 1, outbox: 1 },
  },
]);
