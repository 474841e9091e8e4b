/** @jsxImportSource preact */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { VNode } from "preact";
import type { CompiledField } from "../src/collections/collection.ts";
import { compileSet } from "../src/collections/compile.ts";
import type { Field } from "../src/fields/field.ts";
import { renderHtml } from "../src/html/index.ts";
import { CollectionsPage } from "../src/pages/dashboard/collections-page.tsx";
import { DeleteFormPage } from "../src/pages/dashboard/delete-form-page.tsx";
import { FormCodePage } from "../src/pages/dashboard/form-code-page.tsx";
import { FormsPage } from "../src/pages/dashboard/forms-page.tsx";
import { InboxPage } from "../src/pages/dashboard/inbox-page.tsx";
import { NewFormPage } from "../src/pages/dashboard/new-form-page.tsx";
import { OwnerResendPage } from "../src/pages/dashboard/owner-resend-page.tsx";
import { SubmissionPage } from "../src/pages/dashboard/submission-page.tsx";
import { RecordPage } from "../src/pages/dashboard/record-page.tsx";
import { RecordsPage, type RecordsPageProps } from "../src/pages/dashboard/records-page.tsx";
import { SetupPage } from "../src/pages/dashboard/setup-page.tsx";
import { SignInPage } from "../src/pages/dashboard/sign-in-page.tsx";
import { collectionField, type Typed } from "../src/pages/parts/form-field.tsx";
import { labelOf } from "../src/pages/parts/words.ts";
import { FormPage, type FormPageProps } from "../src/pages/site/form-page.tsx";
import { HomePage } from "../src/pages/site/home-page.tsx";
import { LoginPage } from "../src/pages/site/login-page.tsx";
import { RefusalPage } from "../src/pages/site/refusal-page.tsx";
import { ThanksPage } from "../src/pages/site/thanks-page.tsx";

const root = `${import.meta.dir}/..`;
const hostile = `"><script>alert(1)</script><b style='x' onload=y>&amp;`;
const language = "en";

type Attributes = Readonly<Record<string, string>>;

/** The attributes of every element that fits, as they mean, as far as addresses need it. */
function all(html: string, selector: string): Attributes[] {
  const found: Attributes[] = [];
  new HTMLRewriter()
    .on(selector, {
      element(element) {
        found.push(Object.fromEntries([...element.attributes].map(([name, value]) => [name, decode(value)])));
      },
    })
    .transform(html);
  return found;
}

function decode(text: string): string {
  return text.replaceAll("&amp;", "&");
}

/** The text in every element that fits, entities as they stand. */
function texts(html: string, selector: string): string[] {
  const found: string[] = [];
  new HTMLRewriter()
    .on(selector, {
      element() {
        found.push("");
      },
      text(chunk) {
        found.push((found.pop() ?? "") + chunk.text);
      },
    })
    .transform(html);
  return found;
}

function fieldsOf(...given: readonly (Partial<Field> & { name: string; type: string } & Record<string, unknown>)[]) {
  const fields = given.map((field) => ({
    id: field.name,
    system: false,
    hidden: false,
    presentable: false,
    help: "",
    required: false,
    ...field,
  }));
  const rule = null;
  const [collection] = compileSet([
    {
      id: "pbc_messages",
      name: "messages",
      type: "base",
      system: false,
      indexes: [],
      listRule: rule,
      viewRule: rule,
      createRule: rule,
      updateRule: rule,
      deleteRule: rule,
      pages: false,
      created: "",
      updated: "",
      fields,
    },
  ]).all;
  return collection?.fields ?? [];
}

const contact = fieldsOf(
  { name: "name", type: "text", required: true, min: 0, max: 0, pattern: "" },
  { name: "email", type: "email", required: true, help: "Only to answer you.", exceptDomains: [], onlyDomains: [] },
  { name: "message", type: "text", required: true, min: 0, max: 0, pattern: "" },
);

function contactForm(props: Partial<FormPageProps> = {}, typed?: Typed): string {
  const fields = contact.map((field) => collectionField(field, { typed }));
  return renderHtml(
    <FormPage language={language} title="Contact" action="/forms/contact" fields={fields} {...props} />,
  );
}

function records(props: Partial<RecordsPageProps> = {}): string {
  return renderHtml(
    <RecordsPage
      language={language}
      owner="owner@example.com"
      collection="messages"
      fields={contact}
      records={[{ id: "abc", name: "Robin", email: "robin@example.com", message: "Hello" }]}
      page={1}
      pages={1}
      total={1}
      search=""
      sort=""
      {...props}
    />,
  );
}

