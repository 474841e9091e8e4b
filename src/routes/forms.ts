import type { CompiledField } from "../collections/collection.ts";
import { type Payload, typedIn } from "../fields/payload.ts";
import { agrees, consentName, versionOf } from "../forms/agreement.ts";
import { findForm, type Form } from "../forms/form.ts";
import { tokenAgain } from "../forms/drawn-token.ts";
import { noteForeign } from "../forms/foreign-sites.ts";
import { closedWhy } from "../forms/opening.ts";
import { bits } from "../forms/shield/proof.ts";
import { thresholds } from "../forms/shield/weights.ts";
import { nextPage, sentAlong } from "../forms/submission.ts";
import { door, showsAgain } from "../http/doors.ts";
import { takesPayload } from "../http/front.ts";
import { cameFrom, ownAddress } from "../http/guard.ts";
import { readableElsewhere } from "../http/headers.ts";
import { type Answer, json, page, problemsJson, refusalStatus, seeOther, statuses, wantsPage } from "../http/reply.ts";
import { isTurnedAway, type Visit } from "../http/visits.ts";
import { renderHtml } from "../html/index.ts";
import { clock, spoken } from "../lib/dates.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { labelOf } from "../lib/writing.ts";
import { consentField } from "../pages/parts/consent-field.tsx";
import { collectionField, type KeptDraft } from "../pages/parts/form-field.tsx";
import { ClosedFormPage } from "../pages/site/closed-form-page.tsx";
import { FormPage } from "../pages/site/form-page.tsx";
import { ThanksPage } from "../pages/site/thanks-page.tsx";
import { type Language, languageOf, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { closedTo } from "../records/rules.ts";
import { siteOf } from "../settings/settings.ts";
import type { Entrance } from "../http/entrance.ts";
import { dropDraft, type JoinedNow, keepFiles, keepForBack, stillKept } from "./drafting.ts";
import { senderOf, withDraft } from "./form-drafts.ts";
import { limitsAgain } from "./place.ts";
import { foreignOrigin, type Posting, readJoined, receive } from "./posted-form.ts";
import { FormParams, NoQuery } from "./schemas.ts";

const described = (summary: string) => door("form", { summary, tags: ["forms"] });

/** Forms for any site (FORMS.md 3): the hosted page, the post from anywhere, the thank-you page. */
export function formRoutes(app: Entrance, project: Project) {
  const find = (slug: string) => project.collections.read((collections) => findForm(project, collections, slug));

  return app
    .get(
      "/forms/:form",
      async ({ request, set, params, viewer, address }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const form = await find(params.form);
        if (closedTo(form.collection, "create", { viewer })) throw new Refusal("forbidden", "form_closed");
        const closed = await closedWhy(project, form, project.hashAddress(address(request)));
        if (closed) {
          const why = noticeOf(language, form, closed);
          const facts = { language, ...siteOf(project.settings), title: form.title, ...backTo(request, form) };
          return page(set, renderHtml(ClosedFormPage({ ...facts, why })), statuses[closed.kind]);
        }
        project.tallies.count(form.id, "view");
        return page(set, renderHtml(formPage(project, language, form)), 200, targetsOf(form));
      },
      { ...described("The hosted page of a form"), params: FormParams, query: NoQuery },
    )
    .get(
      "/forms/:form/thanks",
      async ({ request, set, params }) => {
        const language = languageOf(request.headers.get("accept-language"));
        readableElsewhere(set);
        const form = await find(params.form);
        const facts = { ...siteOf(project.settings), again: `/forms/${form.slug}`, ...backTo(request, form) };
        return page(set, renderHtml(ThanksPage({ language, text: form.thanks, ...facts })));
      },
      { ...described("The thank-you page of a form"), params: FormParams, query: NoQuery },
    )
    .get(
      "/forms/:form/token",
      async ({ set, params }) => {
        readableElsewhere(set);
        set.headers["cache-control"] = "no-store";
        const form = await find(params.form);
        const seconds = form.shield.seconds ?? thresholds.seconds;
        return json(set, { token: project.shield.tokens.issue(form.id, clock()), bits, seconds });
      },
      { ...described("A token that goes with an answer"), params: FormParams, query: NoQuery },
    )
    .post(
      "/forms/:form",
      ({ request, set, params, query, body, viewer, visit, address }) =>
        sendForm(project, { request, set, params, query, body, viewer, visit, address }),
      { ...takesPayload, ...showsAgain(described("Sends a form")), params: FormParams, query: NoQuery },
    );
}

/** A request that sends a form, as its route gets it. */
export interface Sending extends Omit<Posting, "slug" | "address"> {
  readonly set: Answer;
  readonly params: { readonly form: string };
  readonly visit: Visit;
  address(request: Request): string;
}

/** Takes an answer to a form: the next page, or the form again; the record, or what is wrong, for who wants JSON. */
export async function sendForm(project: Project, sending: Sending): Promise<string> {
  const { request, set, params, query, body, viewer, visit, address } = sending;
  const language = languageOf(request.headers.get("accept-language"));
  const pageWanted = wantsPage(request, visit.path);
  readableElsewhere(set);
  const again = async (form: Form, joined: JoinedNow, { problems = {}, refusal }: Why, status: number) => {
    const { payload } = joined;
    const failed = { ...joined, target: form.id, address: address(request), problems };
    // From a page that may not send nobody is led to one that may: on ours, which everybody may open, is what was typed.
    // So it is after a request too many, for which nothing is written.
    const stays = visit.refused !== undefined || refusal?.code === foreignOrigin;
    const sender = stays ? undefined : senderOf(request, form, payload);
    const code = refusal ? { code: codeOf(refusal) } : {};
    const token = sender && (await keepForBack(project, { ...failed, ...code }, form.collection.fields));
    if (sender && token) return seeOther(set, withDraft(sender, token));
    const draft = await (isTurnedAway(visit, viewer)
      ? stillKept(project, joined, form.id)
      : keepFiles(project, failed));
    const notice = refusal ? { notice: noticeOf(language, form, refusal) } : {};
    const drawn = await tokenAgain(project, form, payload);
    const facts = { payload, problems, ...notice, draft, drawn, ...backTo(request, form) };
    return page(set, renderHtml(formPage(project, language, form, facts)), status, targetsOf(form));
  };
  try {
    if (visit.refused) throw visit.refused;
    const posting = { request, slug: params.form, query, body, viewer, address: address(request) };
    const { form, outcome, ...joined } = await receive(project, posting);
    const { payload } = joined;
    if (outcome.ok) {
      await dropDraft(project, joined);
      const next = nextPage(
        form,
        payload,
        () => ownAddress(request),
        (wish) => noteForeign(project, form, "next", wish),
      );
      if (pageWanted) return seeOther(set, next);
      set.headers.location = next;
      return json(set, outcome.value);
    }
    if (!pageWanted) return problemsJson(set, language, "failed_to_create_record", outcome.problems);
    return await again(form, joined, { problems: outcome.problems }, 422);
  } catch (error) {
    if (!pageWanted || !(error instanceof Refusal)) throw error;
    // Nothing typed is lost: the form comes back with it. Where there is no form, or no body, this is refused once more.
    const form = await project.collections.read((collections) => findForm(project, collections, params.form));
    const fields = form.fields.map(({ field }) => field);
    const joined = await readJoined(project, form, body, limitsAgain(visit, viewer, fields));
    return again(form, joined, { refusal: error }, refusalStatus(set, error));
  }
}

/** Why nothing can be done by typing something else, as a visitor is told. */
function noticeOf(language: Language, { timeZone }: Form, { code, params }: Refusal): string {
  const { moment } = params;
  const said = typeof moment === "string" ? { ...params, moment: spoken(moment, language, timeZone) } : params;
  return sentence(language, codeOf({ code }), said);
}

function codeOf({ code }: Pick<Refusal, "code">): string {
  if (code === foreignOrigin) return "form_foreign_page";
  return code === "failed_to_create_record" ? "form_refused" : code;
}

/** Why a send failed. */
interface Why {
  readonly problems?: Problems;
  readonly refusal?: Refusal;
}

/** A failed send. */
interface Again {
  readonly payload: Payload;
  readonly problems?: Problems;
  readonly notice?: string;
  readonly draft: KeptDraft | undefined;
  readonly back?: string;
  /** The token to go on with. */
  readonly drawn: string;
}

function formPage({ shield, settings }: Project, language: Language, form: Form, again?: Again) {
  const typed = again ? { typed: typedIn(again.payload), kept: again.draft?.files ?? new Map() } : {};
  const fields = form.fields.map(({ field, label, help }) =>
    collectionField(field, { label, help: helpOf(language, form, field, help), timeZone: form.timeZone, ...typed }),
  );
  const ticked = again !== undefined && agrees(form, again.payload);
  return FormPage({
    language,
    ...siteOf(settings),
    title: form.title,
    introduction: form.introduction,
    action: `/forms/${form.slug}`,
    fields: form.consent
      ? [...fields, consentField({ name: consentName, value: versionOf(form.consent), text: form.consent, ticked })]
      : fields,
    submit: form.button,
    token: { value: again?.drawn ?? shield.tokens.issue(form.id, clock()), bits },
    ...(again
      ? {
          hidden: sentAlong(form, again.payload),
          problems: told(language, form, again.problems ?? {}),
          ...(again.notice ? { notice: again.notice } : {}),
          draft: again.draft,
          ...(again.back ? { back: again.back } : {}),
        }
      : {}),
  });
}

/** Beside a moment stands by which clocks it is typed. */
function helpOf(language: Language, { timeZone: zone }: Form, { kind }: CompiledField, help: string): string {
  if (!kind.fromZone) return help;
  return [help, sentence(language, "form_time_zone", { zone })].filter(Boolean).join(" ");
}

/** What a visitor cannot mend, since the form asks for no such thing, is named. */
function told(language: Language, form: Form, problems: Problems): Record<string, string> {
  const said = sentences(language, problems);
  for (const [name, problem] of Object.entries(said)) {
    if (form.fields.some(({ field }) => field.name === name) || !form.collection.field(name)) continue;
    said[name] = sentence(language, "form_problem_unasked", { label: labelOf(name), problem });
  }
  return said;
}

/** The page it was sent from, when that is not the form's own. */
function backTo(request: Request, form: Form): { readonly back?: string } {
  const from = cameFrom(request);
  return from && !`${from.pathname}/`.startsWith(`/forms/${form.slug}/`) ? { back: from.href } : {};
}

/** Other sites that a success may lead to: a browser asks the page's policy about them. */
function targetsOf({ redirect, origins }: Form): string[] {
  return [...(URL.canParse(redirect) ? [new URL(redirect).origin] : []), ...origins];
}
