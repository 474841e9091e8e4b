import { importCollections } from "../collections/importing.ts";
import { oauth2Providers } from "../collections/oauth2-providers.ts";
import { scaffolds } from "../collections/scaffolds.ts";
import { dryRunView, longestDryRun } from "../records/view-sample.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { inferredBody, usualLimit } from "../http/incoming.ts";
import { empty, json, problemsJson } from "../http/reply.ts";
import { type Problem, problem, Refusal } from "../lib/errors.ts";
import { languageOf, sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { AnswerQuery } from "./schemas.ts";

const described = (summary: string) => ({
  ...door("superusers", { summary, tags: ["collections"] }),
  query: AnswerQuery,
});

/** What is about collections as a whole, for superusers (API.md 1.7). */
export function collectionsMetaRoutes(app: Entrance, project: Project) {
  return app
    .put(
      "/api/collections/import",
      async ({ request, set, body }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const { collections, deleteMissing } = inferredBody(await body.read({ size: usualLimit }));
        if (!Array.isArray(collections) || collections.length === 0) {
          const problems = { collections: problem("validation_required") };
          return problemsJson(set, language, "failed_to_validate", problems);
        }
        const outcome = await importCollections(project, collections, { deleteMissing: deleteMissing === true });
        return outcome.ok ? empty(set) : problemsJson(set, language, "failed_to_import_collections", outcome.problems);
      },
      { ...takesPayload, ...described("Makes collections as they are described") },
    )
    .get(
      "/api/collections/meta/scaffolds",
      ({ set, query }) => json(set, scaffolds(), query.fields),
      described("What a new collection of each type looks like"),
    )
    .get(
      "/api/collections/meta/oauth2-providers",
      ({ set, query }) => {
        return json(
          set,
          oauth2Providers.map((it) => ({ ...it })),
          query.fields,
        );
      },
      described("The OAuth2 providers that a collection may name"),
    )
    .post(
      "/api/collections/meta/dry-run-view",
      async ({ request, set, query, body }) => {
        const sent = inferredBody(await body.read({ size: usualLimit }));
        const text = typeof sent["query"] === "string" ? sent["query"] : "";
        const wrong = lengthProblem(text);
        if (wrong) {
          const language = languageOf(request.headers.get("accept-language"));
          return problemsJson(set, language, "failed_to_validate", { query: wrong });
        }
        const outcome = await project.collections.read((collections) => dryRunView(project.store, collections, text));
        if (outcome.ok) return json(set, outcome.value, query.fields);
        const { code, params } = outcome.problem;
        throw new Refusal("bad request", "view_dry_run_failed", { reason: sentence("en", code, params) });
      },
      { ...takesPayload, ...described("Says what a view with this query would show") },
    );
}

function lengthProblem(text: string): Problem | undefined {
  if (text.trim() === "") return problem("validation_required");
  return text.length > longestDryRun ? problem("validation_length_too_long", { max: longestDryRun }) : undefined;
}
