import { derivedId } from "../lib/ids.ts";
import type { Definition } from "./definition.ts";

/** A field as somebody writes it: whatever is missing has its default. */
export type FieldInput = Readonly<Record<string, unknown>> & { readonly name: string; readonly type: string };

const id: FieldInput = {
  name: "id",
  type: "text",
  system: true,
  required: true,
  primaryKey: true,
  min: 15,
  max: 15,
  pattern: "^[a-z0-9]+$",
  autogeneratePattern: "[a-z0-9]{15}",
};

const auth: readonly FieldInput[] = [
  { name: "password", type: "password", system: true, hidden: true, required: true, min: 8 },
  {
    name: "tokenKey",
    type: "text",
    system: true,
    hidden: true,
    required: true,
    min: 30,
    max: 60,
    autogeneratePattern: "[a-zA-Z0-9_]{50}",
  },
  { name: "email", type: "email", system: true, required: true },
  { name: "emailVisibility", type: "bool", system: true },
  { name: "verified", type: "bool", system: true },
];

/** The fields without which a collection of this type is none; `id` is the first of them. */
export function systemFields(type: Definition["type"]): readonly FieldInput[] {
  return type === "auth" ? [id, ...auth] : [id];
}

/** What nobody may change about a system field, whatever they send for the rest of its options. */
export function forced(field: FieldInput): Record<string, unknown> {
  const { name, system, hidden = false, primaryKey } = field;
  const required = name === "email" ? {} : { required: field.required ?? false };
  return { system, ...required, ...(hidden ? { hidden } : {}), ...(primaryKey ? { primaryKey } : {}) };
}

/** The unique indexes sign-in stands on. */
export function systemIndexes(definition: Pick<Definition, "type" | "id" | "name">): string[] {
  if (definition.type !== "auth") return [];
  return [
    `CREATE UNIQUE INDEX \`idx_tokenKey_${definition.id}\` ON \`${definition.name}\` (\`tokenKey\`)`,
    `CREATE UNIQUE INDEX \`idx_email_${definition.id}\` ON \`${definition.name}\` (\`email\`) WHERE \`email\` != ''`,
  ];
}

const stamps: readonly FieldInput[] = [
  { name: "created", type: "autodate", system: true, onCreate: true },
  { name: "updated", type: "autodate", system: true, onCreate: true, onUpdate: true },
];

export type BuiltIn = Readonly<Record<string, unknown>> & {
  /** Where it is known by that whatever people call it. */
  readonly id?: string;
  readonly name: string;
  readonly fields: readonly FieldInput[];
  readonly indexes?: readonly string[];
};

/** Whoever they are about may see them. */
const own = "@request.auth.id != '' && recordRef = @request.auth.id && collectionRef = @request.auth.collectionId";

const reference: readonly FieldInput[] = ["collectionRef", "recordRef"].map((name) => {
  return { name, type: "text", system: true, required: true };
});

const text = (name: string): FieldInput => ({ name, type: "text", system: true, required: true });

/** What sign-in remembers of people, as PocketBase has it. */
const signIn: readonly BuiltIn[] = [
  {
    name: "_externalAuths",
    type: "base",
    system: true,
    listRule: own,
    viewRule: own,
    deleteRule: own,
    fields: [...systemFields("base"), ...reference, text("provider"), text("providerId"), ...stamps],
    indexes: [
      "CREATE UNIQUE INDEX `idx_externalAuths_record_provider` ON `_externalAuths` (`collectionRef`, `recordRef`, `provider`)",
      "CREATE UNIQUE INDEX `idx_externalAuths_collection_provider` ON `_externalAuths` (`collectionRef`, `provider`, `providerId`)",
    ],
  },
  {
    name: "_mfas",
    type: "base",
    system: true,
    listRule: own,
    viewRule: own,
    fields: [...systemFields("base"), ...reference, text("method"), ...stamps],
    indexes: ["CREATE INDEX `idx_mfas_collectionRef_recordRef` ON `_mfas` (`collectionRef`, `recordRef`)"],
  },
  {
    name: "_otps",
    type: "base",
    system: true,
    listRule: own,
    viewRule: own,
    fields: [
      ...systemFields("base"),
      ...reference,
      { name: "password", type: "password", system: true, hidden: true, required: true, cost: 8 },
      { name: "sentTo", type: "text", system: true, hidden: true },
      ...stamps,
    ],
    indexes: ["CREATE INDEX `idx_otps_collectionRef_recordRef` ON `_otps` (`collectionRef`, `recordRef`)"],
  },
  {
    name: "_authOrigins",
    type: "base",
    system: true,
    listRule: own,
    viewRule: own,
    deleteRule: own,
    fields: [...systemFields("base"), ...reference, text("fingerprint"), ...stamps],
    indexes: [
      "CREATE UNIQUE INDEX `idx_authOrigins_unique_pairs` ON `_authOrigins` (`collectionRef`, `recordRef`, `fingerprint`)",
    ],
  },
];

/** Those that only Formstead has. */
export const oursAlone: readonly string[] = ["_forms", "_submissions"];