const owner = { language, owner: hostile } as const;
const problems = { email: hostile, elsewhere: hostile };
const pages: Readonly<Record<string, VNode>> = {
  form: (
    <FormPage
      language={language}
      site={hostile}
      title={hostile}
      introduction={hostile}
      notice={hostile}
      action="/forms/contact"
      back="/"
      submit={hostile}
      hidden={{ [hostile]: hostile }}
      problems={problems}
      fields={contact.map((field) =>
        collectionField(field, { typed: new Map([[field.name, [hostile]]]), label: hostile, help: hostile }),
      )}
    />
  ),
  thanks: <ThanksPage language={language} title={hostile} text={hostile} again="/forms/contact" />,
  refusal: <RefusalPage language={language} status={500} message={hostile} requestId={hostile} />,
  home: <HomePage language={language} site={hostile} account={{ signedIn: false, open: true }} />,
  login: (
    <LoginPage
      language={language}
      site={hostile}
      account={{ signedIn: false, open: true }}
      identities={["email", hostile]}
      next={hostile}
      identity={hostile}
      notice={hostile}
      problems={problems}
    />
  ),
  setup: <SetupPage language={language} email={hostile} hidden={{ token: hostile }} problems={problems} />,
  "sign in": <SignInPage language={language} email={hostile} problem={hostile} problems={problems} />,
  collections: (
    <CollectionsPage
      {...owner}
      collections={[
        { name: hostile, type: "base", system: false, records: 3 },
        { name: "_superusers", type: "auth", system: true },
      ]}
    />
  ),
  records: (
    <RecordsPage
      {...owner}
      collection={hostile}
      fields={contact}
      records={[{ id: hostile, name: hostile, email: hostile, message: hostile }]}
      page={2}
      pages={3}
      total={70}
      search={hostile}
      sort={hostile}
      problem={hostile}
    />
  ),
  forms: (
    <FormsPage
      {...owner}
      forms={[{ slug: "contact", title: hostile, unread: 1, held: 2, state: { soon: hostile } }]}
      notice={hostile}
    />
  ),
  "a new form": (
    <NewFormPage
      {...owner}
      collections={[{ id: hostile, name: hostile }]}
      typed={new Map([["title", [hostile]]])}
      problems={problems}
    />
  ),
  "a form's code": (
    <FormCodePage
      {...owner}
      form={{ slug: "contact", title: hostile }}
      markup={{
        address: "https://me.example",
        slug: "contact",
        fields: contact.map((field) => ({ field, label: hostile, help: hostile })),
        button: hostile,
        consent: hostile,
      }}
    />
  ),
  "a form to delete": (
    <DeleteFormPage {...owner} form={{ slug: "contact", title: hostile }} count={3} collection={hostile} />
  ),
  "an inbox": (
    <InboxPage
      {...owner}
      form={{ slug: "contact", title: hostile }}
      entries={[
        {
          id: "abc",
          who: hostile,
          what: [hostile],
          created: "2026-01-02 15:04:05.000Z",
          state: "spam",
          test: false,
          starred: true,
          reasons: [hostile],
        },
      ]}
      counts={{ inbox: 0, new: 0, read: 0, spam: 1, deleted: 0, test: 0 }}
      box="spam"
      search={hostile}
      page={1}
      pages={2}
      total={undefined}
      days={[{ day: "2026-01-02", sends: 1, held: 2 }]}
      stats={{ views: 1, sends: 1, held: 1, refused: 0, problems: [[hostile, 3]] }}
      notice={hostile}
    />
  ),
  "an entry": (
    <SubmissionPage
      {...owner}
      form={{ slug: "contact", title: hostile }}
      submission={{
        id: "abc",
        state: "spam",
        test: false,
        starred: false,
        notes: hostile,
        score: 5,
        extra: { [hostile]: hostile, more: [hostile] },
        wishes: { subject: hostile, replyTo: hostile, cc: [hostile] },
        consent: { text: hostile, version: hostile, at: hostile },
        email: hostile,
        origin: hostile,
        referrer: hostile,
        agent: hostile,
        language: hostile,
        created: hostile,
        updated: "2026-01-02 15:04:05.000Z",
      }}
      who={hostile}
      questions={contact.map((field) => ({ field, label: hostile }))}
      values={{ name: hostile, email: hostile, message: hostile }}
      record={{ href: "/_/collections/messages/abc", collection: hostile }}
      reasons={[{ words: hostile, weight: 5 }]}
      jobs={[{ id: 1, kind: hostile, state: "failed", kept: false, outcome: hostile, when: hostile }]}
      problems={problems}
    />
  ),
  "what an owner sent while signed out": (
    <OwnerResendPage {...owner} action="/_/forms/contact" typed={new Map([[hostile, [hostile]]])} />
  ),
  record: (
    <RecordPage
      {...owner}
      collection={hostile}
      fields={contact}
      record={{ name: hostile, email: hostile, message: "" }}
    />
  ),
};

