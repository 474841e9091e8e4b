import { Type } from "@sinclair/typebox";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { loose } from "../http/loose.ts";
import { page } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { Refusal } from "../lib/errors.ts";
import { signInAddress } from "../pages/resources/resource-layout.tsx";
import { ResendPage } from "../pages/site/resend-page.tsx";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { siteFrame } from "./account.ts";
import { findToResend, namesOf } from "./drafting.ts";
import { NoQuery } from "./schemas.ts";

const DraftParams = loose({ token: Type.String({ description: "Names what was kept." }) });

/** What was sent while nobody was signed in, to be sent again with one button (FORMS.md 1). */
export function resendRoutes(app: Entrance, project: Project) {
  return app.get(
    "/resend/:token",
    async ({ request, set, params: { token }, viewer }) => {
      const draft = await findToResend(project, request, token);
      // Those of the dashboard are sent again there.
      if (draft.target.startsWith("/_/")) throw new Refusal("not found", "draft_gone");
      const facts = {
        ...siteFrame(project, languageOf(request.headers.get("accept-language")), viewer),
        action: draft.target,
        token,
        typed: draft.form,
        files: namesOf(draft.files),
      };
      const signIn = viewer.kind === "guest" ? { signIn: signInAddress(`/resend/${token}`) } : {};
      // What was typed stays in no cache.
      set.headers["cache-control"] = "no-store";
      return page(set, renderHtml(ResendPage({ ...facts, ...signIn })));
    },
    {
      ...door("anyone", { summary: "What was sent in vain, to be sent again", tags: ["pages"] }),
      params: DraftParams,
      query: NoQuery,
    },
  );
}
