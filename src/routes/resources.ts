import { NotFoundError } from "elysia";
import type { VNode } from "preact";
import type { AddressOf } from "../http/address.ts";
import { askOf } from "../http/ask.ts";
import { door, showsAgain } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import type { Incoming } from "../http/incoming.ts";
import { empty, json, page, problemsJson, refusalStatus, seeOther, wantsPage } from "../http/reply.ts";
import { isTurnedAway } from "../http/visits.ts";
import { renderHtml } from "../html/index.ts";
import { Refusal } from "../lib/errors.ts";
import { signInAddress } from "../pages/resources/resource-layout.tsx";
import type { Project } from "../project.ts";
import { mayOpen } from "../records/allowed.ts";
import { deleteRecord } from "../records/remove.ts";
import { updateRecord } from "../records/write.ts";
import { dropDraft, joinDraft, keepAll, keepFiles, stillKept } from "./drafting.ts";
import { expandDone, listExpanded, viewExpanded } from "./expanding.ts";
import { createCounted, limitsAgain, readFor } from "./place.ts";
import * as pages from "./resource-pages.ts";
import {
  hereOf,
  languageFrom,
  listWishOf,
  placeIn,
  ResourceParams,
  ResourceQuery,
  ResourcesParams,
  type Visited,
  wishOf,
} from "./resource-request.ts";
import { takesNothing } from "./schemas.ts";

/** A request to save something. */
interface Sent extends Visited {
  readonly body: Incoming;
  readonly address: AddressOf;
}

const described = (summary: string) => door("rules", { summary, tags: ["pages"] });

