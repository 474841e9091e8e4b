import { type Payload, typedIn } from "../fields/payload.ts";
import { findForm, type Form } from "../forms/form.ts";
import { nextPage, submit, wishes } from "../forms/submission.ts";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import { takesPayload } from "../http/front.ts";
import type { Limits } from "../http/arriving.ts";
import { formMayPost, ownAddress } from "../http/guard.ts";
import { readableElsewhere } from "../http/headers.ts";
import { json, page, problemsJson, seeOther, statuses, wantsPage } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { collectionField } from "../pages/parts/form-field.tsx";
import { FormPage } from "../pages/site/form-page.tsx";
import { ThanksPage } from "../pages/site/thanks-page.tsx";
import { type Language, languageOf, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { closedTo } from "../records/rules.ts";
import type { Entrance } from "../http/entrance.ts";
import { limitsOf } from "./place.ts";
import { FormParams, NoQuery } from "./schemas.ts";

const described = (summary: string) => door("form", { summary, tags: ["forms"] });

/** Forms for any site (FORMS.md 3): the hosted page, the post from anywhere, the thank-you page. */
export function formRoutes(app: Entrance, project: Project) {
  const find = (slug: string) => project.collections.read((collections) => findForm(project, collections, slug));

  return app
    .get(
      "/forms/:form",
      async ({ request, set, params, viewer }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const form = await find(params.form);
        if (closedTo(form.collection, "create", { viewer })) throw new Refusal("forbidden", "form_closed");
        return page(set, renderHtml(formPage(language, form)), 200, targetsOf(form));
      },
      { ...described("The hosted page of a form"), params: FormParams, query: NoQuery },
    )
    .get(
      "/forms/:form/thanks",
      async ({ request, set, params }) => {
        const language = languageOf(request.headers.get("accept-language"));
        readableElsewhere(set);
        const form = await find(params.form);
        const back = backTo(request, form);
        const again = `/forms/${form.slug}`;
        return page(set, renderHtml(ThanksPage({ language, text: form.thanks, again, ...(back ? { back } : {}) })));
      },
      { ...described("The thank-you page of a form"), params: FormParams, query: NoQuery },
    )
    .post(
      "/forms/:form",
      async ({ request, set, params, query, body, viewer, visit }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const pageWanted = wantsPage(request, visit.path);
        readableElsewhere(set);
        const again = (form: Form, payload: Payload, why: Omit<Again, "payload" | "back">, status: number) => {
          const facts = { ...why, payload, back: backTo(request, form) };
          return page(set, renderHtml(formPage(language, form, facts)), status, targetsOf(form));
        };
        try {
          const { form, payload, outcome } = await project.collections.write(async (collections) => {
            const form = await findForm(project, collections, params.form);
            if (!formMayPost(request, form.origins)) throw new Refusal("forbidden", "form_foreign_origin");
            if (closedTo(form.collection, "create", { viewer })) throw new Refusal("forbidden", "form_closed");
            const payload = await body.read(limitsIn(form));
            project.collections.mustHold(collections);
            const place = { set: collections, ask: askOf(request, viewer, query) };
            return { form, payload, outcome: await submit(project, form, place, payload) };
          });
          if (outcome.ok) {
            const next = nextPage(form, payload, ownAddress(request));
            if (pageWanted) return seeOther(set, next);
            set.headers.location = next;
            return json(set, outcome.value);
          }
          if (!pageWanted) return problemsJson(set, language, "failed_to_create_record", outcome.problems);
          return again(form, payload, { problems: outcome.problems }, 422);
        } catch (error) {
          if (!pageWanted || !(error instanceof Refusal) || error.code === "form_foreign_origin") throw error;
          // Nothing typed is lost: the form comes back with it. Where there is no form, or no body, this is refused once more.
          const form = await find(params.form);
          const payload = await body.read(limitsIn(form));
          return again(form, payload, { notice: noticeOf(language, error) }, statuses[error.kind]);
        }
      },
      { ...takesPayload, ...described("Sends a form"), params: FormParams, query: NoQuery },
    );
}

function limitsIn({ fields }: Form): Limits {
  return limitsOf(fields.map(({ field }) => field));
}

/** Why nothing can be done by typing something else, as a visitor is told. */
function noticeOf(language: Language, { code, params }: Refusal): string {
  return sentence(language, code === "failed_to_create_record" ? "form_refused" : code, params);
}

/** A failed send. */
interface Again {
  readonly payload: Payload;
  readonly problems?: Problems;
  readonly notice?: string;
  readonly back: string | undefined;
}

function formPage(language: Language, form: Form, again?: Again) {
  const fields = form.fields.map(({ field, label, help }) =>
    collectionField(field, { label, help, ...(again ? { typed: typedIn(again.payload) } : {}) }),
  );
  return FormPage({
    language,
    title: form.title,
    introduction: form.introduction,
    action: `/forms/${form.slug}`,
    fields,
    submit: form.button,
    ...(again
      ? {
          problems: sentences(language, again.problems ?? {}),
          ...(again.notice ? { notice: again.notice } : {}),
          hidden: wishes(form, again.payload),
          ...(again.back ? { back: again.back } : {}),
        }
      : {}),
  });
}

/** The page it was sent from, when that is not the form's own; of a page on another site browsers say only the site. */
function backTo(request: Request, form: Form): string | undefined {
  const referrer = request.headers.get("referer") ?? "";
  if (!URL.canParse(referrer)) return undefined;
  const { protocol, pathname, href } = new URL(referrer);
  const web = protocol === "http:" || protocol === "https:";
  return web && !`${pathname}/`.startsWith(`/forms/${form.slug}/`) ? href : undefined;
}

/** Other sites that a success may lead to: a browser asks the page's policy about them. */
function targetsOf({ redirect, origins }: Form): string[] {
  return [...(URL.canParse(redirect) ? [new URL(redirect).origin] : []), ...origins];
}
