import { describe, expect, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import { sql } from "../src/store/sql.ts";
import { type Answer, type Body, Opened, password, type Scenario, scenarios } from "./testing.ts";

const users = "/api/collections/users/records";
const owners = "/api/collections/_superusers/records";

const ids = { ann: "ann000000000000", bob: "bob000000000000", eve: "eve000000000000", root: "root00000000000" };
type Name = keyof typeof ids;

/** Two users, a superuser, and somebody who manages users. */
async function people(it: Opened): Promise<void> {
  await it.collection({ name: "staff", type: "auth" });
  await it.person("root", { id: ids.root }, "_superusers");
  await it.person("eve", { id: ids.eve }, "staff");
  await it.person("ann", { id: ids.ann, name: "Ann" });
  await it.person("bob", { id: ids.bob, name: "Bob", emailVisibility: true });
  const manageRule = "@request.auth.collectionName = 'staff'";
  const open = "id = @request.auth.id || @request.auth.collectionName = 'staff'";
  const change = { manageRule, listRule: "", viewRule: "", updateRule: open, deleteRule: open };
  const answer = await it.send({ as: "root", json: ["PATCH", "/api/collections/users", change] });
  expect(answer.status, answer.text).toBe(200);
}

async function opened(): Promise<Opened> {
  const it = await Opened.open();
  await people(it);
  return it;
}

function signIn(
  it: Opened,
  identity: string,
  secret = password,
  collection = "users",
  more: Body = {},
): Promise<Answer> {
  const body = { identity, password: secret, ...more };
  return it.send({ json: ["POST", `/api/collections/${collection}/auth-with-password`, body] });
}

/** Whether the token that somebody holds still counts. */
async function isSignedIn(it: Opened, as: Name, collection = "users"): Promise<boolean> {
  const { status } = await it.send({ as, json: ["POST", `/api/collections/${collection}/auth-refresh`] });
  return status === 200;
}

const twice = (secret: Json): Body => ({ password: secret, passwordConfirm: secret });
const account = { email: "new@example.com", ...twice("long enough") };
const made = { users: 1, outbox: 1 };

scenarios("signing up", people, [
  {
    it: "makes an account, and answers it without what is secret",
    json: ["POST", users, { ...account, name: "New" }],
    get: 200,
    shows: [`"name":"New"`, `"verified":false`, `"emailVisibility":false`, `"collectionName":"users"`],
    hides: ["password", "tokenKey", "long enough", "new@example.com", "argon2"],
    changes: made,
  },
  {
    it: "shows the address to the owner, and to who manages accounts",
    as: "eve",
    json: ["POST", users, account],
    get: 200,
    shows: [`"email":"new@example.com"`],
    hides: ["password", "tokenKey"],
    changes: made,
  },
  {
    it: "by a form, too",
    form: [users, account],
    headers: { accept: "application/json" },
    get: 200,
    changes: made,
  },
  {
    it: "needs the password twice",
    json: ["POST", users, { ...account, passwordConfirm: "" }],
    get: 400,
    shows: [`"data":{"passwordConfirm":{"code":"validation_required"`],
  },
  {
    it: "needs the same password twice",
    json: ["POST", users, { ...account, passwordConfirm: "long enougH" }],
    get: 400,
    shows: [`"data":{"passwordConfirm":{"code":"validation_values_mismatch"`],
  },
  {
    it: "needs a password",
    json: ["POST", users, { email: "a@example.com" }],
    get: 400,
    shows: [`"password":{"code":"validation_required"`],
  },
  {
    it: "needs one that is long enough",
    json: ["POST", users, { ...account, ...twice("seven77") }],
    get: 400,
    shows: [`"data":{"password":{"code":"validation_min_text_constraint"`, `"params":{"min":8}`],
  },
  {
    it: "needs one that is a text",
    json: ["POST", users, { ...account, ...twice(["long enough"]) }],
    get: 400,
    shows: [`"data":{"password":{"code":"validation_invalid_value"`],
  },
  {
    it: "needs an address",
    json: ["POST", users, twice("long enough")],
    get: 400,
    shows: [`"email":{"code":"validation_required"`],
  },
  {
    it: "needs an address of one's own",
    json: ["POST", users, { ...account, email: "ann@example.com" }],
    get: 400,
    shows: [`"data":{"email":{"code":"validation_not_unique"`],
  },
  {
    it: "does not verify the address",
    as: "ann",
    json: ["POST", users, { ...account, verified: true, emailVisibility: true }],
    get: 400,
    shows: [`"data":{"verified":{"code":`],
    hides: ["emailVisibility"],
  },
  {
    it: "verifies it where a manager says so",
    as: "eve",
    json: ["POST", users, { ...account, verified: true }],
    get: 200,
    shows: [`"verified":true`],
    changes: made,
  },
  {
    it: "does not let people choose what tokens are made of",
    json: ["POST", users, { ...account, tokenKey: "x" }],
    get: 200,
    changes: made,
  },
  {
    it: "does not take the id of somebody of another collection",
    json: ["POST", users, { ...account, id: ids.root }],
    get: 400,
    shows: [`"data":{"id":{"code":"validation_invalid_auth_id"`],
  },
  {
    it: "nor of one's own",
    json: ["POST", users, { ...account, id: ids.ann }],
    get: 400,
    shows: [`"data":{"id":{"code":"validation_invalid_or_existing_id"`],
  },
  { it: "as a superuser is for superusers", json: ["POST", owners, account], get: 403 },
  { it: "as a superuser is not for people", as: "ann", json: ["POST", owners, account], get: 403 },
  {
    it: "as a superuser is verified at once",
    as: "root",
    json: ["POST", owners, { ...account, verified: false }],
    get: 200,
    shows: [`"verified":true`, `"email":"new@example.com"`],
    changes: { _superusers: 1, outbox: 1 },
  },
]);

const changed = { outbox: 1 };
const change = (as: string | undefined, id: string, body: Body): Pick<Scenario, "as" | "json"> => ({
  as,
  json: ["PATCH", `${users}/${id}`, body],
});

scenarios("changing an account", people, [
  {
    it: "is open to its owner",
    ...change("ann", ids.ann, { name: "Anna", emailVisibility: true }),
    get: 200,
    shows: [`"name":"Anna"`],
    changes: changed,
  },
  { it: "is not open to others", ...change("bob", ids.ann, { name: "Anna" }), get: 404 },
  { it: "is not open to guests", ...change(undefined, ids.ann, { name: "Anna" }), get: 404 },
  {
    it: "keeps the address",
    ...change("ann", ids.ann, { email: "new@example.com" }),
    get: 400,
    shows: [`"data":{"email":{"code":"validation_values_mismatch"`],
  },
  {
    it: "takes the address it has",
    ...change("ann", ids.ann, { email: "ann@example.com" }),
    get: 200,
    changes: changed,
  },
  {
    it: "takes neither the address away nor the mark",
    ...change("ann", ids.ann, { email: "", verified: true }),
    get: 400,
    shows: [`"email":{"code":`, `"verified":{"code":`],
  },
  {
    it: "keeps what tokens are made of",
    ...change("ann", ids.ann, { tokenKey: "x".repeat(50) }),
    get: 200,
    changes: changed,
  },
  {
    it: "gives no new password without the old one",
    ...change("ann", ids.ann, twice("a new password")),
    get: 400,
    shows: [`"data":{"oldPassword":{"code":"validation_invalid_old_password"`],
  },
  {
    it: "gives none for a wrong one",
    ...change("ann", ids.ann, { ...twice("a new password"), oldPassword: "a new password" }),
    get: 400,
    shows: [`"oldPassword":{"code":"validation_invalid_old_password"`],
  },
  {
    it: "gives none that is not said twice",
    ...change("ann", ids.ann, { password: "a new password", oldPassword: password }),
    get: 400,
    shows: [`"data":{"passwordConfirm":{"code":"validation_required"`],
  },
  {
    it: "gives none that is too short",
    ...change("ann", ids.ann, { ...twice("seven77"), oldPassword: password }),
    get: 400,
    shows: [`"data":{"password":{"code":"validation_min_text_constraint"`],
  },
  {
    it: "leaves the password alone where it is blank",
    ...change("ann", ids.ann, twice("")),
    get: 200,
    changes: changed,
  },
  {
    it: "takes address and mark from who manages accounts",
    ...change("eve", ids.ann, { email: "new@example.com", verified: true }),
    get: 200,
    shows: [`"email":"new@example.com"`, `"verified":true`],
    changes: changed,
  },
  {
    it: "takes no address that somebody has",
    ...change("eve", ids.ann, { email: "bob@example.com" }),
    get: 400,
    shows: ["validation_not_unique"],
  },
  {
    it: "takes no address that is none",
    ...change("root", ids.ann, { email: "nobody" }),
    get: 400,
    shows: ["validation_is_email"],
  },
  {
    it: "a superuser stays verified",
    as: "root",
    json: ["PATCH", `${owners}/${ids.root}`, { verified: false }],
    get: 200,
    shows: [`"verified":true`],
    changes: changed,
  },
]);

describe("sessions end", () => {
  test("with the password, by the owner; the new one counts from then on", async () => {
    await using it = await opened();
    const body = { ...twice("a new password"), oldPassword: password };
    const answer = await it.send({ as: "ann", json: ["PATCH", `${users}/${ids.ann}`, body] });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ name: "Ann" })]);
    expect(answer.text).not.toMatch(/password|tokenKey|argon2/);
    expect([await isSignedIn(it, "ann"), await isSignedIn(it, "bob")]).toEqual([false, true]);
    expect((await signIn(it, "ann@example.com")).status).toBe(400);
    expect((await signIn(it, "ann@example.com", "a new password")).status).toBe(200);
  });

  test("with the password, by who manages accounts, without the old one", async () => {
    await using it = await opened();
    const answer = await it.send({ as: "eve", json: ["PATCH", `${users}/${ids.ann}`, twice("a new password")] });
    expect(answer.status, answer.text).toBe(200);
    expect(await isSignedIn(it, "ann")).toBe(false);
    expect((await signIn(it, "ann@example.com", "a new password")).status).toBe(200);
  });

  test("with the address, and with the key", async () => {
    await using it = await opened();
    await it.send({ as: "root", json: ["PATCH", `${users}/${ids.ann}`, { email: "new@example.com" }] });
    await it.send({ as: "root", json: ["PATCH", `${users}/${ids.bob}`, { tokenKey: "k".repeat(50) }] });
    expect([await isSignedIn(it, "ann"), await isSignedIn(it, "bob")]).toEqual([false, false]);
  });

  test("with the account, and with the secret of the collection", async () => {
    await using it = await opened();
    expect((await it.send({ as: "ann", json: ["DELETE", `${users}/${ids.ann}`] })).status).toBe(204);
    expect([await isSignedIn(it, "ann"), await isSignedIn(it, "bob")]).toEqual([false, true]);
    const authToken = { secret: "another secret of more than thirty characters" };
    await it.send({ as: "root", json: ["PATCH", "/api/collections/users", { authToken }] });
    expect(await isSignedIn(it, "bob")).toBe(false);
  });

  test("not with anything else", async () => {
    await using it = await opened();
    const values = { name: "New", emailVisibility: true, verified: true, email: "ann@example.com" };
    expect((await it.send({ as: "root", json: ["PATCH", `${users}/${ids.ann}`, values] })).status).toBe(200);
    await it.send({ as: "root", json: ["PATCH", "/api/collections/users", { authToken: { duration: 100 } }] });
    expect(await isSignedIn(it, "ann")).toBe(true);
  });
});

