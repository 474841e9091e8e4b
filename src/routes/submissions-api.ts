import { Type } from "@sinclair/typebox";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { inferredBody, usualLimit } from "../http/incoming.ts";
import { loose } from "../http/loose.ts";
import { empty, json, problemsJson } from "../http/reply.ts";
import { bad, good, type Outcome, problem } from "../lib/errors.ts";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { viewExpanded } from "./expanding.ts";
import { placeOf } from "./place.ts";
import { AnswerQuery, takesNothing } from "./schemas.ts";

const SubmissionParams = loose({ id: Type.String({ description: "A submission's id." }) });

const described = (summary: string) => door("superusers", { summary, tags: ["submissions"] });

/** What the inbox does with an answer, for programs; notes and stars are fields of `_submissions`, and changed as those. */
export function submissionRoutes(app: Entrance, project: Project) {
  return app
    .post(
      "/api/submissions/:id/state",
      async ({ request, set, params, query, body, viewer }) => {
        const { state } = inferredBody(await body.read({ size: usualLimit }));
        const outcome = await move(project, params.id, state);
        if (!outcome.ok) {
          const language = languageOf(request.headers.get("accept-language"));
          return problemsJson(set, language, "failed_to_update_record", outcome.problems);
        }
        const moved = await project.collections.read((collections) => {
          const here = placeOf(collections, "_submissions", askOf(request, viewer, query));
          return viewExpanded(project, here, params.id, undefined, request.signal);
        });
        return json(set, moved, query.fields);
      },
      {
        ...described("Moves a submission: `new`, `read`, `spam`, `deleted`, or `restored`"),
        ...takesPayload,
        params: SubmissionParams,
        query: AnswerQuery,
      },
    )
    .delete(
      "/api/submissions/:id",
      async ({ set, params }) => {
        await project.inbox.purge(params.id);
        return empty(set);
      },
      {
        ...described("Deletes a submission for good, with its record and files"),
        ...takesNothing,
        params: SubmissionParams,
        query: AnswerQuery,
      },
    );
}

async function move({ inbox }: Project, id: string, state: unknown): Promise<Outcome<unknown>> {
  if (state === "restored") return inbox.restore(id);
  if (state === "spam") await inbox.spam(id);
  else if (state === "deleted") await inbox.remove(id);
  else if (state === "new" || state === "read") {
    const outcome = await inbox.release(id);
    if (!outcome.ok) return outcome;
    await inbox.mark(id, state);
  } else return bad({ state: problem("validation_submission_moves") });
  return good(undefined);
}
