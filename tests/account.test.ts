import { afterEach, describe, expect, setSystemTime, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Elysia } from "elysia";
import fc from "fast-check";
import { createApp } from "../src/app.ts";
import { openAttempts, type Trier } from "../src/auth/attempts.ts";
import type { Json } from "../src/fields/field.ts";
import { networkOf } from "../src/http/address.ts";
import { ownPath } from "../src/http/next.ts";
import { elysiaOptions } from "../src/http/options.ts";
import { Refusal } from "../src/lib/errors.ts";
import { type Answer, Opened, password, scenarios } from "./testing.ts";

const page = { accept: "text/html" };
const another = "quite another password";

async function inhabited(it: Opened): Promise<void> {
  await it.person("ann", { id: "ann000000000000", name: "Ann", verified: true });
  await it.person("root", {}, "_superusers");
}

async function withEve(it: Opened): Promise<void> {
  await inhabited(it);
  await it.person("eve");
}

/** Changes the collection of the people as its owner would. */
async function changeUsers(it: Opened, change: { readonly [key: string]: Json }, fields: readonly Json[] = []) {
  const { body } = await it.send({ as: "root", json: ["GET", "/api/collections/users"] });
  const had = Array.isArray(body["fields"]) ? body["fields"] : [];
  const definition = { ...change, fields: [...had, ...fields] };
  const { status, text } = await it.send({ as: "root", json: ["PATCH", "/api/collections/users", definition] });
  if (status !== 200) throw new Error(text);
}

/** People sign in by email or by username. */
async function withUsernames(it: Opened): Promise<void> {
  await inhabited(it);
  await changeUsers(
    it,
    {
      indexes: [
        "CREATE UNIQUE INDEX `idx_tokenKey__pb_users_auth_` ON `users` (`tokenKey`)",
        "CREATE UNIQUE INDEX `idx_email__pb_users_auth_` ON `users` (`email`) WHERE `email` != ''",
        "CREATE UNIQUE INDEX `idx_username` ON `users` (`username` COLLATE NOCASE) WHERE `username` != ''",
      ],
      passwordAuth: { enabled: true, identityFields: ["email", "username"] },
    },
    [{ name: "username", type: "text", max: 30 }],
  );
}

/** What a browser sends along that holds this person's session. */
function browserOf(it: Opened, called: string): Record<string, string> {
  return { cookie: `formstead=${it.token(called)}`, "sec-fetch-site": "same-origin" };
}