describe("every page", () => {
  for (const [name, page] of Object.entries(pages)) {
    const html = renderHtml(page);

    test(`${name}: has a language, a title, one heading and a way past the header`, () => {
      expect(html).toStartWith("<!doctype html>");
      expect(all(html, "html")).toEqual([{ lang: "en", dir: "ltr" }]);
      expect(texts(html, "title")[0]).not.toBe("");
      expect(all(html, "h1")).toHaveLength(1);
      expect(all(html, "a.skip")[0]?.href).toBe("#main");
      expect(all(html, "main#main")).toHaveLength(1);
    });

    test(`${name}: carries no script and no style of its own, whatever people typed`, () => {
      expect(all(html, "script").map(({ src }) => src)).toEqual(["/forms.js"]);
      expect(all(html, "style, [style]")).toEqual([]);
      expect(html).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
      expect(all(html, "b")).toEqual([]);
    });

    test(`${name}: no id twice, and every id that is mentioned is there`, () => {
      const ids = all(html, "[id]").map((attributes) => attributes.id);
      expect(new Set(ids).size).toBe(ids.length);
      const mentioned = [
        ...all(html, "[for]").map((attributes) => attributes.for ?? ""),
        ...all(html, "[aria-describedby]").flatMap((attributes) => attributes["aria-describedby"]?.split(" ") ?? []),
        ...all(html, 'a[href^="#"]').map((attributes) => attributes.href?.slice(1) ?? ""),
      ];
      for (const id of mentioned) expect(ids).toContain(id);
    });

    test(`${name}: uses only classes that the stylesheet knows`, async () => {
      const css = await Bun.file(`${root}/public/formstead.css`).text();
      const known = new Set([...css.matchAll(/\.([a-z]+)/g)].map(([, one]) => one));
      const used = all(html, "[class]").flatMap((attributes) => attributes.class?.split(" ") ?? []);
      expect(used.filter((one) => !known.has(one))).toEqual([]);
    });
  }

  test("weighs under 25 KB with all it loads, compressed", async () => {
    const css = await Bun.file(`${root}/public/formstead.css`).bytes();
    const icon = await Bun.file(`${root}/public/favicon.svg`).bytes();
    const heaviest = Math.max(...Object.values(pages).map((page) => Bun.gzipSync(renderHtml(page)).length));
    expect(Bun.gzipSync(css).length + Bun.gzipSync(icon).length + heaviest).toBeLessThan(25_000);
  });
});

