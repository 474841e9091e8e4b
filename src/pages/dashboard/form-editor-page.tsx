/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Collection } from "../../collections/collection.ts";
import { lineOf, type Sheet } from "../../forms/sheet.ts";
import { Notice } from "../parts/notice.tsx";
import { Questions, Summary } from "../parts/form.tsx";
import { words, type Words } from "../parts/words.ts";
import { FormLayout, formPath, type FormPageProps } from "./form-layout.tsx";
import { type Askable, Choice, type ShieldFacts, Weights } from "./form-tables.tsx";
import { newQuestionFields } from "./form-new-question.tsx";
import { partNames, type PartName, questionsOf } from "./form-questions.tsx";

export interface FormEditorPageProps extends FormPageProps {
  /** The collection of forms, whose fields are asked for. */
  readonly forms: Collection;
  /** What the form is about, where that is still there: its name and what can be asked. */
  readonly collection: Askable | undefined;
  readonly sheet: Sheet;
  readonly shield: ShieldFacts;
  /** Sentences by name. */
  readonly problems?: Readonly<Record<string, string>>;
  /** Why it was not saved though no question is to blame. */
  readonly notice?: string;
  readonly saved?: boolean;
  /** Sent along: what the sheet was drawn from. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** Everything about one form that an owner can change. */
export function FormEditorPage(props: FormEditorPageProps): VNode {
  const { forms, collection, sheet, shield, problems = {}, notice, saved, hidden, ...frame } = props;
  const t = words(frame.language);
  const title = t("form_edit_title", { title: frame.form.title });
  const canAsk = collection !== undefined && collection.file === undefined;
  const parts = partNames.map((name) => ({
    name,
    fields:
      name === "fields" && canAsk ? newQuestionFields(t, sheet) : questionsOf(t, name, forms, sheet, shield.usual),
  }));
  const asked = parts.flatMap(({ fields }) => fields);
  const focused = asked.find(({ name }) => Object.hasOwn(problems, name));
  const wrong = notice !== undefined || Object.keys(problems).length > 0;
  const here = formPath(frame.form.slug);
  return (
    <FormLayout {...frame} title={wrong ? t("page_problem_title", { title }) : title} tab="edit">
      {saved ? (
        <Notice kind="good">
          <p>{t("form_edit_saved")}</p>
        </Notice>
      ) : null}
      {notice ? (
        <Notice kind="problem">
          <p>{notice}</p>
        </Notice>
      ) : null}
      <form class="sheet" action={here} method="post" accept-charset="utf-8" novalidate>
        <Summary t={t} fields={asked} problems={problems} />
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {parts.map(({ name, fields }) => (
          <Part
            t={t}
            name={name}
            gist={gistOf(t, name, sheet)}
            open={name === "words" || name === "fields" || isToBlame(name, fields, problems)}
          >
            {name === "fields" && collection ? (
              <Choice t={t} collection={collection} sheet={sheet} problem={problems["fields"]} />
            ) : null}
            {name === "shield" ? <p class="help">{t("form_edit_shield_help")}</p> : null}
            {name === "shield" && problems["shield"] ? <p class="problem">{problems["shield"]}</p> : null}
            <Group legend={name === "fields" && canAsk ? t("form_edit_new") : undefined}>
              <Questions language={frame.language} fields={fields} problems={problems} focused={focused} />
            </Group>
            {name === "shield" ? <Weights t={t} signs={shield.signs} sheet={sheet} /> : null}
            {name === "webhook" && lineOf(sheet, "webhook") ? (
              <p>
                <a href={`${here}/webhook`}>{t("form_edit_webhook_page")}</a>
              </p>
            ) : null}
          </Part>
        ))}
        <p class="actions staying">
          <button type="submit">{t("form_edit_save")}</button>
          <a href={`${here}/delete`}>{t("form_edit_delete")}</a>
        </p>
      </form>
    </FormLayout>
  );
}

/** Questions that belong together, under a legend of their own. */
function Group({ legend, children }: { legend: string | undefined; children: ComponentChildren }): VNode {
  if (legend === undefined) return <>{children}</>;
  return (
    <fieldset>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

function isToBlame(
  part: PartName,
  fields: readonly { readonly name: string }[],
  problems: Readonly<Record<string, string>>,
): boolean {
  return Object.hasOwn(problems, part) || fields.some(({ name }) => Object.hasOwn(problems, name));
}

interface PartProps {
  readonly t: Words;
  readonly name: PartName;
  readonly gist: string;
  readonly open: boolean;
  readonly children: ComponentChildren;
}

/** One part, which opens and closes; what it comes to stands beside its name. */
function Part({ t, name, gist, open, children }: PartProps): VNode {
  return (
    <details id={`part-${name}`} open={open}>
      <summary>
        <h2>{t(`form_edit_part_${name}`)}</h2>
        {gist ? <span class="faded">{gist}</span> : null}
      </summary>
      <div>{children}</div>
    </details>
  );
}

/** What a part comes to, in a few words. */
function gistOf(t: Words, part: PartName, sheet: Sheet): string {
  const text = (name: string) => lineOf(sheet, name).trim();
  const list = (name: string) =>
    text(name)
      .split(/\s*\n\s*/)
      .join(", ");
  if (part === "sending") return list("origins") || t("form_edit_anywhere");
  if (part === "after") return text("redirect");
  if (part === "mail") return list("notify") || t("form_edit_nobody");
  if (part === "webhook") return text("webhook") || t("form_edit_off");
  if (part === "limits") {
    if (text("test") === "true") return t("form_edit_test");
    return ["opens", "closes", "maxAnswers", "maxPerVisitor"].some((name) => text(name) !== "")
      ? ""
      : t("form_edit_always");
  }
  return "";
}
