import { afterEach, describe, expect, setSystemTime, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import { openNetworks, plainAddress } from "../src/lib/networks.ts";
import { type Body, Opened, scenarios } from "./testing.ts";

const owner = async (it: Opened) => void (await it.person("root", {}, "_superusers"));
const patch = (body: Json) => ["PATCH", "/api/settings", body] as const;

/** A project with an owner and settings of its own. */
async function openWith(settings: Json): Promise<Opened> {
  const it = await Opened.open();
  await owner(it);
  const { status, text } = await it.send({ as: "root", json: patch(settings) });
  expect(status, text).toBe(200);
  return it;
}

/** What a problem that lies at `smtp.host` says. */
function codeAt(body: Body, path: string): unknown {
  return path.split(".").reduce<Json | undefined>((it, step) => (it as Body | undefined)?.[step], body["data"] ?? null);
}

scenarios("settings", owner, [
  {
    it: "are shown to superusers",
    as: "root",
    json: ["GET", "/api/settings"],
    get: 200,
    shows: ['"meta":{', '"superuserIPs":[]'],
  },
  { it: "are no guest's business", json: ["GET", "/api/settings"], get: 401 },
  {
    it: "are answered as far as they are asked for",
    as: "root",
    json: ["GET", "/api/settings?fields=meta.appName"],
    get: 200,
    shows: ['{"meta":{"appName":"Formstead"}}'],
  },
  {
    it: "are changed by what is named",
    as: "root",
    json: patch({ meta: { appName: "Box" } }),
    get: 200,
    shows: ['"appName":"Box"', '"senderName":"Formstead"'],
  },
  {
    it: "take no notice of what nobody knows",
    as: "root",
    json: patch({ meta: { tune: 1 }, more: true }),
    get: 200,
    hides: ["tune", "more"],
  },
]);

describe("what is wrong is said where it is", () => {
  test.each<[string, Json, string]>([
    ["meta.appName", { meta: { appName: "" } }, "validation_required"],
    ["meta.appName", { meta: { appName: "x".repeat(256) } }, "validation_length_too_long"],
    ["meta.appName", { meta: { appName: "a\r\nBcc: all@example.com" } }, "validation_match_invalid"],
    ["meta.appURL", { meta: { appURL: "me.example" } }, "validation_is_url"],
    ["meta.appURL", { meta: { appURL: "http://[" } }, "validation_is_url"],
    ["meta.senderAddress", { meta: { senderAddress: "a b@me.example" } }, "validation_is_email"],
    ["meta.senderAddress", { meta: { senderAddress: "<a@me.example>" } }, "validation_is_email"],
    ["smtp.host", { smtp: { enabled: true } }, "validation_required"],
    ["smtp.host", { smtp: { host: "mail me.example" } }, "validation_is_host"],
    ["smtp.port", { smtp: { port: 70_000 } }, "validation_max_less_equal_than_required"],
    ["smtp.port", { smtp: { port: "25" } }, "validation_invalid_value"],
    ["smtp.authMethod", { smtp: { authMethod: "NTLM" } }, "validation_in_invalid"],
    ["smtp", { smtp: 1 }, "validation_invalid_value"],
    ["s3.enabled", { s3: { enabled: true } }, "validation_unbuilt"],
    ["backups.cron", { backups: { cron: "0 0 * * *" } }, "validation_unbuilt"],
    ["backups.s3.enabled", { backups: { s3: { enabled: true } } }, "validation_unbuilt"],
    ["batch.enabled", { batch: { enabled: true } }, "validation_unbuilt"],
    ["logs.logIP", { logs: { logIP: true } }, "validation_unbuilt"],
    ["logs.maxDays", { logs: { maxDays: 9 } }, "validation_unbuilt"],
    ["rateLimits.rules", { rateLimits: { enabled: true, rules: [] } }, "validation_required"],
    [
      "rateLimits.rules.0.label",
      { rateLimits: { rules: [{ label: "a b", duration: 1, maxRequests: 1 }] } },
      "validation_match_invalid",
    ],
    [
      "rateLimits.rules.0.duration",
      { rateLimits: { rules: [{ label: "/a", maxRequests: 1 }] } },
      "validation_required",
    ],
    [
      "rateLimits.rules.0.maxRequests",
      { rateLimits: { rules: [{ label: "/a", duration: 1, maxRequests: -1 }] } },
      "validation_min_greater_equal_than_required",
    ],
    [
      "rateLimits.rules.1.label",
      {
        rateLimits: {
          rules: [
            { label: "/a", audience: "@auth", duration: 1, maxRequests: 1 },
            { label: "/a", duration: 1, maxRequests: 1 },
          ],
        },
      },
      "validation_conflicting_rate_limit_rule",
    ],
    [
      "rateLimits.excludedIPs.1",
      { rateLimits: { excludedIPs: ["10.0.0.0/8", "10.0.0.0/33"] } },
      "validation_invlaid_ip_or_subnet",
    ],
    ["superuserIPs.0", { superuserIPs: ["home"] }, "validation_invlaid_ip_or_subnet"],
    ["trustedProxy.headers.0", { trustedProxy: { headers: ["X Real"] } }, "validation_match_invalid"],
  ])("%s of %j", async (path, sent, code) => {
    await using it = await Opened.open();
    await owner(it);
    const before = (await it.send({ as: "root", json: ["GET", "/api/settings"] })).text;
    const { status, body, text } = await it.send({ as: "root", json: patch(sent) });
    expect([status, codeAt(body, `${path}.code`)], text).toEqual([400, code]);
    expect((await it.send({ as: "root", json: ["GET", "/api/settings"] })).text).toBe(before);
  });
});

describe("a secret", () => {
  test("is never shown, kept when it is not named, and gone when it is empty", async () => {
    await using it = await openWith({
      smtp: { host: "mail.example", password: "open sesame" },
      backups: { s3: { secret: "open too" } },
    });
    const shown = await it.send({ as: "root", json: ["GET", "/api/settings"] });
    expect(shown.text).not.toContain("open");
    expect(shown.text).not.toContain("password");
    const changed = await it.send({ as: "root", json: patch({ smtp: { host: "post.example" } }) });
    expect(changed.text).not.toContain("open");
    expect(it.project.settings.current.smtp).toMatchObject({ host: "post.example", password: "open sesame" });
    await it.send({ as: "root", json: patch({ smtp: { password: "" } }) });
    expect(it.project.settings.current.smtp.password).toBe("");
    expect(it.log.join("")).not.toContain("sesame");
  });
});

describe("the book", () => {
  test("is frozen, and another after a change", async () => {
    await using it = await Opened.open();
    const before = it.project.settings.current;
    expect([before, before.smtp, before.rateLimits.rules[0]].every(Object.isFrozen)).toBe(true);
    await it.project.settings.change({ meta: { appName: "Box" } });
    expect([before.meta.appName, it.project.settings.current.meta.appName]).toEqual(["Formstead", "Box"]);
  });

  test("loses none of two changes at once, and is there after a restart", async () => {
    await using it = await Opened.open();
    await Promise.all([
      it.project.settings.change({ meta: { appName: "Box" } }),
      it.project.settings.change({ meta: { senderName: "Boxes" } }),
    ]);
    expect(it.project.settings.current.meta).toMatchObject({ appName: "Box", senderName: "Boxes" });
    await it.project.close();
    await using again = await Opened.open({ dir: it.dir });
    expect(again.project.settings.current.meta).toMatchObject({ appName: "Box", senderName: "Boxes" });
  });
});

const from = (address: string) => ({ "x-real-ip": address });
const proxied = { trustedProxy: { headers: ["X-Real-IP"] } };
const rules = (...list: Json[]): Json => ({
  ...proxied,
  rateLimits: { enabled: true, rules: list, excludedIPs: ["192.0.2.0/24"] },
});

/** The statuses of the same request, sent so often. */
async function repeated(it: Opened, times: number, wish: Parameters<Opened["send"]>[0]): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n++) statuses.push((await it.send(wish)).status);
  return statuses;
}