describe("a form", () => {
  test("posts where it is told, as text in UTF-8, with its hidden fields and a trap for robots", () => {
    const html = contactForm({ hidden: { token: "abc" } });
    expect(all(html, "main form")).toEqual([{ action: "/forms/contact", method: "post", "accept-charset": "utf-8" }]);
    expect(all(html, 'input[type="hidden"][name="token"]')[0]?.value).toBe("abc");
    expect(all(html, 'input[name="_gotcha"]')[0]).toMatchObject({ tabindex: "-1", autocomplete: "off" });
  });

  test("is multipart only where files are sent", () => {
    const photo = fieldsOf({ name: "photo", type: "file", maxSelect: 1, maxSize: 0, mimeTypes: [], thumbs: [] });
    const html = contactForm({ fields: photo.map((field) => collectionField(field)) });
    expect(all(html, "main form")[0]?.enctype).toBe("multipart/form-data");
    expect(all(contactForm(), "main form")[0]?.enctype).toBeUndefined();
  });

  test("labels every control, marks what is required and says the help", () => {
    const html = contactForm();
    expect(texts(html, ".field label").map((text) => text.trim())).toEqual(["Name*", "Email*", "Message*"]);
    expect(all(html, 'input[name="email"]')[0]).toMatchObject({
      id: "field-email",
      type: "email",
      required: "",
      "aria-describedby": "field-email-help",
    });
    expect(texts(html, "#field-email-help")).toEqual(["Only to answer you."]);
  });

  test("labels of the form's own win over the field's", () => {
    const fields = contact.map((field) =>
      collectionField(field, { label: "Where we reach you", help: "Any address." }),
    );
    const html = contactForm({ fields });
    expect(texts(html, "#field-email-help")).toEqual(["Any address."]);
    expect(texts(html, 'label[for="field-email"]')).toEqual(["Where we reach you*"]);
  });

  test("shown again, it keeps what was typed, says what is wrong by the field and focuses the first of them", () => {
    const typed = new Map([
      ["name", ["Robin"]],
      ["email", ["robin@nowhere"]],
      ["message", ["one\ntwo"]],
    ]);
    const html = contactForm({ problems: { message: "Too short.", email: "Not an address." } }, typed);
    expect(all(html, 'input[name="email"]')[0]).toMatchObject({
      value: "robin@nowhere",
      "aria-invalid": "true",
      "aria-describedby": "field-email-help field-email-problem",
    });
    expect(texts(html, "#field-email-problem")).toEqual(["Not an address."]);
    expect(html).toContain("one\ntwo");
    expect(all(html, "[autofocus]").map(({ name }) => name)).toEqual(["email"]);
    expect(all(html, '[role="alert"] a').map(({ href }) => href)).toEqual(["#field-email", "#field-message"]);
    expect(texts(html, "title")[0]).toStartWith("Problem: ");
  });

  test("is blank at first, also where the zero value is not; a stored value is shown", () => {
    const price = fieldsOf({ name: "price", type: "number", min: null, max: null, onlyInt: false });
    const shown = (value?: number) =>
      all(contactForm({ fields: price.map((field) => collectionField(field, { value })) }), 'input[name="price"]')[0];
    expect(shown()?.value ?? "").toBe("");
    expect(shown(0)?.value).toBe("0");
  });

  test("a problem that no field here has still stands in the summary", () => {
    expect(texts(contactForm({ problems: { captcha: "Try again." } }), '[role="alert"] li')).toEqual(["Try again."]);
  });

  test("says nothing is wrong when nothing is, also for fields named like parts of every object", () => {
    const fields = fieldsOf({ name: "constructor", type: "text", min: 0, max: 0, pattern: "" });
    const html = contactForm({ fields: fields.map((field) => collectionField(field, { typed: new Map() })) });
    expect(all(html, '[role="alert"], .problem, [autofocus], [aria-invalid]')).toEqual([]);
  });
});

describe("refusals", () => {
  test("every status has its own words and a way on", () => {
    const headings = [400, 401, 403, 404, 409, 413, 429, 500, 503, 507].map((status) => {
      const html = renderHtml(<RefusalPage language={language} status={status} />);
      expect(texts(html, ".stamp")).toEqual([String(status)]);
      expect(texts(html, ".lead")[0]).toMatch(/^[A-Z].+\.$/);
      expect(all(html, "main a")[0]?.href).toBe("/");
      return texts(html, "h1")[0];
    });
    expect(new Set(headings).size).toBe(headings.length);
  });

  test("an unknown status is told like its family", () => {
    const of = (status: number) => texts(renderHtml(<RefusalPage language={language} status={status} />), "h1");
    expect(of(418)).toEqual(of(400));
    expect(of(599)).toEqual(of(500));
  });

  test("names the request, where there is one, and leads where it is told", () => {
    const next = { href: "/_/login", label: "Sign in" };
    const html = renderHtml(<RefusalPage language={language} status={401} requestId="r1" next={next} />);
    expect(texts(html, "code")).toEqual(["r1"]);
    expect(all(html, "main a")[0]?.href).toBe("/_/login");
  });
});

