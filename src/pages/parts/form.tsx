/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import type { FormField, KeptDraft } from "./form-field.tsx";
import { Notice } from "./notice.tsx";
import { words, type Words } from "./words.ts";

export interface FormProps {
  readonly language: Language;
  readonly action: string;
  readonly fields: readonly FormField[];
  /** Tells its ids from those of another form on the page. */
  readonly prefix?: string;
  /** Sentences by field name; those that no field here has stand in the summary alone. */
  readonly problems?: Readonly<Record<string, string>>;
  /** Sent along unseen; several texts under one name one after the other. */
  readonly hidden?: Readonly<Record<string, string | readonly string[]>>;
  /** Shows that the form was drawn for somebody; `bits`: how much work a script does for it. */
  readonly token?: { readonly value: string; readonly bits: number } | undefined;
  /** What was kept of a failed send. */
  readonly draft?: KeptDraft | undefined;
  /** A field that only robots fill in. */
  readonly trap?: string;
  /** What the button says. */
  readonly submit: string;
  /** The field that has the focus when none is to blame. */
  readonly autofocus?: string;
  /** Beside the button. */
  readonly children?: ComponentChildren;
}

/** A whole form: what is wrong, the questions, the button. It posts, and needs no script. */
export function Form({ language, fields, problems = {}, ...props }: FormProps): VNode {
  const t = words(language);
  const focused =
    fields.find(({ name }) => Object.hasOwn(problems, name)) ?? fields.find(({ name }) => name === props.autofocus);
  return (
    <form
      action={props.action}
      method="post"
      accept-charset="utf-8"
      enctype={fields.some((field) => field.uploads) ? "multipart/form-data" : undefined}
    >
      <Summary t={t} fields={fields} problems={problems} prefix={props.prefix} />
      {props.token ? (
        <input type="hidden" name="_token" value={props.token.value} data-bits={props.token.bits} />
      ) : null}
      {props.draft?.token ? <input type="hidden" name="_draft" value={props.draft.token} /> : null}
      {props.draft?.filesLost ? (
        <Notice kind="info">
          <p>{t("page_files_lost")}</p>
        </Notice>
      ) : null}
      {Object.entries(props.hidden ?? {}).flatMap(([name, value]) =>
        [value].flat().map((text) => <input type="hidden" name={name} value={text} />),
      )}
      {props.trap ? <Trap t={t} name={props.trap} /> : null}
      <Questions language={language} fields={fields} problems={problems} prefix={props.prefix} focused={focused} />
      {fields.some((field) => !field.required) && fields.some((field) => field.required) ? (
        <p class="help">{t("page_required_mark")}</p>
      ) : null}
      <p class="actions">
        <button type="submit">{props.submit}</button>
        {props.children}
      </p>
    </form>
  );
}

type QuestionsProps = Pick<FormProps, "language" | "fields" | "prefix"> &
  Required<Pick<FormProps, "problems">> & { readonly focused: FormField | undefined };

/** Questions in a row, each with what is wrong with it; `focused` is where a visitor begins. */
export function Questions({ fields, problems, focused, ...shared }: QuestionsProps): VNode {
  return (
    <>
      {fields.map((field) => (
        <Question
          {...shared}
          field={field}
          problem={Object.hasOwn(problems, field.name) ? problems[field.name] : undefined}
          autofocus={field === focused}
        />
      ))}
    </>
  );
}

/** What is wrong with a form, with a link to each question. */
export function Summary({
  t,
  fields,
  problems,
  prefix,
}: { t: Words } & Required<Pick<FormProps, "fields" | "problems">> & Pick<FormProps, "prefix">): VNode | null {
  const names = Object.keys(problems);
  if (names.length === 0) return null;
  const inOrder = fields.filter((field) => Object.hasOwn(problems, field.name));
  const others = names.filter((name) => !inOrder.some((field) => field.name === name));
  return (
    <Notice kind="problem" title={t("page_problems")}>
      <ul>
        {inOrder.map(({ name, label }) => (
          <li>
            <a href={`#${idOf(name, prefix)}`}>{label.replace(/[.:]$/, "")}</a>: {problems[name]}
          </li>
        ))}
        {others.map((name) => (
          <li>{problems[name]}</li>
        ))}
      </ul>
    </Notice>
  );
}

export interface QuestionProps extends Pick<FormProps, "language" | "prefix"> {
  readonly field: FormField;
  readonly problem?: string;
  readonly autofocus: boolean;
}

/** One question: its label, its help, what is wrong with it, its control. */
function Question({ language, field, prefix, problem, autofocus }: QuestionProps): VNode {
  const id = idOf(field.name, prefix);
  const helpId = field.help ? `${id}-help` : undefined;
  const problemId = problem ? `${id}-problem` : undefined;
  const describedBy = [helpId, problemId].filter(Boolean).join(" ") || undefined;
  const label = (
    <>
      {field.label}
      {field.required ? (
        <span class="mark" aria-hidden="true">
          *
        </span>
      ) : null}
    </>
  );
  const rest = (
    <>
      {field.help ? (
        <p class="help" id={helpId}>
          {field.help}
        </p>
      ) : null}
      {problem ? (
        <p class="problem" id={problemId}>
          {problem}
        </p>
      ) : null}
      {field.draw({ id, describedBy, invalid: problem !== undefined, autofocus }, language)}
    </>
  );
  return field.several ? (
    <fieldset class="field" aria-describedby={describedBy}>
      <legend>{label}</legend>
      {rest}
    </fieldset>
  ) : (
    <div class="field">
      <label for={id}>{label}</label>
      {rest}
    </div>
  );
}

function Trap({ t, name }: { t: Words; name: string }): VNode {
  return (
    <div class="trap" aria-hidden="true">
      <label for="trap">{t("page_leave_empty")}</label>
      <input id="trap" name={name} type="text" tabIndex={-1} autoComplete="off" />
    </div>
  );
}

function idOf(name: string, prefix = "field"): string {
  return `${prefix}-${name}`;
}
