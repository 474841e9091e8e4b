import { type Static, type TSchema, Type } from "@sinclair/typebox";

/**
 * The groups of API.md 1.8 with what holds before anybody has changed anything. Beside what TypeBox knows, a schema says the `code`
 * of its problem, and `secret` where a value is never shown.
 */

const text = (standard = "", options: Readonly<Record<string, unknown>> = {}) =>
  Type.String({ maxLength: 255, default: standard, ...options });
const required = (standard: string, options: Readonly<Record<string, unknown>> = {}) =>
  text(standard, { minLength: 1, ...options });
const secret = () => Type.String({ maxLength: 2000, default: "", secret: true });
const off = () => Type.Boolean({ default: false });
const whole = (standard: number, minimum = 0, maximum = 1_000_000_000) =>
  Type.Integer({ minimum, maximum, default: standard });
const list = <Item extends TSchema>(item: Item, standard: readonly Static<Item>[] = []) =>
  Type.Array(item, { maxItems: 200, default: standard });

// One line, and nothing that would mean something in the header of a mail.
const address = '^[^\\s@<>()\\[\\]\\\\,;:"]{1,64}@[^\\s@<>()\\[\\]\\\\,;:"]{1,189}\\.[^\\s@<>()\\[\\]\\\\,;:".]{1,63}$';
const host = "^([A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\]?|)$";
const line = "^[^\\r\\n\\0]*$";

const S3 = Type.Object({
  enabled: off(),
  bucket: text(),
  region: text(),
  endpoint: text(),
  accessKey: text(),
  secret: secret(),
  forcePathStyle: off(),
});

export const audiences = ["", "@guest", "@auth"] as const;

const Rule = Type.Object({
  label: required("", { pattern: "^(\\w+ \\/[\\w\\/-]*|\\/[\\w\\/-]*|\\w+\\:\\w+|\\*\\:\\w+|\\w+)$" }),
  audience: Type.Union(
    audiences.map((it) => Type.Literal(it)),
    { default: "" },
  ),
  duration: whole(0, 1),
  maxRequests: whole(0, 1),
});

export const Groups = Type.Object({
  meta: Type.Object({
    appName: required("Formstead", { pattern: line }),
    appURL: required("http://localhost:8090", { pattern: "^https?:\\/\\/[^\\s]+$", code: "validation_is_url" }),
    senderName: required("Formstead", { pattern: line }),
    senderAddress: required("noreply@example.com", { pattern: address, code: "validation_is_email" }),
    hideControls: off(),
    accentColor: text(),
  }),
  smtp: Type.Object({
    enabled: off(),
    host: text("", { pattern: host, code: "validation_is_host" }),
    port: whole(587, 1, 65_535),
    username: text(),
    password: secret(),
    authMethod: Type.Union([Type.Literal("PLAIN"), Type.Literal("LOGIN"), Type.Literal("")], { default: "PLAIN" }),
    tls: off(),
    localName: text("", { pattern: host, code: "validation_is_host" }),
  }),
  s3: S3,
  backups: Type.Object({ cron: text(), cronMaxKeep: whole(3), s3: S3 }),
  logs: Type.Object({
    maxDays: whole(5),
    minLevel: Type.Integer({ minimum: -100, maximum: 100, default: 0 }),
    logIP: off(),
    logAuthId: off(),
  }),
  batch: Type.Object({
    enabled: off(),
    maxRequests: whole(50),
    timeout: whole(3),
    maxBodySize: whole(0),
  }),
  rateLimits: Type.Object({
    enabled: off(),
    rules: list(Rule, [
      { label: "*:auth", audience: "", duration: 3, maxRequests: 2 },
      { label: "*:create", audience: "", duration: 5, maxRequests: 20 },
      { label: "/api/batch", audience: "", duration: 1, maxRequests: 3 },
      { label: "/api/", audience: "", duration: 10, maxRequests: 300 },
    ]),
    excludedIPs: list(text()),
  }),
  trustedProxy: Type.Object({
    headers: list(required("", { pattern: "^[A-Za-z0-9-]+$" })),
    useLeftmostIP: off(),
  }),
  superuserIPs: list(text()),
});

type Fixed<T> = T extends (infer Item)[]
  ? readonly Fixed<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Fixed<T[Key]> }
    : T;

/** What owners change while it runs. Frozen: a change makes a new one. */
export type Settings = Fixed<Static<typeof Groups>>;
export type RateRule = Settings["rateLimits"]["rules"][number];

/** What can be switched on only once something obeys it: these stay as they are until then. */
export const unbuilt = [
  "meta.hideControls",
  "meta.accentColor",
  "s3.enabled",
  "backups.cron",
  "backups.s3.enabled",
  "logs.maxDays",
  "logs.minLevel",
  "logs.logIP",
  "logs.logAuthId",
  "batch.enabled",
] as const;
