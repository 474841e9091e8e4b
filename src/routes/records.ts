import type { Collection } from "../collections/collection.ts";
import type { Viewer } from "../filter/scope.ts";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import { takesPayload } from "../http/front.ts";
import { usualLimit } from "../http/incoming.ts";
import { empty, json, problemsJson } from "../http/reply.ts";
import { Refusal } from "../lib/errors.ts";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { listRecords, type Place, viewRecord } from "../records/read.ts";
import { deleteRecord } from "../records/remove.ts";
import { closedTo } from "../records/rules.ts";
import { createRecord, updateRecord } from "../records/write.ts";
import type { Entrance } from "../http/entrance.ts";
import { AnswerQuery, CollectionParams, ListQuery, pageOf, RecordParams, takesNothing } from "./schemas.ts";

const described = (summary: string) => door("rules", { summary, tags: ["records"] });

/** The records of any collection, under its rules (API.md 1.2). */
export function recordRoutes(app: Entrance, project: Project) {
  return app
    .get(
      "/api/collections/:collection/records",
      async ({ request, set, params, query, viewer }) => {
        const here = placeOf(project, params.collection, request, viewer, query);
        const { sort = "", filter = "", skipTotal = "" } = query;
        const wish = { ...pageOf(query), sort, filter, skipTotal: /^(1|true)$/.test(skipTotal), gone: request.signal };
        return json(set, { ...(await listRecords(project, here, wish)) }, query.fields);
      },
      { ...described("Lists records"), params: CollectionParams, query: ListQuery },
    )
    .get(
      "/api/collections/:collection/records/:id",
      async ({ request, set, params, query, viewer }) => {
        const here = placeOf(project, params.collection, request, viewer, query);
        return json(set, await viewRecord(project, here, params.id), query.fields);
      },
      { ...described("Shows a record"), params: RecordParams, query: AnswerQuery },
    )
    .post(
      "/api/collections/:collection/records",
      async ({ request, set, params, query, body, viewer }) => {
        const here = placeOf(project, params.collection, request, viewer, query);
        mustBeOpen(here, "create");
        const outcome = await createRecord(project, here, await body.read({ size: sizeOf(here.collection) }));
        if (outcome.ok) return json(set, outcome.value, query.fields);
        const language = languageOf(request.headers.get("accept-language"));
        return problemsJson(set, language, "failed_to_create_record", outcome.problems);
      },
      { ...takesPayload, ...described("Creates a record"), params: CollectionParams, query: AnswerQuery },
    )
    .patch(
      "/api/collections/:collection/records/:id",
      async ({ request, set, params, query, body, viewer }) => {
        const here = placeOf(project, params.collection, request, viewer, query);
        mustBeOpen(here, "update");
        const payload = await body.read({ size: sizeOf(here.collection) });
        const outcome = await updateRecord(project, here, params.id, payload);
        if (outcome.ok) return json(set, outcome.value, query.fields);
        const language = languageOf(request.headers.get("accept-language"));
        return problemsJson(set, language, "failed_to_update_record", outcome.problems);
      },
      { ...takesPayload, ...described("Updates a record"), params: RecordParams, query: AnswerQuery },
    )
    .delete(
      "/api/collections/:collection/records/:id",
      async ({ request, set, params, query, viewer }) => {
        await deleteRecord(project, placeOf(project, params.collection, request, viewer, query), params.id);
        return empty(set);
      },
      { ...takesNothing, ...described("Deletes a record"), params: RecordParams, query: AnswerQuery },
    );
}

/** Where a request looks: one set of collections, held until it is answered. */
export function placeOf(
  project: Project,
  idOrName: string,
  request: Request,
  viewer: Viewer,
  query: Readonly<Record<string, unknown>>,
): Place {
  const set = project.collections.current;
  const collection = set.find(idOrName);
  if (!collection) throw new Refusal("not found", "missing_collection_context");
  return { collection, set, ask: askOf(request, viewer, query) };
}

/** Known before a byte of the body is read. */
function mustBeOpen({ collection, ask }: Place, rule: "create" | "update"): void {
  if (closedTo(collection, rule, ask)) throw new Refusal("forbidden", "superusers_only");
}

/** What a body may weigh: the usual, and what the collection's fields may hold (API.md 1.1). */
function sizeOf(collection: Collection): number {
  return usualLimit + collection.fields.reduce((sum, field) => sum + field.weight, 0);
}