/** The `name=value` of the cookie that was set. */
function cookieOf(answer: Answer): string {
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

afterEach(() => {
  setSystemTime();
});

const bob = { email: "bob@example.com", name: "Bob", password, passwordConfirm: password };

scenarios("registering", inhabited, [
  {
    it: "shows a form with what the fields demand",
    json: ["GET", "/register?next=/posts"],
    headers: page,
    get: 200,
    shows: [
      'type="email" name="email" required',
      'name="name"',
      'minlength="8"',
      'name="passwordConfirm"',
      'name="next" value="/posts"',
    ],
    hides: ["avatar", "tokenKey", "verified"],
  },
  {
    it: "makes an account and goes on",
    form: ["/register", bob],
    get: 303,
    to: "/profile",
    changes: { users: 1, outbox: 1 },
  },
  {
    it: "goes on to where somebody was",
    form: ["/register", { ...bob, next: "/posts/new?a=b" }],
    get: 303,
    to: "/posts/new?a=b",
    changes: { users: 1, outbox: 1 },
  },
  {
    it: "goes on to no other site",
    form: ["/register", { ...bob, next: "//evil.example" }],
    get: 303,
    to: "/profile",
    changes: { users: 1, outbox: 1 },
  },
  {
    it: "gives the form back with what was typed, but for passwords",
    form: [
      "/register",
      { email: "bob@home", name: 'B"ob <b>', password: "short-7", passwordConfirm: "shorter", next: "/posts" },
    ],
    get: 422,
    shows: [
      'value="bob@home"',
      'value="B&quot;ob &lt;b>"',
      "Must be a valid email address.",
      "Must be at least 8 character(s).",
      "The two passwords differ. Type the same one in both fields.",
      'name="next" value="/posts"',
    ],
    hides: ["short-7", "shorter", "<b>"],
  },
  {
    it: "says on the page that there is an account already, and what to do",
    form: ["/register", { ...bob, email: "ann@example.com" }],
    get: 422,
    shows: ["There is an account with it already. Sign in, or choose another one.", 'value="ann@example.com"'],
    hides: [password],
  },
  {
    it: "answers JSON with a token and the record",
    json: ["POST", "/register", bob],
    get: 200,
    shows: ['"token":"ey', '"email":"bob@example.com"', '"name":"Bob"'],
    hides: ["password", "tokenKey"],
    changes: { users: 1, outbox: 1 },
  },
  {
    it: "answers JSON with the problems of the API",
    json: ["POST", "/register", { ...bob, email: "ann@example.com" }],
    get: 400,
    shows: ['"email":{"code":"validation_not_unique"', '"message":"Failed to create record."'],
  },
  {
    it: "lets nobody call themselves verified",
    form: ["/register", { ...bob, verified: "true" }],
    get: 422,
    hides: [password],
  },
  { it: "leads on who is signed in", as: "ann", json: ["GET", "/register"], headers: page, get: 303, to: "/profile" },
]);

scenarios(
  "registering where only superusers make accounts",
  async (it) => {
    await inhabited(it);
    await changeUsers(it, { createRule: null });
  },
  [
    {
      it: "says so",
      json: ["GET", "/register"],
      headers: page,
      get: 403,
      shows: ["Nobody can register here at the moment."],
    },
    { it: "says so to who sends the form", form: ["/register", bob], get: 403, shows: ["Nobody can register here"] },
    { it: "says so as JSON", json: ["POST", "/register", bob], get: 403, shows: ['"status":403'] },
    {
      it: "offers it nowhere",
      json: ["GET", "/login"],
      headers: page,
      get: 200,
      shows: ["Sign in"],
      hides: ["/register", "Register"],
    },
  ],
);

scenarios(
  "registering under a rule",
  async (it) => {
    await inhabited(it);
    await changeUsers(it, { createRule: "email ~ '@example.org'" });
  },
  [
    {
      it: "gives the form back to whom it refuses",
      form: ["/register", bob],
      get: 400,
      shows: ["These answers do not open an account here.", 'value="bob@example.com"'],
      hides: [password],
    },
    { it: "refuses JSON as the API does", json: ["POST", "/register", bob], get: 400, shows: ['"data":{}'] },
    {
      it: "lets in whom it lets in",
      form: ["/register", { ...bob, email: "bob@example.org" }],
      get: 303,
      to: "/profile",
      changes: { users: 1, outbox: 1 },
    },
  ],
);

scenarios(
  "accounts that must be verified before they sign in",
  async (it) => {
    await inhabited(it);
    await changeUsers(it, { authRule: "verified = true" });
    await it.person("eve");
  },
  [
    { it: "are made", form: ["/register", bob], get: 303, to: "/login?made", changes: { users: 1, outbox: 1 } },
    { it: "are told so", json: ["GET", "/login?made"], headers: page, get: 200, shows: ["may not sign in yet"] },
    {
      it: "are made by JSON without a session",
      json: ["POST", "/register", bob],
      get: 200,
      shows: ['"token":""'],
      changes: { users: 1, outbox: 1 },
    },
    {
      it: "are not signed in",
      form: ["/login", { identity: "eve@example.com", password }],
      get: 403,
      shows: ["The password is right, but this account may not sign in yet.", 'value="eve@example.com"'],
    },
    { it: "are signed in afterwards", form: ["/login", { identity: "ann@example.com", password }], get: 303 },
  ],
);

scenarios("signing in", inhabited, [
  {
    it: "shows a form",
    json: ["GET", "/login?next=/posts/new"],
    headers: page,
    get: 200,
    shows: [
      'type="email" id="field-identity"',
      'autocomplete="current-password"',
      'value="/posts/new"',
      "/register?next=%2Fposts%2Fnew",
    ],
  },
  {
    it: "leads to one's own page",
    form: ["/login", { identity: "ann@example.com", password }],
    get: 303,
    to: "/profile",
  },
  {
    it: "leads to where somebody was",
    form: ["/login", { email: "ann@example.com", password, next: "/posts?search=ü&page=2" }],
    get: 303,
    to: "/posts?search=%C3%BC&page=2",
  },
  {
    it: "leads to no other site",
    form: ["/login", { identity: "ann@example.com", password, next: "/\\evil.example" }],
    get: 303,
    to: "/profile",
  },
  {
    it: "gives the form back without saying which of the two was wrong",
    form: ["/login", { identity: "ann@example.com", password: another, next: "/posts" }],
    get: 422,
    shows: ["No account fits what you typed.", 'value="ann@example.com"', 'value="/posts"', "<title>Problem: Sign in"],
    hides: [another],
  },
  {
    it: "says what was left out",
    form: ["/login", { identity: "", password: "" }],
    get: 422,
    shows: ['href="#field-identity"', 'href="#field-password"', "Cannot be blank."],
  },
  {
    it: "answers JSON with a token and the record",
    json: ["POST", "/login", { email: "ann@example.com", password }],
    get: 200,
    shows: ['"token":"ey', '"record":{', '"email":"ann@example.com"'],
    hides: ["tokenKey", "$argon2"],
  },
  {
    it: "answers JSON as the API does",
    json: ["POST", "/login", { identity: "ann@example.com", password: another }],
    get: 400,
    shows: ['{"data":{},"message":"Failed to authenticate.","status":400}'],
  },
  {
    it: "names what was left out as it was sent",
    json: ["POST", "/login", { email: "" }],
    get: 400,
    shows: ['"email":{"code":"validation_required"', '"password":{"code":"validation_required"'],
  },
  { it: "takes no list for a name", json: ["POST", "/login", { email: ["a"], password }], get: 400 },
  {
    it: "is for people, not for superusers",
    form: ["/login", { identity: "root@example.com", password }],
    get: 422,
  },
  {
    it: "leads on who is signed in",
    as: "ann",
    json: ["GET", "/login?next=/posts"],
    headers: page,
    get: 303,
    to: "/posts",
  },
]);

scenarios("signing in by email or username", withUsernames, [
  {
    it: "asks for either",
    json: ["GET", "/login"],
    headers: page,
    get: 200,
    shows: ["Email or username", 'type="text" id="field-identity"'],
  },
  {
    it: "asks for both when somebody registers",
    json: ["GET", "/register"],
    headers: page,
    get: 200,
    shows: ['name="email"', 'name="username"', 'autocomplete="username"'],
  },
  {
    it: "takes a new username",
    form: ["/register", { ...bob, username: "bob" }],
    get: 303,
    changes: { users: 1, outbox: 1 },
  },
]);

test("somebody signs in by the username they registered with, however it is written", async () => {
  await using it = await Opened.open();
  await withUsernames(it);
  await it.send({ form: ["/register", { ...bob, username: "Bob" }] });
  const { status, body } = await it.send({ json: ["POST", "/login", { username: "bOB", password }] });
  expect([status, body["record"]]).toEqual([200, expect.objectContaining({ username: "Bob" })]);
  const taken = await it.send({ form: ["/register", { ...bob, email: "b@example.com", username: "BOB" }] });
  expect([taken.status, taken.text]).toEqual([422, expect.stringContaining("There is an account with it already.")]);
});

test("a person who does not exist is refused word for word like one who does", async () => {
  await using it = await Opened.open();
  await inhabited(it);
  for (const headers of [page, { accept: "application/json" }]) {
    const answers = ["ann@example.com", "nobody@example.com"].map(async (identity) => {
      const answer = await it.send({ form: ["/login", { identity, password: another }], headers });
      return [answer.status, answer.text.replaceAll(identity, "somebody")];
    });
    const [known, unknown] = await Promise.all(answers);
    expect(unknown).toEqual(known);
  }
});

describe("the cookie of a session", () => {
  const credentials = { identity: "ann@example.com", password };

  test("comes with the page and with JSON, and is kept from scripts", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const flags = /^formstead=ey[\w.-]+; Path=\/; Max-Age=432000; HttpOnly; SameSite=Lax$/;
    expect((await it.send({ form: ["/login", credentials] })).headers.get("set-cookie")).toMatch(flags);
    expect((await it.send({ json: ["POST", "/login", credentials] })).headers.get("set-cookie")).toMatch(flags);
    expect((await it.send({ form: ["/register", bob] })).headers.get("set-cookie")).toMatch(flags);
  });

  test("is for this host alone over TLS", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const headers = { "x-forwarded-proto": "https" };
    const set = (await it.send({ form: ["/login", credentials], headers })).headers.get("set-cookie");
    expect(set).toMatch(/^__Host-formstead=ey[\w.-]+; Path=\/; Max-Age=432000; HttpOnly; SameSite=Lax; Secure$/);
  });

  test("is not set for who comes with a token of their own, nor taken from them", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    for (const json of [
      ["POST", "/login", credentials],
      ["POST", "/logout"],
    ] as const) {
      const answer = await it.send({ as: "ann", json });
      expect([answer.status, answer.headers.get("set-cookie")]).toEqual([json[1] === "/login" ? 200 : 204, null]);
    }
  });

  test("ends with signing out, by form and by JSON", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const ended = "formstead=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
    const byForm = await it.send({ form: ["/logout", {}], headers: browserOf(it, "ann") });
    expect([byForm.status, byForm.headers.get("location"), byForm.headers.get("set-cookie")]).toEqual([
      303,
      "/",
      ended,
    ]);
    const byJson = await it.send({ json: ["POST", "/logout"], headers: browserOf(it, "ann") });
    expect([byJson.status, byJson.text, byJson.headers.get("set-cookie")]).toEqual([204, "", ended]);
  });
});