describe("an address", () => {
  const seen = async (it: Opened, as?: Name): Promise<Json[]> => {
    const { body } = await it.send({ as, json: ["GET", `${users}?sort=name`] });
    const one = (await it.send({ as, json: ["GET", `${users}/${ids.ann}`] })).body;
    return [...(body.items as Body[]), one].map(({ email = "" }) => email);
  };

  test("is seen by its owner, by managers and superusers, and by all where it may be", async () => {
    await using it = await opened();
    const [ann, bob] = ["ann@example.com", "bob@example.com"];
    expect(await seen(it)).toEqual(["", bob, ""]);
    expect(await seen(it, "bob")).toEqual(["", bob, ""]);
    expect(await seen(it, "ann")).toEqual([ann, bob, ann]);
    expect(await seen(it, "eve")).toEqual([ann, bob, ann]);
    expect(await seen(it, "root")).toEqual([ann, bob, ann]);
  });

  test("is not found by who may not see it", async () => {
    await using it = await opened();
    const found = async (as: Name | undefined, filter: string): Promise<Json | undefined> => {
      const answer = await it.send({ as, json: ["GET", `${users}?filter=${encodeURIComponent(filter)}`] });
      return answer.body.totalItems;
    };
    expect(await found(undefined, "email ~ 'ann'")).toBe(0);
    expect(await found(undefined, "email ~ 'bob'")).toBe(1);
    expect(await found("root", "email ~ 'ann'")).toBe(1);
  });
});

