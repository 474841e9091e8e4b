import { describe, expect, test } from "bun:test";
import { spoken, spokenDay } from "../src/lib/dates.ts";
import { fieldType } from "../src/fields/index.ts";
import type { Language } from "../src/phrases/index.ts";
import { MailServer } from "./mail-server.ts";
import { Opened, scenarios } from "./testing.ts";

const speaks = (language: string) => ({ "accept-language": language });
const asScript = { accept: "application/json" };

const fields = [
  { name: "name", type: "text", required: true },
  { name: "email", type: "email" },
  { name: "guests", type: "number", min: -2, max: 8 },
  { name: "place", type: "geoPoint" },
  { name: "day", type: "date" },
];

/** A collection with pages and a form, called by their owner in English. */
async function prepare(it: Opened): Promise<void> {
  await it.collection({ name: "visits", pages: true, fields });
  await it.record("_forms", { slug: "visit", collection: "visits", title: "Visit us!" });
  await it.record("_forms", { slug: "old", collection: "visits", title: "Over", closes: "2026-01-02 15:04:00.000Z" });
}

const wrong = { name: "", email: "ann@home", guests: "-3" };

scenarios("a form", prepare, [
  {
    it: "is in English where nothing is asked for",
    get: 200,
    json: ["GET", "/forms/visit"],
    headers: { accept: "text/html" },
    shows: ['<html lang="en" dir="ltr">', "Visit us!", "Latitude", ">Send</button>"],
  },
  {
    it: "speaks German around the owner's own words",
    get: 200,
    json: ["GET", "/forms/visit"],
    headers: { accept: "text/html", ...speaks("de-AT,de;q=0.9,en;q=0.8") },
    shows: ['<html lang="de" dir="ltr">', "Visit us!", "Breitengrad", ">Senden</button>", "Felder mit * müssen"],
    hides: ["Latitude", "Leave this empty"],
  },
  {
    it: "runs from right to left in Arabic, and typed text as its letters do",
    get: 200,
    json: ["GET", "/forms/visit"],
    headers: { accept: "text/html", ...speaks("ar-EG") },
    shows: ['<html lang="ar" dir="rtl">', "Visit us!", "خط العرض", ">إرسال</button>", 'dir="auto"', 'data-lost="تعذر'],
    hides: ["Latitude"],
  },
  {
    it: "says in German what is wrong",
    get: 422,
    form: ["/forms/visit", wrong],
    headers: speaks("de"),
    shows: ["Bitte sehen Sie sich das noch einmal an.", "Bitte füllen Sie das aus.", "Geben Sie mindestens -2 ein."],
    hides: ["Cannot be blank."],
  },
  {
    it: "says in Arabic what is wrong, a number with its sign in front",
    get: 422,
    form: ["/forms/visit", wrong],
    headers: speaks("ar"),
    shows: ["يُرجى النظر في هذا مرة أخرى.", "املأ هذا الحقل.", "أدخل رقمًا لا يقل عن \u2068-2\u2069."],
    hides: ["Cannot be blank."],
  },
  {
    it: "says it to scripts in German, under the same codes",
    get: 400,
    json: ["POST", "/forms/visit", { name: "", email: "ann@home" }],
    headers: speaks("de"),
    shows: ['"code":"validation_required"', "Bitte füllen Sie das aus.", "Geben Sie eine gültige E-Mail-Adresse ein."],
  },
  {
    it: "says it to scripts in Arabic, under the same codes",
    get: 400,
    json: ["POST", "/forms/visit", { name: "" }],
    headers: speaks("ar"),
    shows: ['"code":"validation_required"', "املأ هذا الحقل.", "لم يُنشأ السجل."],
  },
  {
    it: "says it word for word as the API does to who asks for no language",
    get: 400,
    json: ["POST", "/forms/visit", { name: "" }],
    shows: ['{"code":"validation_required","message":"Cannot be blank."}'],
  },
  {
    it: "speaks at Formspree's address, too",
    get: 400,
    json: ["POST", "/f/visit", { name: "" }],
    headers: { ...asScript, ...speaks("de") },
    shows: ["Bitte füllen Sie das aus."],
  },
  {
    it: "thanks in German",
    get: 200,
    json: ["GET", "/forms/visit/thanks"],
    headers: { accept: "text/html", ...speaks("de") },
    shows: ["Vielen Dank", "Eingegangen"],
  },
  {
    it: "says when it closed as people there write a date",
    get: 403,
    json: ["GET", "/forms/old"],
    headers: { accept: "text/html", ...speaks("de") },
    shows: ["Dieses Formular ist seit 02.01.2026, 15:04 UTC geschlossen."],
  },
  {
    it: "that is not there is refused in Arabic",
    get: 404,
    json: ["GET", "/forms/nothing"],
    headers: { accept: "text/html", ...speaks("ar") },
    shows: ['<html lang="ar" dir="rtl">', "لا يوجد هذا النموذج."],
  },
]);