const ways = [
  { it: "by token", as: "ann" },
  { it: "by cookie", as: undefined },
] as const;

for (const { it: way, as } of ways) {
  test(`a profile is seen and changed ${way}`, async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const own = as ? {} : browserOf(it, "ann");
    const seen = await it.send({ as, json: ["GET", "/profile?fields=name,email"], headers: own });
    expect([seen.status, seen.body]).toEqual([200, { name: "Ann", email: "ann@example.com" }]);
    for (const method of ["PATCH", "PUT", "POST"]) {
      const name = `Ann ${method}`;
      const changed = await it.send({ as, json: [method, "/profile", { name }], headers: own });
      expect([changed.status, changed.body["name"]]).toEqual([200, name]);
    }
    const byForm = await it.send({ as, form: ["/profile", { name: "Ann <Form>" }], headers: own });
    expect([byForm.status, byForm.headers.get("location")]).toEqual([303, "/profile?done=details"]);
    const shown = await it.send({ as, json: ["GET", "/profile?done=details"], headers: { ...own, ...page } });
    expect(shown.text).toContain('value="Ann &lt;Form>"');
    expect(shown.text).toContain("Saved.");
    expect(shown.text).not.toContain("<Form>");
    expect(shown.headers.get("cache-control")).toBe("no-store");
  });
}

