import { afterAll, afterEach, beforeAll, describe, expect, setSystemTime, test } from "bun:test";
import { SignJWT } from "jose";
import { openAttempts } from "../src/auth/attempts.ts";
import { openSession, type People, refreshSession, signInWithPassword } from "../src/auth/sessions.ts";
import { openTokens } from "../src/auth/tokens.ts";
import type { Values } from "../src/collections/collection.ts";
import { guest, type Viewer } from "../src/filter/scope.ts";
import { Refusal } from "../src/lib/errors.ts";
import { hashPassword, longestPassword, needsUpgrade, openGate, verifyPassword } from "../src/lib/passwords.ts";
import { fingerprint, sameSecret, sha256 } from "../src/lib/secrets.ts";
import { ann, authCollection, superusers, users } from "./http-app.ts";
import { makeHashesCheap, makeHashesDear } from "./passwords.ts";

const secret = "an application secret of some length";
const tokens = openTokens(secret);
const day = 86_400_000;

afterEach(() => {
  setSystemTime();
});

/** What a browser reads from a token without being able to check it. */
function decoded(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

function signed(claims: Record<string, unknown>, header = { alg: "HS256" }, key = secret): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(new TextEncoder().encode(key));
}

describe("tokens", () => {
  test("say what clients read from them, and nothing else", async () => {
    setSystemTime(new Date("2026-01-02T03:04:05.678Z"));
    const exp = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
    const { fingerprint: print, ...claims } = decoded(await tokens.sign("auth", users, ann));
    expect(claims).toEqual({
      id: "ann000000000000",
      collectionId: "_pb_users_auth_",
      type: "auth",
      refreshable: true,
      exp: exp + 432_000,
    });
    expect(print).toMatch(/^[\w-]{16}$/);
    expect(decoded(await tokens.sign("auth", users, ann, { duration: 60, refreshable: false }))).toMatchObject({
      refreshable: false,
      exp: exp + 60,
    });
    const mail = decoded(
      await tokens.sign("emailChange", users, ann, { email: "a@x.example", newEmail: "b@x.example" }),
    );
    expect(mail).toMatchObject({ type: "emailChange", email: "a@x.example", newEmail: "b@x.example", exp: exp + 1801 });
    expect(mail).not.toHaveProperty("refreshable");
  });

  test("are read by who signed them", async () => {
    const token = await tokens.sign("auth", users, ann);
    const claims = await tokens.read(token);
    expect(claims).toMatchObject({ id: "ann000000000000", type: "auth" });
    expect(claims && tokens.fits(claims, "auth", users, ann)).toBe(true);
    expect(await openTokens("another application secret of some length").read(token)).toBeUndefined();
  });

  test("are remembered, but not beyond their time", async () => {
    const token = await tokens.sign("auth", users, ann, { duration: 100 });
    await tokens.read(token);
    expect(tokens.read(token)).toMatchObject({ id: "ann000000000000" });
    setSystemTime(new Date(Date.now() + 99_000));
    expect(await tokens.read(token)).toBeDefined();
    setSystemTime(new Date(Date.now() + 2000));
    expect(await tokens.read(token)).toBeUndefined();
    const fresh = openTokens(secret);
    expect(await fresh.read(token)).toBeUndefined();
  });

  test("that anybody could have made are none", async () => {
    const good = decoded(await tokens.sign("auth", users, ann));
    const { exp: _, ...endless } = good;
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${Buffer.from(JSON.stringify(good)).toString("base64url")}.`;
    const [head = "", , tail = ""] = (await tokens.sign("auth", users, ann)).split(".");
    const changed = Buffer.from(JSON.stringify({ ...good, collectionId: superusers.id })).toString("base64url");
    const bad = {
      "no signature": unsigned,
      "another secret": await signed(good, { alg: "HS256" }, "x".repeat(40)),
      "another algorithm": await signed(good, { alg: "HS512" }),
      "no end": await signed(endless),
      "an end that is no time": await signed({ ...good, exp: "never" }).catch(() => "x.y.z"),
      "no fingerprint": await signed({ ...good, fingerprint: undefined }),
      "another body": `${head}.${changed}.${tail}`,
      "not yet": await signed({ ...good, nbf: Math.floor(Date.now() / 1000) + 1000 }),
      nothing: "",
      words: "a b c",
      dots: "...",
      long: `${head}.${"x".repeat(100_000)}.${tail}`,
    };
    for (const [it, token] of Object.entries(bad)) expect([it, await tokens.read(token)]).toEqual([it, undefined]);
    expect(await tokens.read(await signed(good))).toBeDefined();
  });

  test("hold for one record, one purpose, and until its key or the secret of the collection changes", async () => {
    const token = await tokens.sign("auth", users, ann);
    const claims = await tokens.read(token);
    if (!claims) throw new Error("the token was not read");
    const fits = (change: Values, collection = users) => tokens.fits(claims, "auth", collection, { ...ann, ...change });
    expect(fits({ name: "Anna", email: "else@example.com" })).toBe(true);
    expect(fits({ tokenKey: "other".repeat(10) })).toBe(false);
    expect(fits({ tokenKey: "" })).toBe(false);
    expect(fits({ id: "bob000000000000" })).toBe(false);
    expect(fits({}, superusers)).toBe(false);
    const renewed = authCollection(users.id, "users", {
      authToken: { duration: 1, secret: "another secret of thirty chars" },
    });
    expect(fits({}, renewed)).toBe(false);
    expect(tokens.fits(claims, "file", users, ann)).toBe(false);
    expect(tokens.fits({ ...claims, type: "file" }, "file", users, ann)).toBe(false);
  });

  test("cannot be signed for who has no key", () => {
    expect(() => tokens.sign("auth", users, { ...ann, tokenKey: "" })).toThrow();
    expect(() => tokens.sign("auth", authCollection("x", "x", { authToken: undefined }), ann)).toThrow();
  });
});

describe("passwords", () => {
  beforeAll(makeHashesDear);
  afterAll(makeHashesCheap);

  const bcrypt = "$2b$04$IFhEjGVQ9wE3NtRYpq.vKOWnLEypWOkdqTlEAjNRBlAQYQ.EbAEbK";

  test("are argon2id, and verify", async () => {
    const hash = await hashPassword("correct horse ü");
    // 64 MB, 2 rounds.
    expect(hash).toStartWith("$argon2id$v=19$m=65536,t=2,p=1$");
    expect(needsUpgrade(hash)).toBe(false);
    expect(await verifyPassword("correct horse ü", hash)).toBe(true);
    expect(await verifyPassword("correct horse u", hash)).toBe(false);
  });

  test("imported bcrypt hashes of every spelling verify, and want an upgrade", async () => {
    const hash = await Bun.password.hash("1234567890", { algorithm: "bcrypt", cost: 4 });
    for (const spelling of ["$2a$", "$2b$", "$2y$"]) {
      const spelt = spelling + hash.slice(4);
      expect([spelling, await verifyPassword("1234567890", spelt)]).toEqual([spelling, true]);
      expect([spelling, await verifyPassword("1234567891", spelt)]).toEqual([spelling, false]);
      expect(needsUpgrade(spelt)).toBe(true);
    }
  });

  test("what is no hash, or no password, matches nothing and breaks nothing", async () => {
    const hash = await hashPassword("x");
    for (const it of ["", "x", "$2b$10$short", "$argon2id$v=19$m=65536", "$9$x", bcrypt.slice(0, 20)]) {
      expect([it, await verifyPassword("x", it)]).toEqual([it, false]);
    }
    expect(await verifyPassword("", hash)).toBe(false);
    expect(await verifyPassword("x".repeat(longestPassword + 1), hash)).toBe(false);
  });

  test("a gate lets some through, some wait in order, and the rest is sent away", async () => {
    const gate = openGate(2, 3);
    const began: number[] = [];
    const open: (() => void)[] = [];
    const work = (name: number) =>
      gate(() => {
        began.push(name);
        return new Promise<number>((resolve) => open.push(() => resolve(name)));
      });
    const all = [1, 2, 3, 4, 5].map(work);
    await Bun.sleep(1);
    expect(began).toEqual([1, 2]);
    await expect(work(6)).rejects.toEqual(new Refusal("too many", "too_many"));
    open.shift()?.();
    await Bun.sleep(1);
    expect(began).toEqual([1, 2, 3]);
    const late = work(7);
    while (open.length > 0) {
      open.shift()?.();
      await Bun.sleep(1);
    }
    expect(await Promise.all([...all, late])).toEqual([1, 2, 3, 4, 5, 7]);
    const failing = gate(() => Promise.reject(new Error("broken")));
    await expect(failing).rejects.toThrow("broken");
    expect(await gate(async () => "and it goes on")).toBe("and it goes on");
  });

  test("a gate lets lines in by turns, so that a long one keeps nobody else out", async () => {
    const gate = openGate(1, 3);
    const began: string[] = [];
    const work = (it: string, line?: string) =>
      gate(async () => {
        began.push(it);
        await Bun.sleep(1);
      }, line);
    const all = ["a1", "a2", "a3", "a4"].map((it) => work(it));
    await expect(work("a5")).rejects.toEqual(new Refusal("too many", "too_many"));
    await Promise.all([...all, work("b1", "b"), work("b2", "b"), work("c1", "c")]);
    expect(began).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
  });
});

describe("secrets", () => {
  test("have fingerprints that hang on the secret and the text", () => {
    expect(fingerprint("a", "text")).toBe(fingerprint("a", "text"));
    expect(new Set([fingerprint("a", "text"), fingerprint("b", "text"), fingerprint("a", "next")]).size).toBe(3);
    expect(fingerprint("key", "The quick brown fox jumps over the lazy dog")).toBe("97yD9DBThCSxMpjm");
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("are compared whole", () => {
    expect(sameSecret("ü", "ü")).toBe(true);
    expect(sameSecret("abc", "abd")).toBe(false);
    expect(sameSecret("abc", "ab")).toBe(false);
    expect(sameSecret("", "")).toBe(true);
  });
});

const withPassword = { ...ann, password: await hashPassword("correct horse") };

describe("signing in", () => {
  interface Scene {
    readonly person?: Values;
    readonly admitted?: boolean;
  }

  async function scene({ person, admitted = true }: Scene = {}) {
    const asked: unknown[][] = [];
    const upgraded: string[] = [];
    const people: People = {
      byIdentity: async (collection, identity, field) => {
        asked.push([collection.id, identity, field]);
        return person && identity === person.email ? person : undefined;
      },
      admits: async () => admitted,
      upgradePassword: async (_collection, _record, hash) => void upgraded.push(hash),
    };
    const signIn = (identity: string, password: string, identityField?: string, collection = users) =>
      signInWithPassword({ tokens, people, attempts: openAttempts() }, collection, {
        identity,
        password,
        address: "",
        ...(identityField === undefined ? {} : { identityField }),
      });
    return { people, signIn, asked, upgraded };
  }

  const refused = new Refusal("bad request", "failed_to_authenticate");

  test("gives a token and the record", async () => {
    const { signIn, asked, upgraded } = await scene({ person: withPassword });
    const outcome = await signIn("ann@example.com", "correct horse");
    if (!outcome.ok) throw new Error("refused");
    expect(outcome.value.record).toBe(withPassword);
    const claims = await tokens.read(outcome.value.token);
    expect(claims && tokens.fits(claims, "auth", users, ann)).toBe(true);
    expect(asked).toEqual([[users.id, "ann@example.com", undefined]]);
    expect(upgraded).toEqual([]);
  });

  test("refuses a wrong password and an unknown person alike", async () => {
    const { signIn } = await scene({ person: withPassword });
    await expect(signIn("ann@example.com", "wrong")).rejects.toEqual(refused);
    await expect(signIn("nobody@example.com", "correct horse")).rejects.toEqual(refused);
    const { signIn: signInNew } = await scene({ person: { ...ann, password: "" } });
    await expect(signInNew("ann@example.com", "x")).rejects.toEqual(refused);
  });

  test("names what is missing", async () => {
    const { signIn, asked } = await scene();
    expect(await signIn("", "")).toEqual({
      ok: false,
      problems: { identity: { code: "validation_required" }, password: { code: "validation_required" } },
    });
    expect(await signIn("ann", "x", "name")).toEqual({
      ok: false,
      problems: { identityField: { code: "validation_in_invalid" } },
    });
    expect(asked).toEqual([]);
  });

  test("looks in the field that is said", async () => {
    const { signIn, asked } = await scene({ person: withPassword });
    await signIn("ann@example.com", "correct horse", "email");
    await signIn("ann@example.com", "correct horse", "");
    expect(asked.map(([, , field]) => field)).toEqual(["email", undefined]);
  });

  test("is refused where the collection does not want it", async () => {
    const { signIn } = await scene({ person: withPassword });
    const off = authCollection("off", "off", { passwordAuth: { enabled: false, identityFields: ["email"] } });
    await expect(signIn("ann@example.com", "correct horse", undefined, off)).rejects.toEqual(
      new Refusal("forbidden", "password_auth_disabled"),
    );
    const base = { ...users, type: "base" } as const;
    await expect(signIn("ann@example.com", "correct horse", undefined, base)).rejects.toEqual(
      new Refusal("not found", "missing_auth_collection"),
    );
  });

  test("is refused where the auth rule does not want this person, but only to who knows the password", async () => {
    const { signIn } = await scene({ person: withPassword, admitted: false });
    await expect(signIn("ann@example.com", "correct horse")).rejects.toEqual(
      new Refusal("forbidden", "auth_rule_failed"),
    );
    await expect(signIn("ann@example.com", "wrong")).rejects.toEqual(refused);
  });

  test("makes an imported hash a strong one, of the same password", async () => {
    const imported = { ...ann, password: await Bun.password.hash("1234567890", { algorithm: "bcrypt", cost: 4 }) };
    const { signIn, upgraded } = await scene({ person: imported });
    await expect(signIn("ann@example.com", "wrong")).rejects.toEqual(refused);
    expect((await signIn("ann@example.com", "1234567890")).ok).toBe(true);
    expect(upgraded.length).toBe(1);
    expect(await verifyPassword("1234567890", upgraded[0] ?? "")).toBe(true);
    expect(needsUpgrade(upgraded[0] ?? "")).toBe(false);
  });
});

describe("going on with a session", () => {
  const people = { admits: async () => true };
  const annViewer: Viewer = { kind: "record", collectionId: users.id, collectionName: "users", record: ann };

  async function held(refreshable: boolean) {
    const token = await tokens.sign("auth", users, ann, { refreshable, duration: 60 });
    const claims = await tokens.read(token);
    if (!claims) throw new Error("the token was not read");
    return { token, claims };
  }

  test("gives a new token", async () => {
    const { token, record } = await refreshSession({ tokens, people }, users, annViewer, await held(true));
    expect(record).toBe(ann);
    expect(Number(decoded(token).exp) * 1000).toBeGreaterThan(Date.now() + 4 * day);
  });

  test("gives one back that ends when it ends", async () => {
    const mine = await held(false);
    expect((await refreshSession({ tokens, people }, users, annViewer, mine)).token).toBe(mine.token);
  });

  test("is not for guests, others, or who is not wanted any more", async () => {
    const mine = await held(true);
    const parts = { tokens, people };
    await expect(refreshSession(parts, users, guest, undefined)).rejects.toMatchObject({ kind: "signed out" });
    await expect(refreshSession(parts, superusers, annViewer, mine)).rejects.toMatchObject({ kind: "forbidden" });
    const strict = { tokens, people: { admits: async () => false } };
    await expect(refreshSession(strict, users, annViewer, mine)).rejects.toEqual(
      new Refusal("forbidden", "auth_rule_failed"),
    );
    await expect(openSession(strict, users, ann)).rejects.toEqual(new Refusal("forbidden", "auth_rule_failed"));
  });
});