/** The collections every project has from its first start. */
export const builtIn: readonly BuiltIn[] = [
  {
    name: "_superusers",
    type: "auth",
    system: true,
    fields: [...systemFields("auth"), ...stamps],
    authToken: { duration: 86_400 },
  },
  ...signIn,
  {
    id: "_pb_users_auth_",
    name: "users",
    type: "auth",
    listRule: "id = @request.auth.id",
    viewRule: "id = @request.auth.id",
    createRule: "",
    updateRule: "id = @request.auth.id",
    deleteRule: "id = @request.auth.id",
    fields: [
      ...systemFields("auth"),
      { name: "name", type: "text", max: 255 },
      {
        name: "avatar",
        type: "file",
        maxSelect: 1,
        mimeTypes: ["image/jpeg", "image/png", "image/svg+xml", "image/gif", "image/webp"],
      },
      ...stamps.map((field) => ({ ...field, system: false })),
    ],
  },
  {
    name: "_forms",
    type: "base",
    system: true,
    fields: [
      ...systemFields("base"),
      { name: "slug", type: "text", system: true, required: true, max: 60, pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" },
      { name: "collection", type: "text", system: true, required: true, max: 255 },
      { name: "title", type: "text", system: true, required: true, max: 200, presentable: true },
      { name: "introduction", type: "text", system: true, max: 2000 },
      { name: "fields", type: "json", system: true },
      { name: "button", type: "text", system: true, max: 60 },
      { name: "thanks", type: "text", system: true, max: 2000 },
      { name: "redirect", type: "url", system: true },
      { name: "origins", type: "json", system: true },
      { name: "back", type: "bool", system: true },
      { name: "opens", type: "date", system: true },
      { name: "closes", type: "date", system: true },
      { name: "maxAnswers", type: "number", system: true, onlyInt: true, min: 0 },
      { name: "maxPerVisitor", type: "number", system: true, onlyInt: true, min: 0 },
      { name: "consent", type: "text", system: true, max: 2000 },
      { name: "timeZone", type: "text", system: true, max: 60 },
      { name: "notify", type: "json", system: true },
      { name: "daily", type: "bool", system: true },
      { name: "subject", type: "text", system: true, max: 200 },
      { name: "cc", type: "json", system: true },
      { name: "answer", type: "bool", system: true },
      { name: "answerSubject", type: "text", system: true, max: 200 },
      { name: "answerText", type: "text", system: true, max: 5000 },
      { name: "webhook", type: "url", system: true },
      { name: "webhookShape", type: "select", system: true, values: ["standard", "slack", "discord", "ntfy"] },
      {
        name: "webhookSecret",
        type: "text",
        system: true,
        hidden: true,
        max: 100,
        autogeneratePattern: "whsec_[a-zA-Z0-9]{32}",
      },
      { name: "shield", type: "json", system: true },
      { name: "usesScript", type: "bool", system: true },
      { name: "retention", type: "number", system: true, onlyInt: true, min: 0, max: 36_500 },
      { name: "test", type: "bool", system: true },
      ...stamps,
    ],
    indexes: ["CREATE UNIQUE INDEX `idx_forms_slug` ON `_forms` (`slug`)"],
  },
  {
    name: "_submissions",
    type: "base",
    system: true,
    fields: [
      ...systemFields("base"),
      {
        name: "form",
        type: "relation",
        system: true,
        required: true,
        collectionId: derivedId("pbc_", "base_forms"),
        cascadeDelete: true,
        maxSelect: 1,
      },
      { name: "collection", type: "text", system: true, required: true, max: 100 },
      { name: "record", type: "text", system: true, required: true, max: 255 },
      {
        name: "state",
        type: "select",
        system: true,
        required: true,
        values: ["new", "read", "spam", "deleted"],
      },
      // Its mails and its webhook have not been asked for yet: it is for releasing it to do so.
      { name: "held", type: "bool", system: true },
      { name: "parked", type: "json", system: true, maxSize: 50_000_000 },
      { name: "extra", type: "json", system: true },
      { name: "reasons", type: "json", system: true },
      { name: "score", type: "number", system: true },
      { name: "test", type: "bool", system: true },
      { name: "starred", type: "bool", system: true },
      { name: "notes", type: "text", system: true, max: 20_000 },
      { name: "email", type: "text", system: true, max: 255 },
      { name: "origin", type: "text", system: true, max: 255 },
      { name: "referrer", type: "text", system: true, max: 2000 },
      { name: "agent", type: "text", system: true, max: 500 },
      { name: "language", type: "text", system: true, max: 255 },
      { name: "address", type: "text", system: true, hidden: true, max: 64 },
      { name: "token", type: "text", system: true, hidden: true, max: 64 },
      { name: "content", type: "text", system: true, hidden: true, max: 64 },
      { name: "consent", type: "json", system: true },
      // What the word filter has learned of it: "spam", "good", or nothing.
      { name: "lesson", type: "text", system: true, hidden: true, max: 4 },
      // What the page that posted wished of the mail: {subject?, replyTo?, cc?}.
      { name: "wishes", type: "json", system: true },
      ...stamps,
    ],
    indexes: [
      "CREATE INDEX `idx_submissions_box` ON `_submissions` (`form`, `state`, `test`, `created`)",
      "CREATE INDEX `idx_submissions_record` ON `_submissions` (`record`) WHERE `record` != `id`",
      "CREATE INDEX `idx_submissions_email` ON `_submissions` (`email`) WHERE `email` != ''",
      "CREATE INDEX `idx_submissions_address` ON `_submissions` (`address`, `created`) WHERE `address` != ''",
      // Of what was imported: a posted answer costs no entry here.
      "CREATE INDEX `idx_submissions_imported` ON `_submissions` (`content`) WHERE `address` = ''",
      "CREATE UNIQUE INDEX `idx_submissions_token` ON `_submissions` (`token`) WHERE `token` != ''",
    ],
  },
];
