import { door } from "../http/doors.ts";
import { page } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { HomePage } from "../pages/site/home-page.tsx";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import type { Entrance } from "../http/entrance.ts";
import { siteFrame } from "./account.ts";
import { NoQuery } from "./schemas.ts";

/** `/`, where the user's folder has no `index.html`. */
export function homeRoutes(app: Entrance, project: Project) {
  return app.get(
    "/",
    ({ request, set, viewer }) => {
      const language = languageOf(request.headers.get("accept-language"));
      return page(set, renderHtml(HomePage(siteFrame(project, language, viewer))));
    },
    { ...door("anyone", { summary: "The home page of a server without a site", tags: ["pages"] }), query: NoQuery },
  );
}
