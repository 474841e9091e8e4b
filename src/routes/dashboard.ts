import { Type } from "@sinclair/typebox";
import { type Session, signInWithPassword } from "../auth/sessions.ts";
import type { Collection } from "../collections/collection.ts";
import type { Viewer } from "../filter/scope.ts";
import { askOf } from "../http/ask.ts";
import { endedCookie, sessionCookie } from "../http/cookies.ts";
import { door } from "../http/doors.ts";
import { loose } from "../http/loose.ts";
import { isSecure } from "../http/guard.ts";
import { type Answer, page, refusalStatus, seeOther } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { CollectionsPage } from "../pages/dashboard/collections-page.tsx";
import { RecordPage } from "../pages/dashboard/record-page.tsx";
import { RecordsPage } from "../pages/dashboard/records-page.tsx";
import { SetupPage } from "../pages/dashboard/setup-page.tsx";
import { SignInPage } from "../pages/dashboard/sign-in-page.tsx";
import { type Language, languageOf, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { countRecords, listRecords, viewRecord } from "../records/read.ts";
import { searchFilter } from "../records/search.ts";
import type { Entrance } from "../http/entrance.ts";
import { placeOf } from "./place.ts";
import { CollectionParams, NoQuery, pageOf, RecordParams, takesNothing } from "./schemas.ts";

const text = Type.String({ maxLength: 2000 });
const optional = Type.Optional(text);

const SetupQuery = loose({ token: optional });
const SetupBody = loose({ token: text, email: text, password: text, passwordConfirm: text });
const SignInQuery = loose({ next: optional });
const SignInBody = loose({ email: text, password: text, next: optional });
const RecordsQuery = loose({
  page: Type.Optional(Type.String({ pattern: "^\\d{1,9}$" })),
  search: optional,
  sort: optional,
});

const described = (summary: string) => ({ summary, tags: ["dashboard"] });
const languageFrom = (request: Request): Language => languageOf(request.headers.get("accept-language"));

/** The owner's pages at `/_/`. Whoever is no superuser is shown to the sign-in. */
export function dashboardRoutes(app: Entrance, project: Project) {
  const owners = (): Collection => {
    const collection = project.collections.find("_superusers");
    if (!collection) throw new Refusal("not found", "not_found");
    return collection;
  };
  const signedIn = (request: Request, set: Answer, { token }: Session, next: string) => {
    const seconds = owners().definition.authToken?.duration ?? 0;
    return seeOther(set, next, sessionCookie("owner", token, seconds, isSecure(request)));
  };

  return app
    .get(
      "/_/setup",
      async ({ request, set, query }) => {
        await mustOpenSetup(project, query.token);
        return page(
          set,
          renderHtml(SetupPage({ language: languageFrom(request), hidden: { token: query.token ?? "" } })),
        );
      },
      { ...door("anyone", described("Where the setup link leads")), query: SetupQuery },
    )
    .post(
      "/_/setup",
      async ({ request, set, body, address }) => {
        await mustOpenSetup(project, body.token);
        const { email, password, passwordConfirm } = body;
        const made =
          password === passwordConfirm
            ? await project.superusers.create(email, password)
            : ({ ok: false, problems: { passwordConfirm: { code: "validation_values_mismatch" } } } as const);
        if (made.ok) {
          const credentials = { identity: email, password, address: address(request) };
          const session = await signInWithPassword(project, owners(), credentials);
          if (session.ok) return signedIn(request, set, session.value, "/_/");
        }
        const language = languageFrom(request);
        const problems = made.ok ? {} : sentences(language, made.problems);
        return page(set, renderHtml(SetupPage({ language, hidden: { token: body.token }, email, problems })), 422);
      },
      { ...door("anyone", described("Makes the first superuser")), parse: "typed", query: NoQuery, body: SetupBody },
    )
    .get(
      "/_/login",
      ({ request, set, query, viewer }) => {
        if (viewer.kind === "superuser") return seeOther(set, nextOf(query.next));
        return page(
          set,
          renderHtml(SignInPage({ language: languageFrom(request), hidden: { next: nextOf(query.next) } })),
        );
      },
      { ...door("anyone", described("The sign-in of the dashboard")), query: SignInQuery },
    )
    .post(
      "/_/login",
      async ({ request, set, body, address }) => {
        const language = languageFrom(request);
        const { email, password } = body;
        const next = nextOf(body.next);
        const again = (facts: { problem?: string; problems?: Readonly<Record<string, string>> }, status = 422) =>
          page(set, renderHtml(SignInPage({ language, email, hidden: { next }, ...facts })), status);
        try {
          const credentials = { identity: email, password, address: address(request) };
          const session = await signInWithPassword(project, owners(), credentials);
          if (session.ok) return signedIn(request, set, session.value, next);
          return again({ problems: sentences(language, renamed(session.problems)) });
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          if (error.code === "failed_to_authenticate") {
            return again({ problem: sentence(language, "page_sign_in_failed") });
          }
          if (error.kind !== "too many") throw error;
          return again({ problem: sentence(language, error.code, error.params) }, refusalStatus(set, error));
        }
      },
      { ...door("anyone", described("Signs a superuser in")), parse: "typed", query: NoQuery, body: SignInBody },
    )
    .post("/_/logout", ({ request, set }) => seeOther(set, "/_/login", endedCookie("owner", isSecure(request))), {
      ...door("anyone", described("Signs out")),
      ...takesNothing,
      query: NoQuery,
    })
    .get("/_", ({ set }) => seeOther(set, "/_/"), {
      ...door("anyone", { hide: true }),
      query: NoQuery,
    })
    .get(
      "/_/",
      async ({ request, set, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, "/_/login");
        const collections = await project.collections.read(({ all }) => {
          const entries = all.map(async ({ id, name, type, definition }) => {
            const records = await countRecords(project.store, name);
            return { name, type, system: definition.system, records, declaredIn: project.collections.declaredIn(id) };
          });
          return Promise.all(entries);
        });
        return page(set, renderHtml(CollectionsPage({ ...frame(request, viewer), collections })));
      },
      { ...door("owners", described("All collections")), query: NoQuery },
    )
    .get(
      "/_/collections/:collection",
      async ({ request, set, params, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { search = "", sort = "" } = query;
        const { collection, known, list } = await project.collections.read(async (collections) => {
          const place = placeOf(collections, params.collection, askOf(request, viewer), "not_found");
          const { collection } = place;
          const base = {
            ...pageOf(query),
            filter: searchFilter(collection, search),
            skipTotal: false,
            gone: request.signal,
          };
          const known = collection.field(sort.replace(/^-/, "")) ? sort : "";
          const list = await listRecords(project, place, { ...base, sort: known || newestFirst(collection) });
          return { collection, known, list };
        });
        const facts = {
          collection: collection.name,
          fields: collection.fields,
          records: list.items,
          search,
          sort: known,
          declaredIn: project.collections.declaredIn(collection.id),
        };
        const { page: number, totalPages: pages, totalItems: total } = list;
        return page(set, renderHtml(RecordsPage({ ...frame(request, viewer), ...facts, page: number, pages, total })));
      },
      { ...door("owners", described("The records of a collection")), params: CollectionParams, query: RecordsQuery },
    )
    .get(
      "/_/collections/:collection/:id",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { collection, record } = await project.collections.read(async (collections) => {
          const place = placeOf(collections, params.collection, askOf(request, viewer), "not_found");
          return { collection: place.collection, record: await viewRecord(project, place, params.id) };
        });
        const facts = { collection: collection.name, fields: collection.fields, record };
        return page(set, renderHtml(RecordPage({ ...frame(request, viewer), ...facts })));
      },
      { ...door("owners", described("One record")), params: RecordParams, query: NoQuery },
    );
}

async function mustOpenSetup({ setup }: Project, token = ""): Promise<void> {
  if (!(await setup.opens(token))) throw new Refusal("forbidden", "setup_closed");
}

/** What every page of the dashboard says about whom it is for. */
function frame(request: Request, viewer: Viewer) {
  const owner = viewer.kind === "guest" ? "" : String(viewer.record["email"] ?? "");
  return { language: languageFrom(request), owner };
}

/** Only to pages of the dashboard: nobody is led elsewhere by a link to our sign-in. */
function nextOf(next = ""): string {
  return /^\/_\/[\w/-]*$/.test(next) ? next : "/_/";
}

function toSignIn(request: Request): string {
  return `/_/login?next=${encodeURIComponent(new URL(request.url).pathname)}`;
}

/** The API says `identity` where the page says `email`. */
function renamed({ identity, ...others }: Problems): Problems {
  return identity ? { email: identity, ...others } : others;
}

function newestFirst(collection: Collection): string {
  return collection.field("created") ? "-created" : "-@rowid";
}