scenarios("a profile", inhabited, [
  {
    it: "sends who is signed out to the sign-in",
    json: ["GET", "/profile"],
    headers: page,
    get: 303,
    to: "/login?next=/profile",
  },
  {
    it: "refuses scripts that are signed out",
    json: ["GET", "/profile"],
    get: 401,
    shows: ['"message":"The request requires valid record authorization token."'],
  },
  { it: "is none of a superuser", as: "root", json: ["GET", "/profile"], get: 401 },
  {
    it: "keeps what somebody typed who has been signed out meanwhile",
    form: ["/profile", { name: 'Ann "<b>' }],
    get: 401,
    shows: [
      "You are signed out, so nothing was changed.",
      'href="/login?next=%2Fresend%2F',
      'value="Ann &quot;&lt;b>"',
    ],
    hides: ["oldPassword", "Sign out</button>"],
  },
  {
    it: "keeps no password of theirs",
    form: ["/profile", { oldPassword: password, password: another, passwordConfirm: another }],
    get: 401,
    shows: ["Change the password"],
    hides: [password, another],
  },
  { it: "is not changed by scripts that are signed out", json: ["PATCH", "/profile", { name: "Eve" }], get: 401 },
  {
    it: "shows three forms, and nothing that is secret",
    as: "ann",
    json: ["GET", "/profile"],
    headers: page,
    get: 200,
    shows: ["Save</button>", "Change the email</button>", "Change the password</button>", 'value="ann@example.com"'],
    hides: ["tokenKey", "$argon2", "verified"],
  },
  {
    it: "gives the form back with what was typed",
    as: "ann",
    form: ["/profile", { name: "A".repeat(300) }],
    get: 422,
    shows: ["A".repeat(300), "Must be no more than 255 character(s).", 'href="#details-name"'],
  },
  {
    it: "answers JSON with the problems of the API",
    as: "ann",
    json: ["PATCH", "/profile", { name: "A".repeat(300) }],
    get: 400,
    shows: ['"message":"Failed to update record."', '"name":{"code":"validation_max_text_constraint"'],
  },
  {
    it: "does not call itself verified",
    as: "ann",
    json: ["PATCH", "/profile", { verified: false }],
    get: 400,
    shows: ['"verified":{"code":"validation_values_mismatch"'],
  },
]);

const newEmail = "ann@example.org";

scenarios("an own email", withEve, [
  {
    it: "is not changed without the password",
    as: "ann",
    form: ["/profile", { email: newEmail }],
    get: 422,
    shows: ["This is not your current password. Type it again.", `value="${newEmail}"`, 'href="#address-oldPassword"'],
    hides: ['href="#secret-oldPassword"'],
  },
  {
    it: "is not changed with a wrong one",
    as: "ann",
    form: ["/profile", { email: newEmail, oldPassword: another }],
    get: 422,
    shows: ["This is not your current password."],
    hides: [another],
  },
  {
    it: "is not changed to what is none",
    as: "ann",
    form: ["/profile", { email: "ann@home", oldPassword: password }],
    get: 422,
    shows: ["Must be a valid email address.", 'value="ann@home"'],
    hides: [password],
  },
  {
    it: "is not changed to somebody else's",
    as: "ann",
    form: ["/profile", { email: "eve@example.com", oldPassword: password }],
    get: 422,
    shows: ["There is an account with it already."],
  },
  {
    it: "is changed with the password",
    as: "ann",
    form: ["/profile", { email: newEmail, oldPassword: password }],
    get: 303,
    to: "/profile?done=email",
    changes: { outbox: 1 },
  },
  {
    it: "is changed as JSON, and is not verified then",
    as: "ann",
    json: ["PATCH", "/profile", { email: newEmail, oldPassword: password }],
    get: 200,
    shows: [`"email":"${newEmail}"`, '"verified":false'],
    changes: { outbox: 1 },
  },
  {
    it: "is not changed over the API, as its contract says",
    as: "ann",
    json: ["PATCH", "/api/collections/users/records/ann000000000000", { email: newEmail, oldPassword: password }],
    get: 400,
    shows: ['"email":{"code":"validation_values_mismatch"'],
  },
]);

scenarios("an own password", inhabited, [
  {
    it: "is not changed with a wrong one",
    as: "ann",
    form: ["/profile", { oldPassword: "wrong one", password: another, passwordConfirm: another }],
    get: 422,
    shows: ["This is not your current password.", 'href="#secret-oldPassword"'],
    hides: ["wrong one", another, 'href="#address-oldPassword"'],
  },
  {
    it: "is typed twice, and is not too short",
    as: "ann",
    form: ["/profile", { oldPassword: password, password: "short-7", passwordConfirm: "short-8" }],
    get: 422,
    shows: ["Must be at least 8 character(s).", "The two passwords differ. Type the same one in both fields."],
    hides: [password, "short-7"],
  },
  {
    it: "is changed",
    as: "ann",
    form: ["/profile", { oldPassword: password, password: another, passwordConfirm: another }],
    get: 303,
    to: "/profile?done=password",
    changes: { outbox: 1 },
  },
  {
    it: "stays as it is where none is typed",
    as: "ann",
    form: ["/profile", { name: "Anna", oldPassword: "", password: "", passwordConfirm: "" }],
    get: 303,
    to: "/profile?done=details",
    changes: { outbox: 1 },
  },
]);

const endings = {
  password: { oldPassword: password, password: another, passwordConfirm: another },
  email: { oldPassword: password, email: newEmail },
};

