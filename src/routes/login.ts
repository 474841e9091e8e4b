import { signInWithPassword } from "../auth/sessions.ts";
import { endedCookie } from "../http/cookies.ts";
import { door, showsAgain } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { isSecure } from "../http/guard.ts";
import { loose } from "../http/loose.ts";
import { ownPath } from "../http/next.ts";
import { empty, page, problemsJson, refusalStatus, seeOther, wantsPage } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { Refusal } from "../lib/errors.ts";
import { identities } from "../pages/site/account-fields.tsx";
import { LoginPage } from "../pages/site/login-page.tsx";
import { languageOf, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { accountNotice, siteFrame, isPerson, NextQuery, optionalText, ownPage, peopleOf, welcome } from "./account.ts";
import { NoQuery, takesNothing } from "./schemas.ts";

/** The name may be called what it is, as a page of one's own would. */
const LoginBody = loose({
  identity: optionalText,
  email: optionalText,
  username: optionalText,
  password: optionalText,
  next: optionalText,
});

const described = (summary: string) => door("anyone", { summary, tags: ["account"] });

/** `/login` and `/logout`, as pages and as JSON at the same addresses (FORMS.md 2). */
export function loginRoutes(app: Entrance, project: Project) {
  return app
    .get(
      "/login",
      ({ request, set, query, viewer }) => {
        const collection = peopleOf(project.collections.current);
        const next = ownPath(query.next ?? "", ownPage);
        if (isPerson(collection, viewer)) return seeOther(set, next);
        const language = languageOf(request.headers.get("accept-language"));
        const news = query.made === undefined ? {} : { news: sentence(language, "page_login_made") };
        const facts = { ...siteFrame(project, language, viewer), identities: identities(collection), next };
        return page(set, renderHtml(LoginPage({ ...facts, ...news })));
      },
      { ...described("The sign-in of the site"), query: NextQuery },
    )
    .post(
      "/login",
      async ({ request, set, body, viewer, visit, address }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const collection = peopleOf(project.collections.current);
        const pageWanted = wantsPage(request, visit.path);
        const next = ownPath(body.next ?? "", ownPage);
        const { called, identity } = nameIn(body);
        const again = (why: { notice?: string; problems?: Readonly<Record<string, string>> }, status: number) => {
          const facts = { ...siteFrame(project, language, viewer), identities: identities(collection), next };
          return page(set, renderHtml(LoginPage({ ...facts, identity, ...why })), status);
        };
        try {
          if (visit.refused) throw visit.refused;
          const credentials = { identity, password: body.password ?? "", address: address(request) };
          const outcome = await signInWithPassword(project, collection, credentials);
          if (outcome.ok) return welcome({ request, set, visit }, collection, outcome.value, next);
          if (pageWanted) return again({ problems: sentences(language, outcome.problems) }, 422);
          const { identity: missing, ...others } = outcome.problems;
          const problems = missing ? { [called]: missing, ...others } : others;
          return problemsJson(set, language, "failed_to_authenticate", problems);
        } catch (error) {
          if (!pageWanted || !(error instanceof Refusal)) throw error;
          const status = error.code === "failed_to_authenticate" ? 422 : refusalStatus(set, error);
          return again({ notice: accountNotice(language, error) }, status);
        }
      },
      { ...showsAgain(described("Signs somebody in")), parse: "typed", query: NoQuery, body: LoginBody },
    )
    .post(
      "/logout",
      ({ request, set, visit }) => {
        if (visit.standing !== "by token") set.headers["set-cookie"] = endedCookie("person", isSecure(request));
        return wantsPage(request, visit.path) ? seeOther(set, "/") : empty(set);
      },
      { ...described("Signs out"), ...takesNothing, query: NoQuery },
    );
}

/** Who wants to sign in, and what the request calls it. */
function nameIn(body: { readonly identity?: string; readonly email?: string; readonly username?: string }) {
  for (const called of ["identity", "email", "username"] as const) {
    const identity = body[called];
    if (identity !== undefined) return { called, identity };
  }
  return { called: "identity", identity: "" };
}
