import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import { takesPayload } from "../http/front.ts";
import { empty, json, problemsJson } from "../http/reply.ts";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { deleteRecord } from "../records/remove.ts";
import { updateRecord } from "../records/write.ts";
import type { Entrance } from "../http/entrance.ts";
import { expandDone, listExpanded, viewExpanded } from "./expanding.ts";
import { apiLimitsOf, createCounted, placeOf, readFor } from "./place.ts";
import {
  AnswerQuery,
  CollectionParams,
  ExpandQuery,
  isYes,
  ListQuery,
  pageOf,
  RecordParams,
  takesNothing,
} from "./schemas.ts";

const described = (summary: string) => door("rules", { summary, tags: ["records"] });

/** The records of any collection, under its rules (API.md 1.2). */
export function recordRoutes(app: Entrance, project: Project) {
  return app
    .get(
      "/api/collections/:collection/records",
      async ({ request, set, params, query, viewer }) => {
        const { sort = "", filter = "", skipTotal = "" } = query;
        const wish = { ...pageOf(query), sort, filter, skipTotal: isYes(skipTotal), gone: request.signal };
        const list = await project.collections.read((collections) => {
          const here = placeOf(collections, params.collection, askOf(request, viewer, query));
          return listExpanded(project, here, wish, query.expand);
        });
        return json(set, { ...list }, query.fields);
      },
      { ...described("Lists records"), params: CollectionParams, query: ListQuery },
    )
    .get(
      "/api/collections/:collection/records/:id",
      async ({ request, set, params, query, viewer }) => {
        const record = await project.collections.read((collections) => {
          const here = placeOf(collections, params.collection, askOf(request, viewer, query));
          return viewExpanded(project, here, params.id, query.expand, request.signal);
        });
        return json(set, record, query.fields);
      },
      { ...described("Shows a record"), params: RecordParams, query: ExpandQuery },
    )
    .post(
      "/api/collections/:collection/records",
      async ({ request, set, params, query, body, viewer, address }) => {
        const ask = askOf(request, viewer, query);
        const outcome = await project.collections.write(async (collections) => {
          const here = placeOf(collections, params.collection, ask);
          const payload = await readFor(project, here, "create", body, apiLimitsOf(here.collection));
          return createCounted(project, here, payload, () => address(request));
        });
        if (outcome.ok) {
          const record = await expandDone(project, params.collection, ask, outcome.value, query.expand);
          return json(set, record, query.fields);
        }
        const language = languageOf(request.headers.get("accept-language"));
        return problemsJson(set, language, "failed_to_create_record", outcome.problems);
      },
      { ...takesPayload, ...described("Creates a record"), params: CollectionParams, query: ExpandQuery },
    )
    .patch(
      "/api/collections/:collection/records/:id",
      async ({ request, set, params, query, body, viewer, address }) => {
        const ask = askOf(request, viewer, query);
        const outcome = await project.collections.write(async (collections) => {
          const here = placeOf(collections, params.collection, ask);
          const payload = await readFor(project, here, "update", body, apiLimitsOf(here.collection));
          return updateRecord(project, here, params.id, payload, { address: address(request) });
        });
        if (outcome.ok) {
          const record = await expandDone(project, params.collection, ask, outcome.value, query.expand);
          return json(set, record, query.fields);
        }
        const language = languageOf(request.headers.get("accept-language"));
        return problemsJson(set, language, "failed_to_update_record", outcome.problems);
      },
      { ...takesPayload, ...described("Updates a record"), params: RecordParams, query: ExpandQuery },
    )
    .delete(
      "/api/collections/:collection/records/:id",
      async ({ request, set, params, query, viewer }) => {
        await project.collections.write((collections) => {
          return deleteRecord(
            project,
            placeOf(collections, params.collection, askOf(request, viewer, query)),
            params.id,
          );
        });
        return empty(set);
      },
      { ...takesNothing, ...described("Deletes a record"), params: RecordParams, query: AnswerQuery },
    );
}