for (const [what, fields] of Object.entries(endings)) {
  test(`a new ${what} ends all sessions but the one it was typed in`, async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const changed = await it.send({ form: ["/profile", fields], headers: browserOf(it, "ann") });
    expect(changed.headers.get("location")).toBe(`/profile?done=${what}`);
    const status = async (headers: Record<string, string>) =>
      (await it.send({ json: ["GET", "/profile"], headers })).status;
    expect(await status(browserOf(it, "ann"))).toBe(401);
    expect(await status({ authorization: it.token("ann") })).toBe(401);
    expect(await status({ cookie: cookieOf(changed) })).toBe(200);

    const credentials = { identity: what === "email" ? newEmail : "ann@example.com", password };
    expect((await it.send({ json: ["POST", "/login", credentials] })).status).toBe(what === "email" ? 200 : 400);
    const other = await it.send({ json: ["POST", "/login", { ...credentials, password: another }] });
    expect(other.status).toBe(what === "email" ? 400 : 200);
  });
}

test("who may not go on with an address that is not verified is signed out, and told why", async () => {
  await using it = await Opened.open();
  await inhabited(it);
  await changeUsers(it, { authRule: "verified = true" });
  const changed = await it.send({ form: ["/profile", endings.email], headers: browserOf(it, "ann") });
  expect([changed.headers.get("location"), cookieOf(changed)]).toEqual(["/login?made", "formstead="]);
});

scenarios(
  "a profile that only superusers change",
  async (it) => {
    await inhabited(it);
    await changeUsers(it, { updateRule: null });
  },
  [
    {
      it: "is shown without forms",
      as: "ann",
      json: ["GET", "/profile"],
      headers: page,
      get: 200,
      shows: ["<dd>ann@example.com</dd>", "<dd>Ann</dd>", "Only the owner of the site can change this."],
      hides: ['action="/profile"'],
    },
    { it: "stays as it is", as: "ann", form: ["/profile", { name: "Anna" }], get: 403, shows: ["Only the owner"] },
    { it: "stays as it is for scripts", as: "ann", json: ["PATCH", "/profile", { name: "Anna" }], get: 403 },
  ],
);

scenarios(
  "a profile with a field that a rule guards",
  async (it) => {
    await inhabited(it);
    const updateRule = "id = @request.auth.id && @request.body.role:isset = false";
    await changeUsers(it, { updateRule }, [{ name: "role", type: "text" }]);
  },
  [
    {
      it: "is changed by a form in which that field is as it was",
      as: "ann",
      form: ["/profile", { name: "Anna", role: "" }],
      get: 303,
      changes: { outbox: 1 },
    },
    {
      it: "is refused otherwise, with what was typed",
      as: "ann",
      form: ["/profile", { name: "Anna", role: "boss" }],
      get: 404,
      shows: ["You may not change this.", 'value="Anna"', 'value="boss"'],
    },
  ],
);

describe("who may write (cross-site)", () => {
  const writes = [
    ["POST", "/register"],
    ["POST", "/login"],
    ["POST", "/logout"],
    ["POST", "/profile"],
    ["PATCH", "/profile"],
    ["PUT", "/profile"],
  ] as const;
  const elsewhere = "http://other.example";
  const refused: readonly Readonly<Record<string, string>>[] = [
    { "sec-fetch-site": "cross-site", origin: elsewhere },
    { "sec-fetch-site": "cross-site", origin: "null" },
    { "sec-fetch-site": "same-site", origin: "http://sub.localhost" },
    { origin: elsewhere },
    { origin: "null" },
    { origin: "https://localhost.example" },
    { "sec-fetch-site": "cross-site" },
  ];

  test("another site signs nobody in, out or up, and changes nobody, with a cookie or without", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const before = await it.counts();
    const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "/register": bob,
      "/login": { identity: "ann@example.com", password },
      "/profile": { name: "Eve" },
    };
    for (const [method, path] of writes) {
      const cookies: readonly Readonly<Record<string, string>>[] = [{}, { cookie: `formstead=${it.token("ann")}` }];
      for (const headers of refused.flatMap((row) => cookies.map((cookie) => ({ ...row, ...cookie, ...page })))) {
        const wish =
          method === "POST" ? { form: [path, forms[path] ?? {}] as const } : { json: [method, path, {}] as const };
        const answer = await it.send({ ...wish, headers });
        expect([method, path, headers, answer.status]).toEqual([method, path, headers, 403]);
        expect(answer.text).toContain("This was sent from another site");
        expect(answer.headers.get("set-cookie")).toBe(null);
      }
    }
    expect(await it.counts()).toEqual(before);
    expect((await it.send({ as: "ann", json: ["GET", "/profile"] })).body["name"]).toBe("Ann");
  });

  test("a cookie that comes without a word about where it comes from does not count", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const cookie = `formstead=${it.token("ann")}`;
    for (const [method, path] of writes) {
      expect((await it.send({ json: [method, path, {}], headers: { cookie } })).status).toBe(403);
    }
  });

  const own: readonly Readonly<Record<string, string>>[] = [
    { "sec-fetch-site": "same-origin", origin: "http://localhost" },
    { "sec-fetch-site": "none" },
    { origin: "http://localhost" },
    { origin: "http://front.example" },
  ];

  test("our own pages, and sites that are listed by name, act with the cookie", async () => {
    await using it = await Opened.open({ origins: ["http://front.example"] });
    await inhabited(it);
    for (const row of own) {
      const headers = { ...row, cookie: `formstead=${it.token("ann")}` };
      const changed = await it.send({ json: ["PATCH", "/profile", { name: "Anna" }], headers });
      expect([row, changed.status, changed.body["name"]]).toEqual([row, 200, "Anna"]);
      expect((await it.send({ json: ["POST", "/logout"], headers })).headers.get("set-cookie")).toContain("Max-Age=0");
    }
  });
});