/** Collections with `pages: true` at the root (FORMS.md 2): pages for people, and the same URLs as a REST API. */
export function resourceRoutes(app: Entrance, project: Project) {
  /** Draws a page in one set of collections; who is signed out where that keeps them out is asked to sign in. */
  async function show(it: Visited, draw: (look: pages.Look) => Promise<VNode>): Promise<string> {
    const { request, set, params, query, viewer, visit } = it;
    if (!wantsPage(request, visit.path)) throw new NotFoundError();
    const frame = pages.frameOf(project, languageFrom(request), viewer, hereOf(request), query.done);
    const ask = askOf(request, viewer, query);
    try {
      const drawn = await project.collections.read((collections) => {
        return draw({ project, place: placeIn(collections, params.collection, ask), frame });
      });
      return page(set, renderHtml(drawn));
    } catch (error) {
      if (error instanceof Refusal && error.kind === "signed out") return seeOther(set, signInAddress(frame.here));
      throw error;
    }
  }

  /** Answers what was sent with a page that is not the next one. */
  async function answer(
    it: Visited,
    form: string,
    draw: (look: pages.Look) => Promise<pages.Answered>,
  ): Promise<string> {
    const { request, set, params, query, viewer } = it;
    const ask = askOf(request, viewer, query);
    const here = [params.collection, ...(params.id === undefined ? [] : [params.id]), form].map(encodeURIComponent);
    const frame = pages.frameOf(project, languageFrom(request), viewer, `/${here.join("/")}`);
    const { html, status } = await project.collections.read((collections) => {
      return draw({ project, place: placeIn(collections, params.collection, ask), frame });
    });
    return page(set, renderHtml(html), status);
  }

  async function showJson({ request, set, params, query, viewer }: Visited): Promise<string> {
    const record = await project.collections.read((collections) => {
      const place = placeIn(collections, params.collection, askOf(request, viewer, query));
      return viewExpanded(project, place, params.id ?? "", query.expand, request.signal);
    });
    return json(set, record, query.fields);
  }

  async function save(it: Sent): Promise<string> {
    const { request, set, params, query, body, viewer, visit, address } = it;
    const { id } = params;
    const isNew = id === undefined;
    const ask = { ...askOf(request, viewer, query), method: isNew ? "POST" : "PATCH" };
    const pageWanted = wantsPage(request, visit.path);
    const target = visit.path;
    const from = address(request);
    const rule = isNew ? "create" : "update";
    const again = async (failure: pages.Failure) => {
      const place = placeIn(project.collections.current, params.collection, ask);
      const { collection } = place;
      const limits = limitsAgain(visit, viewer, collection.fields);
      const sent = await (visit.refused ? readFor(project, place, rule, body, limits) : body.read());
      const joined = await joinDraft(project, sent, target);
      const failed = { ...joined, target, address: from, ...failure };
      const keep = pages.signInHelps(id, viewer, failure) ? keepAll : keepFiles;
      const draft = await (isTurnedAway(visit, viewer)
        ? stillKept(project, joined, target)
        : keep(project, failed, collection, it));
      return answer(it, isNew ? "new" : "edit", async (look) => {
        const { payload } = joined;
        if (visit.refused) return pages.drawSent(look, id, payload, visit.refused, draft);
        return pages.drawAgain(look, id, payload, failure, draft);
      });
    };
    try {
      if (visit.refused) throw visit.refused;
      const { outcome, joined } = await project.collections.write(async (collections) => {
        const place = placeIn(collections, params.collection, ask);
        const sent = await readFor(project, place, rule, body);
        const joined = await joinDraft(project, sent, target);
        const outcome = await (isNew
          ? createCounted(project, place, joined.payload, () => from)
          : updateRecord(project, place, id, joined.payload, { address: from }));
        return { outcome, joined };
      });
      if (outcome.ok) await dropDraft(project, joined);
      if (outcome.ok && !pageWanted) {
        return json(set, await expandDone(project, params.collection, ask, outcome.value, query.expand), query.fields);
      }
      if (outcome.ok) {
        const next = await project.collections.read((collections) => {
          const place = placeIn(collections, params.collection, ask);
          return pages.pageAfter({ project, place }, String(outcome.value["id"]), isNew ? "created" : "updated");
        });
        return seeOther(set, next);
      }
      if (pageWanted) return await again({ problems: outcome.problems });
      const code = isNew ? "failed_to_create_record" : "failed_to_update_record";
      return problemsJson(set, languageFrom(request), code, outcome.problems);
    } catch (error) {
      if (!pageWanted || !(error instanceof Refusal) || error.code === "superusers_only") throw error;
      // How long to wait is said beside the page, which has its own status.
      refusalStatus(set, error);
      // Nothing typed is lost: the form comes back with it. A body that cannot be read is refused once more.
      return again({ refusal: error });
    }
  }

  async function remove(it: Visited): Promise<string> {
    const { request, set, params, query, viewer, visit } = it;
    const id = params.id ?? "";
    const ask = { ...askOf(request, viewer, query), method: "DELETE" };
    const pageWanted = wantsPage(request, visit.path);
    try {
      const place = await project.collections.write(async (collections) => {
        const place = placeIn(collections, params.collection, ask);
        await deleteRecord(project, place, id);
        return place;
      });
      if (!pageWanted) return empty(set);
      const listed = mayOpen(pages.asMethod(place, "GET"), "list");
      return seeOther(set, listed ? `/${place.collection.name}?done=deleted` : "/");
    } catch (error) {
      if (!pageWanted || !(error instanceof Refusal)) throw error;
      return answer(it, "delete", (look) => pages.drawKept(look, id, error));
    }
  }

  const withPages = (path: string) => project.collections.find(path.split("/")[1] ?? "")?.definition.pages === true;
  const sent = (summary: string) => showsAgain(described(summary), withPages);

  return app
    .get(
      "/:collection",
      async ({ request, set, params, query, viewer, visit }) => {
        const it = { request, set, params, query, viewer, visit };
        if (wantsPage(request, visit.path)) {
          return show(it, (look) => pages.drawList(look, listWishOf(query, request)));
        }
        const list = await project.collections.read((collections) => {
          const place = placeIn(collections, params.collection, askOf(request, viewer, query));
          return listExpanded(project, place, wishOf(query, request), query.expand);
        });
        return json(set, { ...list }, query.fields);
      },
      { ...described("Lists records"), params: ResourcesParams, query: ResourceQuery },
    )
    .get(
      "/:collection/",
      ({ request, set, params, viewer, query }) => {
        const { collection } = placeIn(project.collections.current, params.collection, askOf(request, viewer, query));
        return seeOther(set, `/${collection.name}${new URL(request.url).search}`);
      },
      { ...door("rules", { hide: true }), params: ResourcesParams, query: ResourceQuery },
    )
    .post(
      "/:collection",
      ({ request, set, params, query, body, viewer, visit, address }) => {
        return save({ request, set, params: { collection: params.collection }, query, body, viewer, visit, address });
      },
      { ...takesPayload, ...sent("Creates a record"), params: ResourcesParams, query: ResourceQuery },
    )
    .get(
      "/:collection/new",
      ({ request, set, params, query, viewer, visit }) => {
        const it = { request, set, params, query, viewer, visit };
        return wantsPage(request, visit.path)
          ? show(it, pages.drawNew)
          : showJson({ ...it, params: { ...params, id: "new" } });
      },
      { ...described("The form for a new record"), params: ResourcesParams, query: ResourceQuery },
    )
    .get(
      "/:collection/:id",
      ({ request, set, params, query, viewer, visit }) => {
        const it = { request, set, params, query, viewer, visit };
        return wantsPage(request, visit.path) ? show(it, (look) => pages.drawRecord(look, params.id)) : showJson(it);
      },
      { ...described("Shows a record"), params: ResourceParams, query: ResourceQuery },
    )
    .get(
      "/:collection/:id/edit",
      ({ request, set, params, query, viewer, visit }) => {
        return show({ request, set, params, query, viewer, visit }, (look) => pages.drawEdit(look, params.id));
      },
      { ...described("The form for a record"), params: ResourceParams, query: ResourceQuery },
    )
    .get(
      "/:collection/:id/delete",
      ({ request, set, params, query, viewer, visit }) => {
        return show({ request, set, params, query, viewer, visit }, (look) => pages.drawDelete(look, params.id));
      },
      { ...described("Asks whether to delete a record"), params: ResourceParams, query: ResourceQuery },
    )
    .post(
      "/:collection/:id",
      ({ request, set, params, query, body, viewer, visit, address }) =>
        save({ request, set, params, query, body, viewer, visit, address }),
      {
        ...takesPayload,
        ...sent("Changes a record, as a form does"),
        params: ResourceParams,
        query: ResourceQuery,
      },
    )
    .patch(
      "/:collection/:id",
      ({ request, set, params, query, body, viewer, visit, address }) =>
        save({ request, set, params, query, body, viewer, visit, address }),
      { ...takesPayload, ...described("Changes a record"), params: ResourceParams, query: ResourceQuery },
    )
    .put(
      "/:collection/:id",
      ({ request, set, params, query, body, viewer, visit, address }) =>
        save({ request, set, params, query, body, viewer, visit, address }),
      {
        ...takesPayload,
        ...described("Changes a record; the same as PATCH"),
        params: ResourceParams,
        query: ResourceQuery,
      },
    )
    .post(
      "/:collection/:id/delete",
      ({ request, set, params, query, viewer, visit }) => remove({ request, set, params, query, viewer, visit }),
      {
        ...takesNothing,
        ...described("Deletes a record, as a form does"),
        params: ResourceParams,
        query: ResourceQuery,
      },
    )
    .delete(
      "/:collection/:id",
      ({ request, set, params, query, viewer, visit }) => remove({ request, set, params, query, viewer, visit }),
      { ...takesNothing, ...described("Deletes a record"), params: ResourceParams, query: ResourceQuery },
    );
}