describe("the dashboard", () => {
  test("set-up asks for an address and the password twice, and never shows a password again", () => {
    const html = renderHtml(<SetupPage language={language} hidden={{ token: "t" }} email="me@example.com" />);
    expect(all(html, "main input").map(({ name, type }) => [name, type])).toEqual([
      ["token", "hidden"],
      ["email", "email"],
      ["password", "password"],
      ["passwordConfirm", "password"],
    ]);
    expect(all(html, 'input[type="password"]').every(({ value }) => value === undefined)).toBe(true);
    expect(all(html, "main form")[0]).toMatchObject({ action: "/_/setup", method: "post" });
  });

  test("a failed sign-in says so and keeps the address", () => {
    const html = renderHtml(<SignInPage language={language} email="me@example.com" problem="That was wrong." />);
    expect(texts(html, '[role="alert"] p')).toEqual(["That was wrong."]);
    expect(all(html, 'input[name="email"]')[0]?.value).toBe("me@example.com");
  });

  test("signs out by POST from every page of it, and says who is signed in", () => {
    const html = records();
    expect(all(html, "header form")).toEqual([{ action: "/_/logout", method: "post" }]);
    expect(texts(html, "footer p")).toEqual(["Signed in as owner@example.com"]);
  });

  test("lists collections, the built-in ones apart, and says so when there are none", () => {
    const entries = [
      { name: "messages", type: "base", system: false, records: 0 },
      { name: "_superusers", type: "auth", system: true, records: 1 },
    ] as const;
    const html = renderHtml(<CollectionsPage language={language} owner="" collections={entries} />);
    expect(texts(html, "caption")).toEqual(["Your collections", "Built in"]);
    expect(all(html, "td a").map(({ href }) => href)).toEqual([
      "/_/collections/messages",
      "/_/collections/_superusers",
    ]);
    expect(texts(html, "td.number")).toEqual(["0", "1"]);
    const none = renderHtml(<CollectionsPage language={language} owner="" collections={[]} />);
    expect(all(none, ".empty")).toHaveLength(1);
  });

  test("a table of records leads to each, and sorts by any column, up and down", () => {
    const html = records({ sort: "email", search: "a&b" });
    expect(all(html, "td a")[0]?.href).toBe("/_/collections/messages/abc");
    expect(all(html, "th a").map(({ href }) => href)).toEqual([
      "/_/collections/messages?search=a%26b&sort=name",
      "/_/collections/messages?search=a%26b&sort=-email",
      "/_/collections/messages?search=a%26b&sort=message",
    ]);
    expect(all(html, "th[aria-sort]")[0]?.["aria-sort"]).toBe("ascending");
    expect(all(records({ sort: "-email" }), "th[aria-sort]")[0]?.["aria-sort"]).toBe("descending");
  });

  test("columns are what is not hidden, what stands for the record first, the id where nothing else is", () => {
    const id = { name: "id", type: "text", min: 0, max: 0, pattern: "" };
    const title = { ...id, name: "title", presentable: true };
    const fields = fieldsOf(id, { ...id, name: "note" }, { ...id, name: "key", hidden: true }, title);
    expect(texts(records({ fields }), "th a")).toEqual(["Title", "Note"]);
    expect(texts(records({ fields: fieldsOf(id) }), "th a")).toEqual(["Id"]);
  });

  test("has no search box where nothing can be searched", () => {
    expect(all(records(), '[role="search"]')).toHaveLength(1);
    expect(all(records({ search: undefined }), '[role="search"]')).toEqual([]);
  });

  test("every cell says which column it belongs to, for narrow screens", () => {
    expect(all(records(), "td").map((cell) => cell["data-label"])).toEqual(["Name", "Email", "Message"]);
  });

  test("a record without a first value can be opened all the same", () => {
    const html = records({ records: [{ id: "abc", name: "", email: "", message: "" }] });
    expect(texts(html, "td a")).toEqual(["abc"]);
  });

  test("pages keep what was searched and how it was sorted; one page has no links", () => {
    const html = records({ page: 2, pages: 3, search: "x", sort: "-name" });
    expect(all(html, ".paging a").map(({ href }) => href)).toEqual([
      "/_/collections/messages?search=x&sort=-name&page=1",
      "/_/collections/messages?search=x&sort=-name&page=3",
    ]);
    expect(all(records(), ".paging")).toEqual([]);
    expect(all(records({ page: 9, pages: 3 }), ".paging a").map(({ href }) => href)).toEqual([
      "/_/collections/messages?page=3",
    ]);
  });

  test("searching keeps the sorting and can be left again", () => {
    const html = records({ search: "lost glove", sort: "name", records: [], total: 0 });
    expect(all(html, '[role="search"]')[0]).toMatchObject({ action: "/_/collections/messages", method: "get" });
    expect(all(html, 'input[type="search"]')[0]).toMatchObject({ name: "search", value: "lost glove" });
    expect(all(html, 'input[name="sort"]')[0]?.value).toBe("name");
    expect(texts(html, ".empty")[0]).toContain("lost glove");
    expect(all(html, "table")).toEqual([]);
  });

  test("one record shows every field it has, text with its lines, and nothing of those it has not", () => {
    const html = renderHtml(
      <RecordPage
        language={language}
        owner=""
        collection="messages"
        fields={contact}
        record={{ id: "abc", email: "", message: "one\n\ntwo" }}
      />,
    );
    expect(texts(html, "dt")).toEqual(["Email", "Message"]);
    expect(texts(html, "dd")).toEqual(["Empty", "one\n\ntwo"]);
    expect(all(html, 'main a[href="/_/collections/messages"]')).toHaveLength(1);
  });

  test("the presentable fields of a record are its name", () => {
    const fields: readonly CompiledField[] = fieldsOf({
      name: "title",
      type: "text",
      presentable: true,
      min: 0,
      max: 0,
    });
    const page = (
      <RecordPage language={language} owner="" collection="posts" fields={fields} record={{ title: "Hi" }} />
    );
    expect(texts(renderHtml(page), "h1")).toEqual(["Hi"]);
  });
});

