import { createCollection, deleteCollection, updateCollection } from "../collections/apply.ts";
import type { Collection } from "../collections/collection.ts";
import { shown, unbuiltFlows } from "../collections/definition.ts";
import { listCollections } from "../collections/listing.ts";
import type { Step } from "../collections/plan.ts";
import type { Json } from "../fields/field.ts";
import { Type } from "@sinclair/typebox";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import { takesPayload } from "../http/front.ts";
import { inferredBody, usualLimit } from "../http/incoming.ts";
import { loose } from "../http/loose.ts";
import { empty, json, problemsJson } from "../http/reply.ts";
import { Refusal } from "../lib/errors.ts";
import { type Language, languageOf, sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { truncate } from "../records/remove.ts";
import { demandTable } from "../records/rules.ts";
import type { Entrance } from "../http/entrance.ts";
import { AnswerQuery, CollectionParams, isYes, ListQuery, pageOf, SaveQuery, takesNothing } from "./schemas.ts";

/** Ours: built-in collections that only Formstead has are listed for who asks. */
const CollectionsListQuery = loose({
  ...ListQuery.properties,
  ours: Type.Optional(
    Type.String({ description: "`true`: also those that only Formstead has, `_forms` and `_submissions`." }),
  ),
});

const described = (summary: string) => door("superusers", { summary, tags: ["collections"] });

/** The collections themselves, for superusers (API.md 1.7). */
export function collectionRoutes(app: Entrance, project: Project) {
  const found = (idOrName: string): Collection => {
    const collection = project.collections.find(idOrName);
    if (!collection) throw new Refusal("not found", "not_found");
    return collection;
  };
  /** A definition as it is answered, with the file that it lives in, and the ways to sign in that it asks for in vain. */
  const answered = (definition: { readonly [key: string]: Json }): Json => {
    const id = String(definition["id"]);
    const declaredIn = project.collections.declaredIn(id);
    const notYet = unbuiltFlows(project.collections.find(id)?.definition);
    return {
      ...definition,
      ...(declaredIn === undefined ? {} : { declaredIn }),
      ...(notYet.length === 0 ? {} : { notYet }),
    };
  };
  const seen = ({ definition }: Collection): Json => answered(shown(definition));

  return app
    .get(
      "/api/collections",
      async ({ request, set, query, viewer }) => {
        const { sort = "", filter = "" } = query;
        const wish = { ...pageOf(query), sort, filter, skipTotal: isYes(query.skipTotal), ours: isYes(query.ours) };
        const list = await listCollections(
          project.store,
          project.collections.current,
          askOf(request, viewer, query),
          wish,
        );
        return json(set, { ...list, items: list.items.map(answered) }, query.fields);
      },
      { ...described("Lists collections"), query: CollectionsListQuery },
    )
    .post(
      "/api/collections",
      async ({ request, set, query, body }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const rehearse = isYes(query.dryRun);
        const outcome = await createCollection(project, inferredBody(await body.read({ size: usualLimit })), {
          rehearse,
        });
        if (!outcome.ok) return problemsJson(set, language, "failed_to_create_collection", outcome.problems);
        const { collection, steps } = outcome.value;
        return json(set, rehearse ? toldSteps(language, steps) : seen(collection), query.fields);
      },
      { ...takesPayload, ...described("Creates a collection"), query: SaveQuery },
    )
    .get(
      "/api/collections/:collection",
      ({ set, params, query }) => json(set, seen(found(params.collection)), query.fields),
      { ...described("Shows a collection"), params: CollectionParams, query: AnswerQuery },
    )
    .patch(
      "/api/collections/:collection",
      async ({ request, set, params, query, body }) => {
        const language = languageOf(request.headers.get("accept-language"));
        const { id } = found(params.collection);
        const rehearse = isYes(query.dryRun);
        const outcome = await updateCollection(project, id, inferredBody(await body.read({ size: usualLimit })), {
          rehearse,
        });
        if (!outcome.ok) return problemsJson(set, language, "failed_to_update_collection", outcome.problems);
        const { collection, steps } = outcome.value;
        return json(set, rehearse ? toldSteps(language, steps) : seen(collection), query.fields);
      },
      { ...takesPayload, ...described("Changes a collection"), params: CollectionParams, query: SaveQuery },
    )
    .delete(
      "/api/collections/:collection",
      async ({ set, params }) => {
        await deleteCollection(project, found(params.collection).id);
        return empty(set);
      },
      {
        ...takesNothing,
        ...described("Deletes a collection and its records"),
        params: CollectionParams,
        query: AnswerQuery,
      },
    )
    .delete(
      "/api/collections/:collection/truncate",
      async ({ set, params }) => {
        demandTable(found(params.collection));
        await project.collections
          .write((collections) => truncate(project, collections, found(params.collection)))
          .catch(told);
        return empty(set);
      },
      {
        ...takesNothing,
        ...described("Deletes all records of a collection"),
        params: CollectionParams,
        query: AnswerQuery,
      },
    );
}

/** A record that is refused its removal stands for the whole collection here. */
function told(error: unknown): never {
  if (!(error instanceof Refusal) || error.code !== "failed_to_delete_record") throw error;
  throw new Refusal("bad request", "failed_to_truncate_collection");
}

/** What a dry run answers: each step in words, and whether it loses data. */
function toldSteps(language: Language, steps: readonly Step[]): Json {
  return { steps: steps.map(({ code, params, loses }) => ({ says: sentence(language, code, params), loses })) };
}