afterEach(() => {
  setSystemTime();
});

describe("rate limits", () => {
  const health = { json: ["GET", "/api/health"] as const, headers: from("198.51.100.1") };

  test("are off until they are switched on", async () => {
    await using it = await openWith(proxied);
    expect(await repeated(it, 5, health)).toEqual([200, 200, 200, 200, 200]);
  });

  test("count each address apart, and say how long to wait", async () => {
    await using it = await openWith(rules({ label: "/api/", duration: 60, maxRequests: 2 }));
    expect(await repeated(it, 3, health)).toEqual([200, 200, 429]);
    const { headers, body } = await it.send(health);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(body).toEqual({ data: {}, message: "Too Many Requests.", status: 429 });
    expect(await repeated(it, 1, { ...health, headers: from("198.51.100.2") })).toEqual([200]);
  });

  test("of one visitor with a whole IPv6 network are one", async () => {
    await using it = await openWith(rules({ label: "/api/", duration: 60, maxRequests: 1 }));
    expect(await repeated(it, 1, { ...health, headers: from("2001:db8:1:2::1") })).toEqual([200]);
    expect(await repeated(it, 1, { ...health, headers: from("2001:db8:1:2:ffff::1") })).toEqual([429]);
  });

  test("spare superusers and listed addresses", async () => {
    await using it = await openWith(rules({ label: "/api/", duration: 60, maxRequests: 1 }));
    expect(await repeated(it, 3, { ...health, as: "root" })).toEqual([200, 200, 200]);
    expect(await repeated(it, 3, { ...health, headers: from("192.0.2.7") })).toEqual([200, 200, 200]);
  });

  test("hold from the change on, and begin anew with it", async () => {
    await using it = await openWith(rules({ label: "/api/", duration: 60, maxRequests: 1 }));
    expect(await repeated(it, 2, health)).toEqual([200, 429]);
    await it.project.settings.change({ rateLimits: { enabled: false } });
    expect(await repeated(it, 2, health)).toEqual([200, 200]);
  });

  test("let a window pass", async () => {
    await using it = await openWith(rules({ label: "/api/", duration: 60, maxRequests: 1 }));
    expect(await repeated(it, 2, health)).toEqual([200, 429]);
    setSystemTime(Date.now() + 60_001);
    expect(await repeated(it, 1, health)).toEqual([200]);
  });

  test.each<[string, string, readonly [string, string, Json?], number]>([
    ["GET /api/health", "", ["GET", "/api/health"], 429],
    ["POST /api/health", "", ["GET", "/api/health"], 200],
    ["/api/health", "", ["GET", "/api/health"], 429],
    ["/api/healt", "", ["GET", "/api/health"], 200],
    ["notes:list", "", ["GET", "/api/collections/notes/records"], 429],
    ["notes:list", "", ["GET", "/api/collections/n%6Ftes/records"], 429],
    ["*:list", "", ["GET", "/api/collections/notes/records"], 429],
    ["users:list", "", ["GET", "/api/collections/notes/records"], 200],
    ["notes:view", "", ["GET", "/api/collections/notes/records"], 200],
    ["notes:create", "", ["POST", "/api/collections/notes/records", {}], 429],
    ["notes:create", "", ["POST", "/notes", {}], 429],
    ["notes:list", "", ["GET", "/notes"], 429],
    ["*:auth", "", ["POST", "/api/collections/users/auth-with-password", { identity: "", password: "" }], 429],
    ["*:auth", "", ["POST", "/login", { email: "", password: "" }], 429],
    ["users:authWithPassword", "", ["POST", "/login", { email: "", password: "" }], 429],
    ["users:create", "", ["POST", "/register", { email: "", password: "", passwordConfirm: "" }], 429],
    ["/api/health", "@guest", ["GET", "/api/health"], 429],
    ["/api/health", "@auth", ["GET", "/api/health"], 200],
  ])("%s for %j: %j", async (label, audience, json, status) => {
    await using it = await openWith(rules({ label, audience, duration: 60, maxRequests: 1 }));
    await it.collection({ name: "notes", pages: true, fields: [{ name: "title", type: "text" }] });
    const [, second] = await repeated(it, 2, { json, headers: from("198.51.100.1") });
    if (status === 429) expect(second).toBe(429);
    else expect(second).not.toBe(429);
  });

  test("of two rules the more particular one decides", async () => {
    await using it = await openWith(
      rules({ label: "/api/", duration: 60, maxRequests: 1 }, { label: "/api/health", duration: 60, maxRequests: 3 }),
    );
    expect(await repeated(it, 4, health)).toEqual([200, 200, 200, 429]);
  });

  test("give a form back with what was typed", async () => {
    await using it = await openWith(rules({ label: "POST /forms/", duration: 60, maxRequests: 1 }));
    await it.collection({ name: "notes", fields: [{ name: "title", type: "text", required: true }] });
    await it.record("_forms", { slug: "notes", collection: "notes", title: "Notes" });
    const send = () => it.send({ form: ["/forms/notes", { title: "Precious words" }], headers: from("198.51.100.1") });
    expect((await send()).status).toBe(303);
    const { status, text } = await send();
    expect([status, text]).toEqual([429, expect.stringContaining("Precious words")]);
    expect(text).toContain("Wait");
  });
});

