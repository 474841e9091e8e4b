/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Collection, CompiledField } from "../../collections/collection.ts";
import type { Code, Language } from "../../phrases/index.ts";
import type { Meanwhile } from "../../records/drawn.ts";
import type { RecordJson } from "../../records/shape.ts";
import { type Account, AccountNav } from "../parts/account-nav.tsx";
import { clashes, drawnOf, withTheirs } from "../parts/clash.tsx";
import { Form } from "../parts/form.tsx";
import type { FormField, KeptDraft, KeptFiles, Typed } from "../parts/form-field.tsx";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { labelOf, words, type Words } from "../parts/words.ts";
import { SignIn } from "../resources/resource-layout.tsx";
import { Value } from "../resources/value.tsx";
import { currentPassword, newPassword, ownFields, questions } from "./account-fields.tsx";

export interface ProfilePageProps {
  readonly language: Language;
  readonly site?: string;
  readonly account: Account;
  /** The people of the site. */
  readonly collection: Collection;
  /** What is stored about who looks; nothing for somebody who is signed out. */
  readonly record: RecordJson;
  readonly typed?: Typed;
  /** Sentences by field name. */
  readonly problems?: Readonly<Record<string, string>>;
  /** What somebody else has changed since it was drawn; it is asked again in view of that. */
  readonly meanwhile?: Meanwhile;
  /** Why nothing was changed though no field is to blame. */
  readonly notice?: string;
  /** What was changed just now: `details`, `email` or `password`. */
  readonly done?: string;
  /** What was kept of the send that failed. */
  readonly draft?: KeptDraft | undefined;
  /** Nothing but what was sent is shown: what would be blank overwrites what is stored. */
  readonly onlySent?: boolean;
  /** Nobody but the owner of the site may change it. */
  readonly fixed?: boolean;
}

const sentences: Readonly<Record<string, Code>> = {
  details: "page_profile_saved",
  email: "page_profile_saved_email",
  password: "page_profile_saved_password",
};

