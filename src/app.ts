import { staticPlugin } from "@elysiajs/static";
import { publicFiles, publicFolder } from "./embedded.ts";
import { type Listener, machinesOf, networksOf } from "./http/address.ts";
import { isShownAgain } from "./http/doors.ts";
import { openTurnstile } from "./http/turnstile.ts";
import { type Entrance, entrance } from "./http/entrance.ts";
import { openCompressed } from "./http/compressed.ts";
import { openOrigins } from "./http/guard.ts";
import { openSite } from "./http/site.ts";
import { renderHtml } from "./html/index.ts";
import { RefusalPage } from "./pages/site/refusal-page.tsx";
import { type Language, sentence } from "./phrases/index.ts";
import type { Project } from "./project.ts";
import { findAuthRecord } from "./records/identity.ts";
import { backupRoutes } from "./routes/backups.ts";
import { collectionRoutes } from "./routes/collections.ts";
import { collectionsMetaRoutes } from "./routes/collections-meta.ts";
import { dashboardFormRoutes } from "./routes/dashboard-forms.ts";
import { inboxRoutes } from "./routes/dashboard-inbox.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { exportRoutes } from "./routes/exports.ts";
import { fileRoutes } from "./routes/files.ts";
import { formDraftRoutes } from "./routes/form-drafts.ts";
import { formRoutes } from "./routes/forms.ts";
import { formspreeRoutes } from "./routes/formspree.ts";
import { healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.ts";
import { importRoutes } from "./routes/imports.ts";
import { mailboxRoutes } from "./routes/mailbox.ts";
import { nowhereRoutes } from "./routes/nowhere.ts";
import { loginRoutes } from "./routes/login.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { ownerSignInRoutes } from "./routes/owner-sign-in.ts";
import { peopleRoutes } from "./routes/people-pages.ts";
import { profileRoutes } from "./routes/profile.ts";
import { recordRoutes } from "./routes/records.ts";
import { resendRoutes } from "./routes/resend.ts";
import { submissionFileRoutes } from "./routes/submission-files.ts";
import { registerRoutes } from "./routes/register.ts";
import { resourceRoutes } from "./routes/resources.ts";
import { settingsRoutes } from "./routes/settings-api.ts";
import { submissionRoutes } from "./routes/submissions-api.ts";
import { settingsPageRoutes } from "./routes/settings-pages.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { webhookPageRoutes } from "./routes/webhook-pages.ts";
import { siteOf } from "./settings/settings.ts";

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
  const compressed = openCompressed(publicFiles());
  const server = options.server ?? (() => app.server);
  const { settings } = project;
  const machine = machinesOf(server, () => settings.current.trustedProxy);
  const app: Entrance = entrance({
    origins: openOrigins(config),
    renderRefusal: ({ path, ...facts }) => {
      const inside = path.startsWith("/_/");
      const frame = inside ? { next: toDashboard(facts.language) } : siteOf(settings);
      return renderHtml(RefusalPage({ ...facts, ...frame }));
    },
    logFault: (id, error) => logs.fault(id, error),
    logRequest: (method, path, status, milliseconds, id) => logs.request(method, path, status, milliseconds, id),
    tokens: project.tokens,
    tempFolder: project.dir.tmp,
    site: (request, path) => site.find(request, path) ?? compressed(request, path),
    address: networksOf(machine),
    machine,
    admit: openTurnstile({ settings, machine, find: (idOrName) => project.collections.find(idOrName) }),
    showsAgain: (path) => isShownAgain(app.routes, path),
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
  fileRoutes(app, project);
  submissionFileRoutes(app, project);
  resendRoutes(app, project);
  collectionRoutes(app, project);
  collectionsMetaRoutes(app, project);
  settingsRoutes(app, project);
  backupRoutes(app, project);
  signInRoutes(app, project);
  registerRoutes(app, project);
  loginRoutes(app, project);
  profileRoutes(app, project);
  formRoutes(app, project);
  formspreeRoutes(app, project);
  formDraftRoutes(app, project);
  ownerSignInRoutes(app, project);
  settingsPageRoutes(app, project);
  webhookPageRoutes(app, project);
  dashboardRoutes(app, project);
  dashboardFormRoutes(app, project);
  exportRoutes(app, project);
  importRoutes(app, project);
  peopleRoutes(app, project);
  inboxRoutes(app, project);
  submissionRoutes(app, project);
  mailboxRoutes(app, project);
  homeRoutes(app, project);
  resourceRoutes(app, project);
  nowhereRoutes(app);
  openapiRoutes(app, project);
  hooks.addRoutes(() => app.compile());
  await app.modules;
  project.hooks.use(hooks.wishes);
  await project.followers.follow(project.hooks.listeners);
  project.work();
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
function toDashboard(language: Language) {
  return { href: "/_/", label: sentence(language, "page_welcome_dashboard") };
}