describe("the address of a visitor", () => {
  const limit = { rateLimits: { enabled: true, rules: [{ label: "/api/", duration: 60, maxRequests: 1 }] } };
  const health = ["GET", "/api/health"] as const;

  test.each<[string, Json, string, string, boolean]>([
    [
      "the last one said",
      { headers: ["X-Forwarded-For"] },
      "198.51.100.1, 198.51.100.9",
      "198.51.100.2, 198.51.100.9",
      true,
    ],
    [
      "the first where that is wanted",
      { headers: ["X-Forwarded-For"], useLeftmostIP: true },
      "198.51.100.1, 198.51.100.8",
      "198.51.100.1, 198.51.100.9",
      true,
    ],
    ["what is no address is none", { headers: ["X-Forwarded-For"] }, "198.51.100.9, unknown", "198.51.100.9", true],
    ["another one", { headers: ["X-Forwarded-For"] }, "198.51.100.1", "198.51.100.2", false],
  ])("behind a trusted proxy: %s", async (_, trustedProxy, first, second, same) => {
    await using it = await openWith({ trustedProxy, ...limit });
    expect((await it.send({ json: health, headers: { "x-forwarded-for": first } })).status).toBe(200);
    expect((await it.send({ json: health, headers: { "x-forwarded-for": second } })).status).toBe(same ? 429 : 200);
  });

  test("is that of the connection where no proxy is trusted", async () => {
    await using it = await openWith(limit);
    const server = it.app.listen({ hostname: "127.0.0.1", port: 0 });
    const ask = (address: string) =>
      fetch(`http://127.0.0.1:${server.server?.port}/api/health`, { headers: { "x-forwarded-for": address } });
    expect((await ask("198.51.100.1")).status).toBe(200);
    expect((await ask("198.51.100.2")).status).toBe(429);
    await server.stop(true);
  });
});