test("a page that is replaced by a file answers its own GET, and its form stays ours", async () => {
  await using it = await Opened.open();
  await inhabited(it);
  mkdirSync(join(it.dir, "public"));
  for (const name of ["login", "register", "profile"]) {
    writeFileSync(join(it.dir, "public", `${name}.html`), `<title>My own ${name}</title>`);
    expect((await it.send({ json: ["GET", `/${name}`], headers: page })).text).toBe(`<title>My own ${name}</title>`);
  }
  const wrong = await it.send({ form: ["/login", { email: "ann@example.com", password: another }] });
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('value="ann@example.com"')]);
  expect((await it.send({ form: ["/register", { ...bob, email: "bob" }] })).text).toContain('value="bob"');
  expect((await it.send({ form: ["/register", bob] })).status).toBe(303);
  expect((await it.send({ as: "ann", form: ["/profile", { name: "Anna" }] })).status).toBe(303);
});

describe("the next page", () => {
  const otherwise = "/profile";

  test("is a page of ours, as it was written", () => {
    for (const path of ["/", "/posts", "/posts?search=a%20b&page=2#top", "/a/../b/./c", "/profile", "/x//y", "/@a:b"]) {
      expect(new URL(ownPath(path, otherwise), "http://localhost").href).toBe(new URL(path, "http://localhost").href);
    }
    expect(ownPath("/posts/ü", otherwise)).toBe("/posts/%C3%BC");
  });

  test("is no other site", () => {
    const wishes = [
      "",
      "//evil.example",
      "/\\evil.example",
      "/\t/evil.example",
      "/\n/evil.example",
      "/.//evil.example",
    ];
    const more = [
      "https://evil.example",
      "javascript:alert(1)",
      "evil.example",
      "\\\\evil.example",
      "/..//evil.example",
    ];
    for (const wish of [...wishes, ...more, " //evil.example", "/%2e//evil.example"]) {
      expect([wish, ownPath(wish, otherwise)]).toEqual([wish, otherwise]);
    }
  });

  test("is on our site whatever is asked for, and fits into a header", () => {
    const pieces = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "%2e",
      "\t",
      "\n",
      "\r",
      " ",
      "@",
      ":",
      "?",
      "#",
      "a",
      "ü",
      "evil.example",
    );
    const wish = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.oneof(
          wish,
          wish.map((text) => `/${text}`),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          const next = ownPath(text, otherwise);
          expect(next).toMatch(/^\/[\x21-\x7e]*$/);
          expect(new URL(next, "https://me.example/login").origin).toBe("https://me.example");
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("attempts", () => {
  const ann: Trier = { collection: "users", identity: "ann@example.com", address: "198.51.100.7" };
  const failed = (it: boolean) => !it;

  function guess(attempts: ReturnType<typeof openAttempts>, who: Partial<Trier>, right = false): Promise<boolean> {
    return attempts.signIn({ ...ann, ...who }, async () => right, failed);
  }

  async function guesses(attempts: ReturnType<typeof openAttempts>, times: number, who: (n: number) => Partial<Trier>) {
    for (let n = 0; n < times; n++) await guess(attempts, who(n));
  }

  function refusal(seconds: number): Refusal {
    return new Refusal("too many", "too_many_tries", { seconds, minutes: Math.ceil(seconds / 60) });
  }

  test("at one account are ten from one address, and go on after five minutes", async () => {
    setSystemTime(new Date("2026-01-02T03:04:05Z"));
    const attempts = openAttempts();
    await guesses(attempts, 10, () => ({}));
    setSystemTime(new Date("2026-01-02T03:05:04.500Z"));
    await expect(guess(attempts, {}, true)).rejects.toEqual(refusal(241));
    await expect(guess(attempts, { identity: "ANN@example.com" })).rejects.toEqual(refusal(241));
    expect(await guess(attempts, { identity: "eve@example.com" }, true)).toBe(true);
    expect(await guess(attempts, { collection: "_superusers" }, true)).toBe(true);
    setSystemTime(new Date("2026-01-02T03:09:05Z"));
    expect(await guess(attempts, {}, true)).toBe(true);
  });

  test("of one who keeps failing on purpose shut out nobody else", async () => {
    const attempts = openAttempts();
    await guesses(attempts, 10, () => ({}));
    expect(await guess(attempts, { address: "198.51.100.8" }, true)).toBe(true);
  });

  test("at one account are fifty from everywhere", async () => {
    const attempts = openAttempts();
    await guesses(attempts, 50, (n) => ({ address: `198.51.100.${n}` }));
    await expect(guess(attempts, { address: "203.0.113.1" }, true)).rejects.toThrow("too_many_tries");
  });

  test("from one address are sixty, whoever is meant", async () => {
    const attempts = openAttempts();
    await guesses(attempts, 60, (n) => ({ identity: `somebody-${n}` }));
    await expect(guess(attempts, { identity: "else" }, true)).rejects.toThrow("too_many_tries");
    expect(await guess(attempts, { address: "203.0.113.1" }, true)).toBe(true);
    expect(await guess(attempts, { collection: "_superusers" }, true)).toBe(true);
  });

  test("from nobody knows where count by account alone", async () => {
    const attempts = openAttempts();
    await guesses(attempts, 100, (n) => ({ address: "", identity: `somebody-${n}` }));
    await guesses(attempts, 10, () => ({ address: "" }));
    await expect(guess(attempts, { address: "" })).rejects.toThrow("too_many_tries");
  });

  test("that succeed, or fail for another reason, are free", async () => {
    const attempts = openAttempts();
    const broken = () => Promise.reject(new Error("the disk"));
    for (let n = 0; n < 30; n++) {
      expect(await guess(attempts, {}, true)).toBe(true);
      await expect(attempts.signIn(ann, broken, failed)).rejects.toThrow("the disk");
    }
    await guesses(attempts, 10, () => ({}));
    await expect(guess(attempts, {}, true)).rejects.toThrow("too_many_tries");
  });

  test("all at once are no more than one after the other", async () => {
    const attempts = openAttempts();
    let tried = 0;
    const all = Array.from({ length: 100 }, () =>
      attempts.signIn(ann, async () => (tried++, await Bun.sleep(1), false), failed).catch(() => undefined),
    );
    await Promise.all(all);
    expect(tried).toBe(10);
  });

  test("to register are twenty in an hour from one address", async () => {
    setSystemTime(new Date("2026-01-02T03:04:05Z"));
    const attempts = openAttempts();
    const register = (address: string, gained = true) => attempts.register(address, async () => gained, Boolean);
    for (let n = 0; n < 100; n++) await register("", true);
    for (let n = 0; n < 100; n++) await register(ann.address, false);
    for (let n = 0; n < 20; n++) await register(ann.address);
    await expect(register(ann.address)).rejects.toEqual(refusal(3600));
    await register("203.0.113.1");
    setSystemTime(new Date("2026-01-02T04:04:05Z"));
    await register(ann.address);
  });

  test("of the longest ago are forgotten before they fill the memory", async () => {
    const attempts = openAttempts();
    await guesses(attempts, 10, () => ({}));
    await guesses(attempts, 20_000, (n) => ({ address: "", identity: `somebody-${n}` }));
    expect(await guess(attempts, {}, true)).toBe(true);
  });
});

test("an address is one visitor's: all of IPv4, the network of IPv6", () => {
  const networks = {
    "": "",
    "198.51.100.7": "198.51.100.7",
    "::ffff:198.51.100.7": "198.51.100.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:DB8:1:2::6": "2001:db8:1:2::/64",
    "2001:db8::6": "2001:db8:0:0::/64",
    "::1": "0:0:0:0::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
  };
  for (const [address, network] of Object.entries(networks))
    expect([address, networkOf(address)]).toEqual([address, network]);
});

describe("too many tries", () => {
  /** Uses up what somebody may try. */
  async function exhaust(it: Opened, identity: string, collection = "users", address = ""): Promise<void> {
    const { id = "" } = it.project.collections.find(collection) ?? {};
    for (let n = 0; n < 10; n++) {
      await it.project.attempts.signIn(
        { collection: id, identity, address },
        async () => false,
        (right) => !right,
      );
    }
  }

  function waits(answer: Answer): void {
    const seconds = Number(answer.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(290);
    expect(seconds).toBeLessThanOrEqual(300);
  }

  const sentence = "There were too many tries. Wait 5 min, then try again.";

  test("are told on every page and in the API, whether or not there is such an account, and with the right password", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    for (const identity of ["ann@example.com", "nobody@example.com"]) {
      await exhaust(it, identity);
      const shown = await it.send({ form: ["/login", { identity, password, next: "/posts" }] });
      expect(shown.status).toBe(429);
      for (const text of [sentence, `value="${identity}"`, 'value="/posts"']) expect(shown.text).toContain(text);
      expect(shown.text).not.toContain(password);
      waits(shown);
      for (const path of ["/login", "/api/collections/users/auth-with-password"]) {
        const answer = await it.send({ json: ["POST", path, { identity, password }] });
        expect([answer.status, answer.body]).toEqual([429, { data: {}, message: sentence, status: 429 }]);
        waits(answer);
      }
    }
  });

  test("are told at the sign-in of the dashboard", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    await exhaust(it, "root@example.com", "_superusers");
    const shown = await it.send({
      form: ["/_/login", { email: "root@example.com", password, next: "/_/collections/users" }],
    });
    expect(shown.status).toBe(429);
    for (const text of [sentence, 'value="root@example.com"', 'value="/_/collections/users"'])
      expect(shown.text).toContain(text);
    waits(shown);
  });

  /** An app whose visitors all come from one address; without a token somebody is a guest. */
  async function from(it: Opened, address: string) {
    const app = await createApp(it.project, { server: () => ({ requestIP: () => ({ address }) }) });
    return (method: string, path: string, body: Json, as = "") =>
      app.handle(
        new Request(`http://localhost${path}`, {
          method,
          headers: {
            accept: "application/json",
            "content-type": "application/json",
            ...(as ? { authorization: it.token(as) } : {}),
          },
          body: JSON.stringify(body),
        }),
      );
  }

  const guess = { oldPassword: another, password: "a third password", passwordConfirm: "a third password" };

  test("to guess the password with somebody's session are as few, and counted together wherever it is asked for", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    await changeUsers(it, { pages: true });
    const doors = ["/profile", "/api/collections/users/records/ann000000000000", "/users/ann000000000000"];
    for (let n = 0; n < 9; n++) {
      const answer = await it.send({ as: "ann", json: ["PATCH", doors[n % 3] ?? "", guess] });
      expect([answer.status, answer.body["data"]]).toEqual([400, { oldPassword: expect.anything() }]);
    }
    expect((await it.send({ as: "ann", form: ["/profile", guess] })).status).toBe(422);
    for (const path of ["/profile", "/users/ann000000000000"]) {
      const shown = await it.send({ as: "ann", form: [path, { ...guess, oldPassword: password }] });
      expect([shown.status, shown.text]).toEqual([429, expect.stringContaining(sentence)]);
      waits(shown);
    }
    for (const path of doors) {
      const answer = await it.send({ as: "ann", json: ["PATCH", path, { ...guess, oldPassword: password }] });
      expect([answer.status, answer.body["message"]]).toEqual([429, sentence]);
      waits(answer);
    }
    expect((await it.send({ as: "ann", form: ["/profile", { name: "Anna" }] })).status).toBe(303);
    // Who has got hold of a session elsewhere keeps nobody at another address from changing the password.
    const elsewhere = await from(it, "198.51.100.7");
    const changed = await elsewhere("PATCH", "/users/ann000000000000", { ...guess, oldPassword: password }, "ann");
    expect(changed.status).toBe(200);
  });

  test("to guess a password are counted for each account, with or without an email, and apart from those to sign in", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    await it.person("eve", { email: "" });
    await it.person("fay", { email: "" });
    for (let n = 0; n < 10; n++) await it.send({ as: "eve", json: ["PATCH", "/profile", guess] });
    await exhaust(it, "ann@example.com");
    const right = { ...guess, oldPassword: password };
    const answers: number[] = [];
    for (const as of ["eve", "fay", "ann"])
      answers.push((await it.send({ as, json: ["PATCH", "/profile", right] })).status);
    expect(answers).toEqual([429, 200, 200]);
  });

  test("to register are counted together at every door, and not for superusers", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    await changeUsers(it, { pages: true });
    for (let n = 0; n < 17; n++) await it.project.attempts.register("198.51.100.7", async () => true, Boolean);
    const visit = await from(it, "198.51.100.7");
    const doors = ["/register", "/users", "/api/collections/users/records"];
    const make = (path: string, email: string, as = "") => visit("POST", path, { ...bob, email }, as);
    for (const [n, path] of doors.entries()) {
      expect((await make(path, "bob")).status).toBe(400);
      expect((await make(path, `bob${n}@example.com`)).status).toBe(200);
    }
    const before = await it.counts();
    for (const path of doors) {
      const refused = await make(path, "bob@example.com");
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3500);
    }
    expect(await it.counts()).toEqual(before);
    expect((await make("/api/collections/users/records", "bob@example.com", "root")).status).toBe(200);
  });

  test("to register are told with what was typed, and cost nobody an account", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const app = await createApp(it.project, { server: () => ({ requestIP: () => ({ address: "198.51.100.7" }) }) });
    for (let n = 0; n < 19; n++) await it.project.attempts.register("198.51.100.7", async () => true, Boolean);
    const register = (fields: Record<string, string>, accept = "text/html") =>
      app.handle(
        new Request("http://localhost/register", {
          method: "POST",
          headers: { accept },
          body: new URLSearchParams(fields),
        }),
      );
    // What is only mistyped is free, an account is not, and neither is to learn that there is one.
    expect((await register({ ...bob, email: "bob" })).status).toBe(422);
    expect((await register({ ...bob, email: "ann@example.com" })).status).toBe(422);
    const before = await it.counts();
    const shown = await register(bob);
    expect([shown.status, await shown.text()]).toEqual([429, expect.stringContaining('value="bob@example.com"')]);
    expect(Number(shown.headers.get("retry-after"))).toBeGreaterThan(3500);
    expect((await register(bob, "application/json")).status).toBe(429);
    expect(await it.counts()).toEqual(before);
  });

  test("are counted by the address a visitor has, whatever a header says, on our own server and on one that takes ours in", async () => {
    await using it = await Opened.open();
    await inhabited(it);
    const collection = it.project.collections.find("users")?.id ?? "";
    for (let n = 0; n < 60; n++) {
      const trier = { collection, identity: `somebody-${n}`, address: "127.0.0.1" };
      await it.project.attempts.signIn(
        trier,
        async () => false,
        (right) => !right,
      );
    }
    const ours = await createApp(it.project);
    const host = new Elysia(elysiaOptions);
    const within = await createApp(it.project, { server: () => host.server });
    host.all("/*", ({ request }) => within.handle(request), { parse: "none" });
    const body = JSON.stringify({ identity: "ann@example.com", password });
    const init = {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "x-forwarded-for": "203.0.113.1" },
    };
    for (const app of [ours, host]) {
      app.listen({ hostname: "127.0.0.1", port: 0 });
      expect((await fetch(`http://127.0.0.1:${app.server?.port}/login`, init)).status).toBe(429);
      await app.stop(true);
    }
    expect((await it.send({ json: ["POST", "/login", { identity: "ann@example.com", password }] })).status).toBe(200);
  });
});