describe("what is secret", () => {
  test("is shown nowhere, whoever asks for whatever", async () => {
    await using it = await opened();
    await it.collection({
      name: "boxes",
      fields: [
        { name: "pin", type: "password" },
        { name: "label", type: "text" },
      ],
    });
    const box = await it.record("boxes", { pin: "1234 5678", label: "One" });
    const rows = await it.project.store.all<Body>(sql`SELECT "password", "tokenKey" FROM users`);
    const [pin] = await it.project.store.all<Body>(sql`SELECT pin FROM boxes`);
    const secrets = [...rows.flatMap((row) => Object.values(row)), ...Object.values(pin ?? {})].map(String);
    expect(secrets).toHaveLength(5);

    const answers: string[] = [];
    for (const as of [undefined, "ann", "eve", "root"] as const) {
      for (const path of [
        users,
        `${users}/${ids.ann}`,
        `${users}?fields=*,password,tokenKey,pin&expand=tokenKey`,
        "/api/collections/boxes/records?fields=pin,label",
        "/api/collections/users/auth-methods",
        "/api/collections",
        "/api/collections/users",
        "/api/openapi.json",
        "/_/collections/users",
        `/_/collections/users/${ids.ann}`,
      ]) {
        answers.push((await it.send({ as, json: ["GET", path] })).text);
      }
      answers.push(
        (
          await it.send({
            as,
            json: ["PATCH", `/api/collections/boxes/records/${String(box.id)}`, { pin: "1234 5678", label: "Two" }],
          })
        ).text,
      );
    }
    answers.push((await signIn(it, "ann@example.com")).text);
    answers.push((await it.send({ as: "ann", json: ["POST", "/api/collections/users/auth-refresh"] })).text);
    answers.push((await it.send({ as: "root", json: ["DELETE", `${users}/${ids.ann}`] })).text);
    answers.push(
      (await it.send({ as: "root", json: ["DELETE", `/api/collections/boxes/records/${String(box.id)}`] })).text,
    );
    answers.push((await it.send({ as: "root", json: ["DELETE", "/api/collections/users/truncate"] })).text);
    answers.push((await it.send({ as: "root", json: ["DELETE", "/api/collections/staff"] })).text);

    const kept = [
      ...(await it.project.store.all(sql`SELECT * FROM _outbox`)),
      ...(await it.project.store.all(sql`SELECT * FROM _history`)),
    ];
    expect(kept.length).toBeGreaterThan(10);
    const everything = [...answers, JSON.stringify(kept), it.log.join("")].join("\n");
    for (const secret of [...secrets, password, "1234 5678", "argon2"]) expect(everything).not.toContain(secret);
    expect(answers.join("")).not.toMatch(/"(tokenKey|password|pin|secret)":"/);
  });

  test("cannot be filtered or sorted by", async () => {
    await using it = await opened();
    for (const search of ["filter=password!=''", "filter=tokenKey~'a'", "sort=password", "sort=-tokenKey"]) {
      for (const as of [undefined, "ann", "eve"] as const) {
        expect((await it.send({ as, json: ["GET", `${users}?${search}`] })).status).toBe(400);
      }
    }
  });
});

describe("somebody signs in", () => {
  async function withNames(index: string): Promise<Opened> {
    const it = await opened();
    const { body } = await it.send({ as: "root", json: ["GET", "/api/collections/users"] });
    const change = {
      fields: [...(body.fields as Json[]), { name: "nick", type: "text" }],
      indexes: [...(body.indexes as Json[]), index],
      passwordAuth: { identityFields: ["nick", "email"] },
    };
    const answer = await it.send({ as: "root", json: ["PATCH", "/api/collections/users", change] });
    expect(answer.status, answer.text).toBe(200);
    await it.send({ as: "root", json: ["PATCH", `${users}/${ids.ann}`, { nick: "Annie" }] });
    return it;
  }
  const whoIs = async (answer: Promise<Answer>) => {
    const { status, body } = await answer;
    return status === 200 ? (body.record as Body).id : status;
  };

  test("by any of the identity fields, as its index tells people apart", async () => {
    await using exact = await withNames("CREATE UNIQUE INDEX `nicks` ON `users` (`nick`) WHERE `nick` != ''");
    expect(await whoIs(signIn(exact, "Annie"))).toBe(ids.ann);
    expect(await whoIs(signIn(exact, "annie"))).toBe(400);
    expect(await whoIs(signIn(exact, "ann@example.com"))).toBe(ids.ann);
    await using loose = await withNames(
      "CREATE UNIQUE INDEX `nicks` ON `users` (`nick` COLLATE NOCASE) WHERE `nick` != ''",
    );
    expect(await whoIs(signIn(loose, "ANNIE"))).toBe(ids.ann);
  });

  test("only by the field that is said", async () => {
    await using it = await withNames("CREATE UNIQUE INDEX `nicks` ON `users` (`nick`) WHERE `nick` != ''");
    expect(await whoIs(signIn(it, "Annie", password, "users", { identityField: "nick" }))).toBe(ids.ann);
    expect(await whoIs(signIn(it, "Annie", password, "users", { identityField: "email" }))).toBe(400);
    expect(await whoIs(signIn(it, "Ann", password, "users", { identityField: "name" }))).toBe(400);
    expect(await whoIs(signIn(it, "", password))).toBe(400);
  });

  test("with an address that is somebody else's name: the address counts", async () => {
    await using it = await withNames("CREATE UNIQUE INDEX `nicks` ON `users` (`nick`) WHERE `nick` != ''");
    await it.send({ as: "root", json: ["PATCH", `${users}/${ids.ann}`, { nick: "bob@example.com" }] });
    expect(await whoIs(signIn(it, "bob@example.com"))).toBe(ids.bob);
  });

  test("not in another collection", async () => {
    await using it = await opened();
    expect(await whoIs(signIn(it, "ann@example.com", password, "staff"))).toBe(400);
    expect(await whoIs(signIn(it, "eve@example.com", password, "staff"))).toBe(ids.eve);
    expect((await it.send({ as: "ann", json: ["POST", "/api/collections/staff/auth-refresh"] })).status).toBe(403);
  });

  test("as long as the auth rule lets them", async () => {
    await using it = await opened();
    await it.send({ as: "root", json: ["PATCH", "/api/collections/users", { authRule: "verified = true" }] });
    expect((await signIn(it, "ann@example.com")).status).toBe(403);
    expect(await isSignedIn(it, "ann")).toBe(false);
    await it.send({ as: "root", json: ["PATCH", `${users}/${ids.ann}`, { verified: true }] });
    expect((await signIn(it, "ann@example.com")).status).toBe(200);
  });
});

describe("a superuser stays:", () => {
  test("the last one, however it is tried", async () => {
    await using it = await opened();
    await it.collection({ id: "pbc_teams", name: "teams", fields: [{ name: "name", type: "text" }] });
    const { body } = await it.send({ as: "root", json: ["GET", "/api/collections/_superusers"] });
    const team = { name: "team", type: "relation", collectionId: "pbc_teams", cascadeDelete: true };
    const fields = [...(body.fields as Json[]), team];
    expect((await it.send({ as: "root", json: ["PATCH", "/api/collections/_superusers", { fields }] })).status).toBe(
      200,
    );
    await it.record("teams", { id: "team00000000001" });
    await it.send({ as: "root", json: ["PATCH", `${owners}/${ids.root}`, { team: "team00000000001" }] });
    await it.person("boss", { id: "boss00000000000", team: "team00000000001" }, "_superusers");

    const before = await it.counts();
    for (const path of [
      "/api/collections/teams/records/team00000000001",
      "/api/collections/teams/truncate",
      "/api/collections/_superusers/truncate",
    ]) {
      const answer = await it.send({ as: "root", json: ["DELETE", path] });
      expect([path, answer.status, answer.body.message]).toEqual([
        path,
        400,
        "The last superuser stays. Make another one first.",
      ]);
    }
    expect(await it.counts()).toEqual(before);

    const both = ["root00000000000", "boss00000000000"].map((id) =>
      it.send({ as: "root", json: ["DELETE", `${owners}/${id}`] }),
    );
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([204, 400]);
    expect((await it.counts())._superusers).toBe(1);
  });
});
