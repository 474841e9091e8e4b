import { type Payload, typedIn } from "../fields/payload.ts";
import { askOf } from "../http/ask.ts";
import { door, showsAgain } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { ownPath } from "../http/next.ts";
import { json, page, problemsJson, refusalStatus, seeOther, wantsPage } from "../http/reply.ts";
import { isTurnedAway } from "../http/visits.ts";
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
import { dropDraft, joinDraft, type JoinedNow, keepFiles, stillKept } from "./drafting.ts";
import { createCounted, limitsAgain, limitsOf } from "./place.ts";
import { NoQuery } from "./schemas.ts";

const target = "/register";
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
        const again = async (joined: JoinedNow, why: { notice?: string; problems?: Problems }, status: number) => {
          const { payload } = joined;
          const collection = peopleOf(project.collections.current);
          const failed = { ...joined, target, address: address(request), problems: why.problems ?? {} };
          const draft = await (isTurnedAway(visit, viewer)
            ? stillKept(project, joined, target)
            : keepFiles(project, failed));
          const facts = { ...siteFrame(project, language, viewer), collection, next: nextIn(payload) };
          const problems = accountSentences(language, why.problems);
          const html = renderHtml(
            RegisterPage({ ...facts, typed: typedIn(payload), notice: why.notice, problems, draft }),
          );
          return page(set, html, status);
        };
        try {
          if (visit.refused) throw visit.refused;
          const { collection, outcome, ...joined } = await project.collections.write(async (collections) => {
            const collection = peopleOf(collections);
            const place = { collection, set: collections, ask: askOf(request, viewer, query) };
            if (closedTo(collection, "create", place.ask)) throw new Refusal("forbidden", "register_closed");
            const joined = await joinDraft(project, await body.read(limitsOf(collection.fields)), target);
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
          const joined = await joinDraft(project, await body.read(limitsAgain(visit, viewer, fields)), target);
          return again(joined, { notice: accountNotice(language, error) }, refusalStatus(set, error));
        }
      },
      { ...takesPayload, ...showsAgain(described("Makes an account and signs in")), query: NoQuery },
    );
}

function nextIn({ form }: Payload): string {
  return ownPath(form.get("next")?.at(-1) ?? "", ownPage);
}
