import { Type } from "@sinclair/typebox";
import type { Payload } from "../fields/payload.ts";
import { findForm, type Form } from "../forms/form.ts";
import { hiddenText } from "../forms/hidden-names.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { formMayPost, ownAddress } from "../http/guard.ts";
import { readableElsewhere } from "../http/headers.ts";
import { loose } from "../http/loose.ts";
import { json } from "../http/reply.ts";
import { Refusal } from "../lib/errors.ts";
import { explain, languageOf, sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { NoQuery } from "./schemas.ts";

const DraftParams = loose({
  form: Type.String({ description: "A form's slug." }),
  token: Type.String({ description: "Came with the address of the page." }),
});

/** What a page of another site shows after a plain send that failed (FORMS.md 3). */
export function formDraftRoutes(app: Entrance, project: Project) {
  return app.get(
    "/forms/:form/drafts/:token",
    async ({ request, set, params }) => {
      readableElsewhere(set);
      set.headers["cache-control"] = "no-store";
      const form = await project.collections.read((collections) => findForm(project, collections, params.form));
      if (!formMayPost(request, form.origins)) throw new Refusal("forbidden", "form_foreign_origin");
      const draft = await project.drafts.take(params.token, "back", form.id);
      if (!draft) throw new Refusal("not found", "draft_gone");
      const language = languageOf(request.headers.get("accept-language"));
      return json(set, {
        values: Object.fromEntries([...draft.form].map(([key, texts]) => [key, [...texts]])),
        problems: JSON.parse(JSON.stringify(explain(language, draft.problems))),
        message: sentence(language, draft.code ?? "failed_to_create_record"),
      });
    },
    {
      ...door("form", { summary: "What was sent in vain, once", tags: ["forms"] }),
      params: DraftParams,
      query: NoQuery,
    },
  );
}

/**
 * The page that a plain send came from, where the form wants problems to be shown there: the address that the page itself gives, as
 * `_back`, or the one the browser says. Browsers tell other sites no more than the site; nobody is led to its home page by that,
 * since what they typed could not be shown there.
 */
export function senderOf(request: Request, form: Form, payload: Payload): URL | undefined {
  if (!form.back) return undefined;
  const said = hiddenText(form, payload, ["_back"]);
  const text = said ?? request.headers.get("referer") ?? "";
  if (!URL.canParse(text)) return undefined;
  const page = new URL(text);
  const own = new URL(ownAddress(request)).origin;
  if (page.origin !== own && !form.origins.includes(page.origin)) return undefined;
  if (page.origin === own && `${page.pathname}/`.startsWith(`/forms/${form.slug}/`)) return undefined;
  const wholly = said !== undefined || page.origin === own || page.pathname !== "/" || page.search !== "";
  return wholly ? page : undefined;
}

/** The same page with what its script needs to ask for what was typed. */
export function withDraft(page: URL, token: string): string {
  const address = new URL(page);
  address.searchParams.set("formstead", token);
  return address.href;
}