/** One of the forms that a profile is made of. */
interface Part {
  readonly name: string;
  /** It was sent. */
  readonly sent: boolean;
  readonly title: string;
  readonly lead?: string;
  readonly fields: readonly FormField[];
  /** What its form was drawn from. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly submit: string;
}

/** Somebody's own account: what it says, and a form for each thing they can change about it. */
export function ProfilePage({ language, site, account, collection, record, ...props }: ProfilePageProps): VNode {
  const t = words(language);
  const { notice, done, fixed, onlySent = false, typed = new Map(), meanwhile, draft } = props;
  const problems = meanwhile ? clashes(t, meanwhile) : (props.problems ?? {});
  const title = t("page_profile_title");
  const news = done !== undefined && Object.hasOwn(sentences, done) ? sentences[done] : undefined;
  const all = fixed ? [] : partsOf({ language, collection, record, typed, meanwhile, kept: draft?.files });
  const parts = onlySent ? all.filter(({ sent }) => sent) : all;
  return (
    <Layout
      language={language}
      site={site}
      title={notice || Object.keys(problems).length > 0 ? t("page_problem_title", { title }) : title}
      nav={<AccountNav language={language} account={account} />}
    >
      <h1>{title}</h1>
      {notice ? (
        <Notice kind="problem">
          <p>
            {notice}
            {account.signedIn ? null : (
              <>
                {" "}
                <SignIn t={t} here="/profile" draft={draft} />
              </>
            )}
          </p>
        </Notice>
      ) : null}
      {news ? (
        <Notice kind="good">
          <p>{t(news)}</p>
        </Notice>
      ) : null}
      {fixed ? <Facts language={language} collection={collection} record={record} /> : null}
      {parts.map(({ name, sent, title, lead, fields, hidden, submit }) => (
        <section key={name} aria-labelledby={name}>
          <h2 id={name}>{title}</h2>
          {lead ? <p>{lead}</p> : null}
          <Form
            language={language}
            action="/profile"
            prefix={name}
            fields={fields}
            hidden={hidden}
            draft={sent ? draft : undefined}
            problems={problemsOf(problems, fields, name === blamed(typed))}
            submit={submit}
          />
        </section>
      ))}
    </Layout>
  );
}

type Asked = Pick<ProfilePageProps, "language" | "collection" | "record" | "meanwhile"> & {
  readonly typed: Typed;
  readonly kept: KeptFiles | undefined;
};

function partsOf({ language, collection, record, typed, meanwhile, kept }: Asked): Part[] {
  const t = words(language);
  const own = ownFields(collection);
  const email = collection.field("email");
  const keys = [...typed.keys()].map((key) => key.split(".")[0]);
  const ownSent = own.some(({ name }) => keys.includes(name));
  const addressSent = typed.has("email");
  const details: Part = {
    name: "details",
    sent: ownSent,
    title: t("page_profile_details"),
    fields: ask(own),
    hidden: drawnOf(record, namesOf(own), ownSent ? typed : undefined, meanwhile),
    submit: t("page_profile_save"),
  };
  const address: Part = {
    name: "address",
    sent: addressSent,
    title: t("page_profile_email"),
    lead: record["email"] ? t("page_profile_email_help", { email: String(record["email"]) }) : undefined,
    fields: [...ask(email ? [email] : []), currentPassword(t)],
    hidden: drawnOf(record, ["email"], addressSent ? typed : undefined, meanwhile),
    submit: t("page_profile_email_submit"),
  };
  const secret: Part = {
    name: "secret",
    sent: typed.has("password"),
    title: t("page_profile_password"),
    lead: t("page_profile_password_help"),
    fields: [currentPassword(t), ...newPassword(t, collection, t("page_profile_password_new"))],
    submit: t("page_profile_password_submit"),
  };
  return [...(own.length > 0 ? [details] : []), ...(email ? [address] : []), secret];

  function ask(fields: readonly CompiledField[]): FormField[] {
    return questions(t, fields, typed, record, meanwhile?.renewed, kept).map((question, at) => {
      const field = fields[at];
      if (!field || !meanwhile?.clashing.has(field.name)) return question;
      return withTheirs(t, question, Value({ language, field, record, relations: new Map(), whole: true }));
    });
  }
}

function namesOf(fields: readonly CompiledField[]): string[] {
  return fields.map(({ name }) => name);
}

/** The part that a wrong current password belongs to: two of them ask for it. */
function blamed(typed: Typed): string {
  return typed.has("password") ? "secret" : "address";
}

/** The problems of a part: those of its fields, and of the password both ask for only where that is to blame. */
function problemsOf(problems: Readonly<Record<string, string>>, fields: readonly FormField[], isBlamed: boolean) {
  const its = fields.map(({ name }) => name).filter((name) => name !== "oldPassword" || isBlamed);
  return Object.fromEntries(Object.entries(problems).filter(([name]) => its.includes(name)));
}

function factOf(language: Language, { name, kind, definition, zero }: CompiledField, record: RecordJson) {
  const value = record[name] ?? zero;
  return kind.show ? kind.show(value, definition, { language, whole: true }) : kind.cell(value, definition);
}

/** What is stored, for those who may not change it. */
function Facts({
  language,
  collection,
  record,
}: {
  language: Language;
  collection: Collection;
  record: RecordJson;
}): VNode {
  const t = words(language);
  const email = collection.field("email");
  const shown = [...(email ? [email] : []), ...ownFields(collection)];
  return (
    <>
      <dl>
        {shown.map((field) => (
          <div key={field.name}>
            <dt>{field.name === "email" ? t("page_email") : labelOf(field.name)}</dt>
            <dd>{factOf(language, field, record) || t("page_empty_value")}</dd>
          </div>
        ))}
      </dl>
      <p>{t("page_profile_fixed")}</p>
    </>
  );
}