describe("superuserIPs", () => {
  test("keep superusers out who come from elsewhere, and nobody else", async () => {
    await using it = await openWith({ ...proxied, superuserIPs: ["198.51.100.0/24"] });
    await it.person("ann");
    const ask = (as: string, address: string) =>
      it.send({ as, json: ["GET", "/api/collections"], headers: from(address) });
    expect((await ask("root", "198.51.100.7")).status).toBe(200);
    expect((await ask("root", "203.0.113.7")).status).toBe(403);
    const ann = await it.send({ as: "ann", json: ["GET", "/api/health"], headers: from("203.0.113.7") });
    expect(ann.status).toBe(200);
  });

  test("are refused where they would shut out who sets them", async () => {
    await using it = await openWith(proxied);
    const set = (list: Json) =>
      it.send({ as: "root", json: patch({ superuserIPs: list }), headers: from("198.51.100.7") });
    const refused = await set(["203.0.113.0/24"]);
    expect([refused.status, codeAt(refused.body, "superuserIPs.code")]).toEqual([400, "validation_superuser_ips"]);
    expect((await set(["203.0.113.0/24", "198.51.100.7"])).status).toBe(200);
    expect((await set([])).status).toBe(200);
  });

  test("are refused a proxy's header that would shut out who names it", async () => {
    await using it = await openWith({ ...proxied, superuserIPs: ["198.51.100.0/24"] });
    const set = (header: string, other: string) => {
      const headers = { ...from("198.51.100.7"), "x-other": other };
      return it.send({ as: "root", json: patch({ trustedProxy: { headers: [header] } }), headers });
    };
    const refused = await set("X-Other", "203.0.113.7");
    expect([refused.status, codeAt(refused.body, "superuserIPs.code")]).toEqual([400, "validation_superuser_ips"]);
    expect((await set("X-Other", "198.51.100.8")).status).toBe(200);
  });
});

test("networks hold the addresses they say", () => {
  const networks = openNetworks(["10.0.0.0/8", "2001:db8::/32", "192.0.2.1", "nonsense", "1.2.3.4/99"]);
  const inside = ["10.255.0.1", "::ffff:10.0.0.1", "2001:DB8::1", "[2001:db8::1]", "2001:db8::1%eth0", "192.0.2.1"];
  const outside = ["11.0.0.1", "2001:db9::1", "192.0.2.2", "", "nonsense", "1.2.3.4", "10.0.0.1/8"];
  expect(inside.filter((it) => !networks.has(it))).toEqual([]);
  expect(outside.filter((it) => networks.has(it))).toEqual([]);
  expect(plainAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
});

test("the examples of the docs are taken", async () => {
  const docs = await Bun.file(new URL("../docs/settings.md", import.meta.url)).text();
  const examples = [...docs.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]): Body => JSON.parse(text));
  expect(examples.length).toBeGreaterThan(1);
  await using it = await Opened.open();
  for (const example of examples) {
    const changed = await it.project.settings.change(example);
    expect(changed).toMatchObject({ ok: true, value: { trustedProxy: { headers: ["X-Real-IP"] } } });
  }
});