scenarios("a visitor", prepare, [
  {
    it: "signs in in German",
    get: 422,
    form: ["/login", { identity: "ann@example.com", password: "not this one" }],
    headers: speaks("de"),
    shows: ['<html lang="de"', "Zu Ihren Angaben passt kein Konto.", "Willkommen zurück."],
  },
  {
    it: "signs in in Arabic",
    get: 422,
    form: ["/login", { identity: "ann@example.com", password: "not this one" }],
    headers: speaks("ar"),
    shows: ['<html lang="ar" dir="rtl">', "لا يوجد حساب يطابق ما كتبته."],
  },
  {
    it: "registers in Arabic",
    get: 200,
    json: ["GET", "/register"],
    headers: { accept: "text/html", ...speaks("ar") },
    shows: ["أنشئ حسابًا خاصًا بك.", "البريد الإلكتروني"],
  },
  {
    it: "reads a page that is not there in German",
    get: 404,
    json: ["GET", "/nowhere"],
    headers: { accept: "text/html", ...speaks("de") },
    shows: ["Hier ist nichts", "Zur Startseite"],
  },
  {
    it: "is refused by the API in the language that is asked for most",
    get: 404,
    json: ["GET", "/api/collections/visits/records/unknown00000000"],
    headers: speaks("fr, ar;q=0.4, de;q=0.6"),
    shows: ["Das gibt es hier nicht."],
  },
  {
    it: "without a language of ours is answered in English",
    get: 404,
    json: ["GET", "/api/collections/visits/records/unknown00000000"],
    headers: speaks("fr-FR, ja;q=0.9, *;q=0.5"),
    shows: ["The requested resource wasn't found."],
  },
]);

test("records are shown with the dates and numbers of the visitor's language, and typed ones stay as they are", async () => {
  await using it = await Opened.open();
  await prepare(it);
  const { id } = await it.record("visits", { name: "Ann", guests: 2.5, day: "2026-03-04 15:06:00.000Z" });
  const page = async (path: string, language: string) => {
    const { text } = await it.send({ json: ["GET", path], headers: { accept: "text/html", ...speaks(language) } });
    return text;
  };
  const german = await page(`/visits/${id}`, "de");
  expect(german).toContain("04.03.2026, 15:06 UTC");
  expect(german).toContain("<dd>2,5</dd>");
  expect(await page(`/visits/${id}`, "en")).toContain("Mar 4, 2026, 3:06");
  expect(await page("/visits", "de")).toContain("2,5");
  const edited = await page(`/visits/${id}/edit`, "de");
  expect(edited).toContain('value="2.5"');
  expect(edited).toContain('value="2026-03-04T15:06"');
});

test("the answer mail is in the sender's language, the owner's in English", async () => {
  await using server = await MailServer.open();
  await using it = await Opened.open({ mail: { delays: [0, 0] } });
  await prepare(it);
  const smtp = { enabled: true, host: "127.0.0.1", port: server.port };
  const meta = { senderName: "Our site", senderAddress: "site@sender.example", appURL: "https://me.example/" };
  expect((await it.project.settings.change({ meta, smtp })).ok).toBe(true);
  const shield = { hold: 1000, refuse: 1000 };
  const notify = ["owner@example.org"];
  await it.record("_forms", { slug: "mails", collection: "visits", title: "Fern & co", answer: true, notify, shield });
  const sent = await it.send({
    form: ["/forms/mails", { name: "Ann", email: "ann@example.com" }],
    headers: speaks("de-DE,de;q=0.9"),
  });
  expect(sent.status).toBe(303);
  await it.project.jobs.settled();
  const subjects = server.received.map(({ to, mail }) => [to[0], mail.subject]);
  expect(subjects.sort()).toEqual([
    ["ann@example.com", "Vielen Dank: Fern & co"],
    ["owner@example.org", "New answer: Fern & co"],
  ]);
});

describe("moments and numbers", () => {
  test("are said as people say them", () => {
    const moment = "2026-03-04 15:06:00.000Z";
    expect(spoken(moment, "de")).toBe("04.03.2026, 15:06 UTC");
    expect(spoken(moment, "de", "Europe/Berlin")).toBe("04.03.2026, 16:06 Europe/Berlin");
    expect(spokenDay("2026-03-04", "en")).toBe("Mar 4, 2026");
    expect(spokenDay("2026-03-04", "de")).toBe("04.03.2026");
    expect(spokenDay("", "de")).toBe("");
  });

  test("have the digits that inputs have, in every language", () => {
    for (const language of ["en", "de", "ar"]) expect(spoken("2026-03-04 15:06:00.000Z", language)).toMatch(/2026/);
  });

  test("numbers lose nothing and have no groups", () => {
    const number = fieldType("number");
    const shown = (value: number, language: Language) =>
      number?.show?.(value, { ...standard, min: null, max: null, onlyInt: false }, { language, whole: true });
    for (const language of ["en", "de", "ar"] as const) expect(shown(12_345, language)).toBe("12345");
    expect(shown(0.1, "de")).toBe("0,1");
    expect(shown(-1234.56789012345, "de")).toBe("-1234,56789012345");
    expect(shown(0, "de")).toBe("0");
  });
});

const standard = {
  id: "n",
  name: "n",
  type: "number",
  system: false,
  hidden: false,
  presentable: false,
  help: "",
  required: false,
};
