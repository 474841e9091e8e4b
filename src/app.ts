import { staticPlugin } from "@elysiajs/static";
import { publicFolder } from "./embedded.ts";
import { entrance } from "./http/entrance.ts";
import { openOrigins } from "./http/guard.ts";
import { openSite } from "./http/site.ts";
import { renderHtml } from "./html/index.ts";
import { RefusalPage } from "./pages/site/refusal-page.tsx";
import type { Project } from "./project.ts";
import { findAuthRecord } from "./records/identity.ts";
import { collectionRoutes } from "./routes/collections.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { formRoutes } from "./routes/forms.ts";
import { healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { recordRoutes } from "./routes/records.ts";
import { signInRoutes } from "./routes/sign-in.ts";

/** The whole HTTP surface of a project. Hooks come before routes: a route never meets a hook that is added after it. */
export async function createApp(project: Project) {
  const { config, logs } = project;
  const site = openSite(config.publicDir, config.indexFallback);
  const app = entrance({
    origins: openOrigins(config),
    renderRefusal: (facts) => renderHtml(RefusalPage(facts)),
    logFault: (id, error) => logs.fault(id, error),
    logRequest: (method, path, status, milliseconds, id) => logs.request(method, path, status, milliseconds, id),
    tokens: project.tokens,
    tempFolder: project.dir.tmp,
    site: site.find,
    fallback: site.fallback,
    findCollection: (id) => project.collections.find(id),
    findPerson: ({ id: among }, id) =>
      project.collections.read(async (set) => {
        const collection = set.find(among);
        return collection && findAuthRecord(project, collection, id);
      }),
  });
  app.use(await staticPlugin({ assets: publicFolder, prefix: "", alwaysStatic: true, etag: false, detail: embedded }));

  healthRoutes(app);
  recordRoutes(app, project);
  collectionRoutes(app, project);
  signInRoutes(app, project);
  formRoutes(app, project);
  dashboardRoutes(app, project);
  homeRoutes(app);
  openapiRoutes(app, project);
  return app;
}

const embedded = { "x-door": "anyone", hide: true };
