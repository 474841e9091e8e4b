/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Collection, CompiledField } from "../../collections/collection.ts";
import type { Json } from "../../fields/field.ts";
import { labelRecord } from "../../records/label.ts";
import type { Meanwhile } from "../../records/drawn.ts";
import type { Choices, Relations } from "../../records/related.ts";
import type { RecordJson } from "../../records/shape.ts";
import { clashes, drawnOf, withTheirs } from "../parts/clash.tsx";
import { Form } from "../parts/form.tsx";
import { collectionField, type FormField, type KeptDraft, plainField, type Typed } from "../parts/form-field.tsx";
import { labelOf, words, type Words } from "../parts/words.ts";
import { ResourceLayout, type ResourceProps, Why } from "./resource-layout.tsx";
import { Value } from "./value.tsx";

export interface EditPageProps extends Omit<ResourceProps, "collection"> {
  readonly collection: Collection;
  /** Of the record that is changed; absent for a new one. */
  readonly id?: string;
  /** What is stored, as far as the viewer may see it; of a new record what is suggested. */
  readonly record: RecordJson;
  readonly choices: Choices;
  /** The fields that may be sent; all where it is absent. */
  readonly names?: readonly string[];
  /** The viewer manages the accounts of this collection. */
  readonly manages: boolean;
  /** What was typed, where the form is shown again. */
  readonly typed?: Typed;
  /** Sentences by field name. */
  readonly problems?: Readonly<Record<string, string>>;
  /** What others have changed since it was drawn; they are asked again in view of that. */
  readonly meanwhile?: Meanwhile;
  /** What the record points at, where others have changed it. */
  readonly relations?: Relations;
  /** Why it was not saved though no field is to blame. */
  readonly notice?: string;
  /** Signing in would help. */
  readonly signedOut?: boolean;
  /** What was kept of the send that failed. */
  readonly draft?: KeptDraft;
}

/** The form for a new record, and for one that is changed. */
export function EditPage(props: EditPageProps): VNode {
  const { collection, id, record, typed, meanwhile, notice, signedOut = false, draft, ...frame } = props;
  const { language } = frame;
  const t = words(language);
  const problems = meanwhile ? clashes(t, meanwhile) : (props.problems ?? {});
  const fields = questions(props, t);
  const names = fields.map(({ name }) => name);
  const list = `/${collection.name}`;
  const action = id === undefined ? list : `${list}/${encodeURIComponent(id)}`;
  const known = Object.hasOwn(record, "id");
  const title =
    id === undefined
      ? t("page_resource_new_title", { collection: labelOf(collection.name) })
      : t("page_resource_edit_title", { record: known ? labelRecord(collection, record) : labelOf(collection.name) });
  const wrong = notice !== undefined || Object.keys(problems).length > 0;
  return (
    <ResourceLayout {...frame} collection={collection.name} title={wrong ? t("page_problem_title", { title }) : title}>
      <p>
        <a href={list}>{labelOf(collection.name)}</a>
      </p>
      <h1>{title}</h1>
      <Why language={frame.language} here={frame.here} notice={notice} signedOut={signedOut} draft={draft} />
      <Form
        language={language}
        action={action}
        fields={fields}
        problems={problems}
        hidden={id === undefined ? {} : drawnOf(record, names, typed, meanwhile)}
        draft={draft}
        submit={t("page_resource_save")}
      >
        <a href={id === undefined ? list : action}>{t("page_resource_cancel")}</a>
      </Form>
    </ResourceLayout>
  );
}

/** What the viewer can fill in; a password is asked for a new account only, since its change needs the old one. */
function questions(
  {
    language,
    collection,
    id,
    record,
    choices,
    names,
    manages,
    typed,
    meanwhile,
    draft,
    relations = new Map(),
  }: EditPageProps,
  t: Words,
): FormField[] {
  const isNew = id === undefined;
  const isAccount = collection.type === "auth";
  return collection.fields.filter(asked).flatMap((field) => {
    const { name } = field;
    const value: Json | undefined = Object.hasOwn(record, name) ? record[name] : undefined;
    const kept = typed && !meanwhile?.renewed.has(name) ? { typed } : {};
    const question = collectionField(field, {
      ...kept,
      value,
      choices: choices.get(name),
      ...(draft ? { kept: draft.files } : {}),
    });
    if (meanwhile?.clashing.has(name)) {
      return [withTheirs(t, question, Value({ language, field, record, relations, whole: true }))];
    }
    if (!isAccount || name !== "password") return [question];
    const autocomplete = "new-password";
    return [
      question,
      plainField({ name: "passwordConfirm", label: t("page_password_again"), type: "password", autocomplete }),
    ];
  });

  function asked({ name, hidden, kind, definition }: CompiledField): boolean {
    if (names && !names.includes(name)) return false;
    if (isAccount && name === "password") return isNew;
    if (isAccount && (name === "verified" || (name === "email" && !isNew))) return manages;
    if (name === "id") return isNew && !definition["autogeneratePattern"];
    return !hidden && !kind.given;
  }
}
