import { staticPlugin } from "@elysiajs/static";
import { publicFolder } from "./embedded.ts";
import { addressesOf, type Listener } from "./http/address.ts";
import { type Entrance, entrance } from "./http/entrance.ts";
import { openOrigins } from "./http/guard.ts";
import { openSite } from "./http/site.ts";
import { renderHtml } from "./html/index.ts";
import { RefusalPage } from "./pages/site/refusal-page.tsx";
import { type Language, sentence } from "./phrases/index.ts";
import type { Project } from "./project.ts";
import { findAuthRecord } from "./records/identity.ts";
import { collectionRoutes } from "./routes/collections.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { formRoutes } from "./routes/forms.ts";
import { healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.ts";
import { nowhereRoutes } from "./routes/nowhere.ts";
import { loginRoutes } from "./routes/login.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { profileRoutes } from "./routes/profile.ts";
import { recordRoutes } from "./routes/records.ts";
import { registerRoutes } from "./routes/register.ts";
import { resourceRoutes } from "./routes/resources.ts";
import { signInRoutes } from "./routes/sign-in.ts";

export interface AppOptions {
  /** The server of the app that takes ours in: it knows where requests come from. Our own when absent. */
  readonly server?: () => Listener | null;
}

/**
 * The whole HTTP surface of a project, and from now on what people's hooks want. Their middleware comes before all routes, since a
 * route never meets what is added after it, and their own routes come last, since the last one at an address counts.
 */
export async function createApp(project: Project, options: AppOptions = {}) {
  const { config, logs } = project;
  const site = openSite(config.publicDir, config.indexFallback);
  const server = options.server ?? (() => app.server);
  const app: Entrance = entrance({
    origins: openOrigins(config),
    renderRefusal: ({ path, ...facts }) => renderHtml(RefusalPage({ ...facts, next: wayOn(path, facts.language) })),
    logFault: (id, error) => logs.fault(id, error),
    logRequest: (method, path, status, milliseconds, id) => logs.request(method, path, status, milliseconds, id),
    tokens: project.tokens,
    tempFolder: project.dir.tmp,
    site: site.find,
    address: addressesOf(server),
    keeper: server,
    fallback: site.fallback,
    findCollection: (id) => project.collections.find(id),
    findPerson: ({ id: among }, id) =>
      project.collections.read(async (set) => {
        const collection = set.find(among);
        return collection && findAuthRecord(project, collection, id);
      }),
  });
  const hooks = await project.loadHooks(app);
  app.use(await staticPlugin({ assets: publicFolder, ...embedded }));

  healthRoutes(app);
  recordRoutes(app, project);
  collectionRoutes(app, project);
  signInRoutes(app, project);
  registerRoutes(app, project);
  loginRoutes(app, project);
  profileRoutes(app, project);
  formRoutes(app, project);
  dashboardRoutes(app, project);
  homeRoutes(app, project);
  resourceRoutes(app, project);
  nowhereRoutes(app);
  openapiRoutes(app, project);
  hooks.addRoutes(() => app.compile());
  await app.modules;
  project.hooks.use(hooks.wishes);
  await project.followers.follow(project.hooks.listeners);
  return app;
}

/** What is sent is kept for an hour at most, so that an upgrade is soon seen everywhere. */
const embedded = {
  prefix: "",
  alwaysStatic: true,
  etag: false,
  headers: { "cache-control": "public, max-age=3600" },
  detail: { "x-door": "anyone", hide: true },
};

/** From a page of the dashboard the way leads back to the dashboard. */
function wayOn(path: string, language: Language) {
  return path.startsWith("/_/") ? { href: "/_/", label: sentence(language, "page_welcome_dashboard") } : undefined;
}
