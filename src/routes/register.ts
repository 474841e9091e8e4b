import { type Payload, typedIn } from "../fields/payload.ts";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { ownPath } from "../http/next.ts";
import { json, page, problemsJson, refusalStatus, seeOther, wantsPage } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { RegisterPage } from "../pages/site/register-page.tsx";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { closedTo } from "../records/rules.ts";
import {
  accountNotice,
  siteFrame,
  accountSentences,
  isPerson,
  NextQuery,
  ownPage,
  peopleOf,
  sessionOf,
  welcome,
} from "./account.ts";
import { dropDraft, type Joined, joinDraft, keepFiles } from "./drafting.ts";
import { createCounted, limitsOf } from "./place.ts";
import { NoQuery } from "./schemas.ts";

const described = (summary: string) => door("anyone", { summary, tags: ["account"] });

/** `/register`, as a page and as JSON at the same address (FORMS.md 2); the create rule of the people decides who may. */
export function registerRoutes(app: Entrance, project: Project) {
  return app
    .get(
      "/register",
      ({ request, set, query, viewer }) => {
        const collection = peopleOf(project.collections.current);
        const next = ownPath(query.next ?? "", ownPage);
        if (isPerson(collection, viewer)) return seeOther(set, next);
        if (closedTo(collection, "create", { viewer })) throw new Refusal("forbidden", "register_closed");
        const language = languageOf(request.headers.get("accept-language"));
        const facts = { ...siteFrame(project, language, viewer), collection, next };
        return page(set, renderHtml(RegisterPage(facts)));
      },
      { ...described("Where people make an account"), query: NextQuery },
    )
    .post(
      "/register",
      async ({ request, set, query, body, viewer, visit, address }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const pageWanted = wantsPage(request, visit.path);
        const again = async (joined: Joined, why: { notice?: string; problems?: Problems }, status: number) => {
          const { payload } = joined;
          const collection = peopleOf(project.collections.current);
          const from = { target: "/register", address: address(request) };
          const draft = await keepFiles(project, { ...joined, ...from, problems: why.problems ?? {} });
          const facts = { ...siteFrame(project, language, viewer), collection, next: nextIn(payload) };
          const problems = accountSentences(language, why.problems);
          const html = renderHtml(
            RegisterPage({ ...facts, typed: typedIn(payload), notice: why.notice, problems, draft }),
          );
          return page(set, html, status);
        };
        try {
          const { collection, outcome, ...joined } = await project.collections.write(async (collections) => {
            const collection = peopleOf(collections);
            const place = { collection, set: collections, ask: askOf(request, viewer, query) };
            if (closedTo(collection, "create", place.ask)) throw new Refusal("forbidden", "register_closed");
            const joined = await joinDraft(project, await body.read(limitsOf(collection.fields)), "/register");
            project.collections.mustHold(collections);
            const outcome = await createCounted(project, place, joined.payload, () => address(request));
            return { collection, outcome, ...joined };
          });
          const { payload } = joined;
          if (!outcome.ok) {
            if (pageWanted) return await again(joined, { problems: outcome.problems }, 422);
            return problemsJson(set, language, "failed_to_create_record", outcome.problems);
          }
          await dropDraft(project, joined);
          const session = await sessionOf(project, collection, String(outcome.value["id"]));
          if (session) return welcome({ request, set, visit }, collection, session, nextIn(payload));
          return pageWanted ? seeOther(set, "/login?made") : json(set, { token: "", record: outcome.value });
        } catch (error) {
          if (!pageWanted || !(error instanceof Refusal) || error.code === "register_closed") throw error;
          const { fields } = peopleOf(project.collections.current);
          const joined = await joinDraft(project, await body.read(limitsOf(fields)), "/register");
          return again(joined, { notice: accountNotice(language, error) }, refusalStatus(set, error));
        }
      },
      { ...takesPayload, ...described("Makes an account and signs in"), query: NoQuery },
    );
}

function nextIn({ form }: Payload): string {
  return ownPath(form.get("next")?.at(-1) ?? "", ownPage);
}