test("labels are made from names as people write them", () => {
  expect(["name", "birth_date", "birthDate", "_x", "_", "HTML"].map(labelOf)).toEqual([
    "Name",
    "Birth date",
    "Birth date",
    "X",
    "_",
    "HTML",
  ]);
});

describe("the stylesheet", async () => {
  const css = await Bun.file(`${root}/public/formstead.css`).text();

  /** The custom properties of one `:root` block that are colours. */
  function palette(block: string): Record<string, string> {
    return Object.fromEntries(
      [...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name, hex]) => [name, hex]),
    );
  }
  const [light = "", dark = "", ...others] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block);
  const schemes = { light: palette(light), dark: { ...palette(light), ...palette(dark) } };

  function luminance(hex: string): number {
    const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one = "", other = ""): number {
    const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dim + 0.05);
  }

  for (const [name, colours] of Object.entries(schemes)) {
    test(`${name}: text can be read on the ground and on what is filled in, and edges and focus can be seen`, () => {
      for (const ground of [colours.ground, colours.well]) {
        for (const text of ["ink", "faded", "green", "green-strong", "red"]) {
          expect([text, contrast(colours[text], ground) >= 4.5]).toEqual([text, true]);
        }
        for (const shape of ["edge", "focus"]) {
          expect([shape, contrast(colours[shape], ground) >= 3]).toEqual([shape, true]);
        }
      }
      expect(contrast(colours["on-green"], colours.green)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours["on-green"], colours["green-strong"])).toBeGreaterThanOrEqual(4.5);
    });
  }

  test("knows dark, print and reduced motion, and no side but start and end", () => {
    expect(others).not.toEqual([]);
    expect(css).toContain("@media print");
    expect(css).toMatch(/@media \(prefers-reduced-motion: no-preference\) \{\s*@view-transition/);
    expect(css).not.toMatch(
      /(?:margin|padding|border)-(?:left|right)|(?:text-align|float): (?:left|right)|@import|url\(/,
    );
  });
});

describe("the demo site", async () => {
  const folder = `${root}/db/starters/demo/public`;
  const html = await Bun.file(`${folder}/index.html`).text();

  test("has the contact form, with labels and a trap, and no script", () => {
    expect(all(html, "form")).toEqual([{ action: "/forms/contact", method: "post", "accept-charset": "utf-8" }]);
    const names = all(html, "form [name]").map(({ name }) => name);
    expect(names).toEqual(["name", "email", "message", "_gotcha"]);
    const labelled = all(html, "label").map((label) => label.for ?? "");
    for (const { id } of all(html, "form [name]")) expect(labelled).toContain(id ?? "");
    expect(all(html, "script, style, [style]")).toEqual([]);
  });

  test("every file and place it points at is there", () => {
    const links = [...all(html, "[href]").map(({ href }) => href), ...all(html, "[src]").map(({ src }) => src)];
    const ids = all(html, "[id]").map(({ id }) => `#${id}`);
    for (const link of links) {
      const there =
        link === "/" ||
        link === "/_/" ||
        ids.includes(link ?? "") ||
        existsSync(`${folder}${link}`) ||
        existsSync(`${folder}${link}.html`) ||
        existsSync(`${root}/public${link}`);
      expect([link, there]).toEqual([link, true]);
    }
  });
});
