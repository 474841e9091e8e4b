/** @jsxImportSource preact */
import type { VNode } from "preact";
import { type FieldSet, fieldSets } from "../../forms/beginnings.ts";
import { marks } from "../../html/index.ts";
import { Form } from "../parts/form.tsx";
import type { FormField, Typed } from "../parts/form-field.tsx";
import { words, type Words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

export interface NewFormPageProps extends DashboardProps {
  /** Collections that can have a form: id and name. */
  readonly collections: readonly { readonly id: string; readonly name: string }[];
  /** What was typed, or is suggested: `title`, `slug`, `from` (`set:contact`, `collection:ID`) and `notify`. */
  readonly typed: Typed;
  /** Sentences by name. */
  readonly problems?: Readonly<Record<string, string>>;
}

const sets = Object.keys(fieldSets).filter((name): name is FieldSet => Object.hasOwn(fieldSets, name));

/** From nothing to a form that works. */
export function NewFormPage({ collections, typed, problems = {}, ...frame }: NewFormPageProps): VNode {
  const t = words(frame.language);
  const text = (name: string) => typed.get(name)?.at(-1) ?? "";
  const title = t("form_new_title");
  const fields: readonly FormField[] = [
    {
      name: "title",
      label: t("form_new_name"),
      help: t("form_new_name_help"),
      required: true,
      draw: (control) => (
        <input
          {...marks(control)}
          type="text"
          name="title"
          dir="auto"
          value={text("title")}
          required
          maxLength={400}
          autocomplete="off"
        />
      ),
    },
    {
      name: "slug",
      label: t("form_edit_slug"),
      help: t("form_new_slug_help"),
      required: false,
      draw: (control) => (
        <input
          {...marks(control)}
          type="text"
          name="slug"
          dir="ltr"
          value={text("slug")}
          maxLength={60}
          spellcheck={false}
          autocapitalize="none"
          autocomplete="off"
        />
      ),
    },
    {
      name: "from",
      label: t("form_new_from"),
      help: t("form_new_from_help"),
      required: true,
      draw: (control) => (
        <select {...marks(control)} name="from">
          <Choices t={t} collections={collections} chosen={text("from")} />
        </select>
      ),
    },
    {
      name: "notify",
      label: t("form_new_notify"),
      help: t("form_new_notify_help"),
      required: false,
      draw: (control) => (
        <input {...marks(control)} type="email" name="notify" dir="auto" value={text("notify")} autocomplete="email" />
      ),
    },
  ];
  const wrong = Object.keys(problems).length > 0;
  return (
    <DashboardLayout {...frame} title={wrong ? t("page_problem_title", { title }) : title} section="forms">
      <div class="narrow">
        <h1>{title}</h1>
        <p class="lead">{t("form_new_lead")}</p>
        <Form
          language={frame.language}
          action="/_/forms/new"
          fields={fields}
          problems={problems}
          submit={t("form_new_submit")}
          autofocus="title"
        >
          <a href="/_/forms">{t("page_resource_cancel")}</a>
        </Form>
      </div>
    </DashboardLayout>
  );
}

function Choices({
  t,
  collections,
  chosen,
}: { t: Words; chosen: string } & Pick<NewFormPageProps, "collections">): VNode {
  return (
    <>
      <optgroup label={t("form_new_sets")}>
        {sets.map((name) => (
          <option key={name} value={`set:${name}`} selected={chosen === `set:${name}`}>
            {t(`form_new_set_${name}`)}
          </option>
        ))}
      </optgroup>
      {collections.length > 0 ? (
        <optgroup label={t("form_new_collections")}>
          {collections.map(({ id, name }) => (
            <option key={id} value={`collection:${id}`} selected={chosen === `collection:${id}`}>
              {name}
            </option>
          ))}
        </optgroup>
      ) : null}
    </>
  );
}
