import { has, keysOf, type Payload } from "../fields/payload.ts";
import { noteForeign } from "../forms/foreign-sites.ts";
import { type Form, findForm } from "../forms/form.ts";
import { isHiddenName } from "../forms/hidden-names.ts";
import { nextPage } from "../forms/submission.ts";
import { door, showsAgain } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { formMayPost, ownAddress } from "../http/guard.ts";
import { readableElsewhere } from "../http/headers.ts";
import { type Answer, json, refusalStatus, wantsPage } from "../http/reply.ts";
import { isProblem, type Problem, type Problems, Refusal } from "../lib/errors.ts";
import { labelOf } from "../lib/writing.ts";
import { explainOne, type Language, languageOf, sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { closedTo } from "../records/rules.ts";
import { sendForm, type Sending } from "./forms.ts";
import { limitsIn, receive } from "./posted-form.ts";
import { FormParams, NoQuery } from "./schemas.ts";

/** One thing that is wrong, as Formspree's clients read it; without a field it is the form that it is about. */
interface FormspreeError {
  readonly code?: string;
  readonly field?: string;
  readonly message: string;
}

/** The address that forms made for Formspree post to: `/forms/:form` in its shape (FORMS.md 3). */
export function formspreeRoutes(app: Entrance, project: Project) {
  return app.post(
    "/f/:form",
    ({ request, set, params, query, body, viewer, visit, address }) => {
      const sending = { request, set, params, query, body, viewer, visit, address };
      return wantsPage(request, visit.path) ? sendForm(project, sending) : sendFormspree(project, sending);
    },
    {
      ...takesPayload,
      ...showsAgain(door("form", { summary: "Sends a form; JSON is answered as Formspree does", tags: ["forms"] })),
      params: FormParams,
      query: NoQuery,
    },
  );
}

async function sendFormspree(project: Project, sending: Sending): Promise<string> {
  const { request, set, params, query, body, viewer, visit, address } = sending;
  const language = languageOf(request.headers.get("accept-language"));
  readableElsewhere(set);
  try {
    if (visit.refused) throw visit.refused;
    const unusable = await lookBefore(project, sending);
    if (unusable) return failed(set, 400, [told(language, unusable)]);
    const posting = { request, slug: params.form, query, body, viewer, address: address(request) };
    const { form, payload, outcome } = await receive(project, posting);
    if (!outcome.ok) {
      const { problems } = outcome;
      return failed(set, 400, errorsOf(language, payload, problems), inWords(language, form, problems));
    }
    const ours = ownAddress(request);
    const page = nextPage(
      form,
      payload,
      () => ours,
      (wish) => noteForeign(project, form, "next", wish),
    );
    const next = new URL(page, ours).href;
    // Where `forms.js` looks, whichever of the two addresses a form has.
    set.headers.location = next;
    return json(set, { ok: true, next });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const code = refusalCode(error);
    const message = sentence(language, error.code, error.params);
    return failed(set, refusalStatus(set, error), [{ ...(code ? { code } : {}), message }]);
  }
}

/** What Formspree takes no notice of anybody for: nothing at all, and files where none are asked for. */
async function lookBefore(project: Project, { request, params, body, viewer }: Sending): Promise<string | undefined> {
  const form = await project.collections.read((set) => findForm(project, set, params.form));
  if (!formMayPost(request, form.origins) || closedTo(form.collection, "create", { viewer })) return undefined;
  const payload = await body.read(limitsIn(form));
  const { files } = payload;
  if (files.size > 0 && !form.fields.some(({ field }) => field.kind.uploads)) return "NO_FILE_UPLOADS";
  const isEmpty = files.size === 0 && keysOf(payload).every((key) => isHiddenName(form, key));
  return isEmpty ? "EMPTY" : undefined;
}

const phrases: Readonly<Record<string, string>> = {
  NO_FILE_UPLOADS: "formspree_no_files",
  EMPTY: "formspree_empty",
};

function told(language: Language, code: string): FormspreeError {
  return { code, message: sentence(language, phrases[code] ?? "") };
}

/** `error`: what is shown where a client shows one text. */
function failed(
  set: Answer,
  status: number,
  errors: readonly FormspreeError[],
  error = errors.map(({ message }) => message).join(" "),
): string {
  set.status = status;
  return json(set, { error, errors: errors.map((it) => ({ ...it })) });
}

/** All that is wrong as one text, which has no fields to stand beside: it names them as the visitor knows them. */
function inWords(language: Language, form: Form, problems: Problems): string {
  const labels = new Map(form.fields.map(({ field: { name }, label }) => [name, label || labelOf(name)]));
  const said = Object.entries(problems).map(([name, it]) => {
    const { message } = explainOne(language, firstOf(it));
    const label = labels.get(name)?.replace(/[.:?]$/, "");
    return label ? sentence(language, "formspree_field", { label, message }) : message;
  });
  return said.join(" ");
}

function errorsOf(language: Language, payload: Payload, problems: Problems): FormspreeError[] {
  return Object.entries(problems).map(([name, it]) => {
    const first = firstOf(it);
    const { message } = explainOne(language, first);
    const whole = wholeCodes[first.code];
    if (whole !== undefined) return { code: whole, message };
    return { code: fieldCode(first, has(payload, name)), field: name, message };
  });
}

/** What its clients know of the form alone, not of a field. */
const wholeCodes: Readonly<Record<string, string>> = {
  validation_file_size_limit: "FILES_TOO_BIG",
  validation_too_many_files: "TOO_MANY_FILES",
};

/** What is wrong with a field, where its clients have a name for it; everything else is about a text to them. */
const fieldCodes: Readonly<Record<string, string>> = {
  validation_is_email: "TYPE_EMAIL",
  validation_email_domain_not_allowed: "TYPE_EMAIL",
  validation_not_a_number: "TYPE_NUMERIC",
  validation_only_int_constraint: "TYPE_NUMERIC",
  validation_min_number_constraint: "TYPE_NUMERIC",
  validation_max_number_constraint: "TYPE_NUMERIC",
};

function fieldCode({ code }: Problem, sent: boolean): string {
  if (code === "validation_required") return sent ? "REQUIRED_FIELD_EMPTY" : "REQUIRED_FIELD_MISSING";
  return fieldCodes[code] ?? "TYPE_TEXT";
}

function firstOf(it: Problem | Problems): Problem {
  if (isProblem(it)) return it;
  const [first] = Object.values(it);
  return first ? firstOf(first) : { code: "validation_invalid_value" };
}

const inactive = ["form_closed", "form_not_yet", "form_over", "form_full", "form_enough"];

/** What its clients call a refusal, where they have a name for it. */
function refusalCode({ kind, code }: Refusal): string | undefined {
  if (kind === "not found") return "FORM_NOT_FOUND";
  if (kind === "too large") return "FILES_TOO_BIG";
  if (inactive.includes(code)) return "INACTIVE";
  return kind === "forbidden" ? "BLOCKED" : undefined;
}
