import { Type } from "@sinclair/typebox";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { loose } from "../http/loose.ts";
import { seeOther } from "../http/reply.ts";
import { type CollectionEntry, CollectionsPage } from "../pages/dashboard/collections-page.tsx";
import { OverviewPage } from "../pages/dashboard/overview-page.tsx";
import { RecordPage } from "../pages/dashboard/record-page.tsx";
import { RecordsPage } from "../pages/dashboard/records-page.tsx";
import type { Project } from "../project.ts";
import { countRecords, listRecords, viewRecord } from "../records/read.ts";
import { searchFilter } from "../records/search.ts";
import { formEntries } from "./dashboard-forms.ts";
import { frame, newestFirst, show, toSignIn } from "./owner.ts";
import { placeOf } from "./place.ts";
import { CollectionParams, NoQuery, pageOf, RecordParams } from "./schemas.ts";

const optional = Type.Optional(Type.String({ maxLength: 2000 }));
const RecordsQuery = loose({
  page: Type.Optional(Type.String({ pattern: "^\\d{1,9}$" })),
  search: optional,
  sort: optional,
});

const described = (summary: string) => ({ summary, tags: ["dashboard"] });

/** The owner's first page, and the collections. Whoever is no superuser is shown to the sign-in. */
export function dashboardRoutes(app: Entrance, project: Project) {
  return app
    .get("/_", ({ set }) => seeOther(set, "/_/"), {
      ...door("anyone", { hide: true }),
      query: NoQuery,
    })
    .get(
      "/_/",
      async ({ request, set, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, "/_/login");
        const collections = (await collectionEntries(project)).filter(({ system }) => !system);
        const forms = await formEntries(project, viewer);
        return show(set, OverviewPage({ ...frame(request, viewer), forms, collections }));
      },
      { ...door("owners", described("What has arrived, and what there is")), query: NoQuery },
    )
    .get(
      "/_/collections",
      async ({ request, set, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const collections = await collectionEntries(project);
        return show(set, CollectionsPage({ ...frame(request, viewer), collections }));
      },
      { ...door("owners", described("All collections")), query: NoQuery },
    )
    .get(
      "/_/collections/:collection",
      async ({ request, set, params, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { search = "", sort = "" } = query;
        const { collection, known, list } = await project.collections.read(async (collections) => {
          const place = placeOf(collections, params.collection, askOf(request, viewer), "not_found");
          const { collection } = place;
          const base = {
            ...pageOf(query),
            filter: searchFilter(collection, search),
            skipTotal: false,
            gone: request.signal,
          };
          const known = collection.field(sort.replace(/^-/, "")) ? sort : "";
          const list = await listRecords(project, place, { ...base, sort: known || newestFirst(collection) });
          return { collection, known, list };
        });
        const facts = {
          collection: collection.name,
          fields: collection.fields,
          records: list.items,
          search,
          sort: known,
          declaredIn: project.collections.declaredIn(collection.id),
          fixed: collection.type === "view",
        };
        const { page: number, totalPages: pages, totalItems: total } = list;
        return show(set, RecordsPage({ ...frame(request, viewer), ...facts, page: number, pages, total }));
      },
      { ...door("owners", described("The records of a collection")), params: CollectionParams, query: RecordsQuery },
    )
    .get(
      "/_/collections/:collection/:id",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { collection, record } = await project.collections.read(async (collections) => {
          const place = placeOf(collections, params.collection, askOf(request, viewer), "not_found");
          return { collection: place.collection, record: await viewRecord(project, place, params.id) };
        });
        const facts = { collection: collection.name, fields: collection.fields, record };
        return show(set, RecordPage({ ...frame(request, viewer), ...facts }));
      },
      { ...door("owners", described("One record")), params: RecordParams, query: NoQuery },
    );
}

function collectionEntries({ collections, store }: Project): Promise<CollectionEntry[]> {
  return collections.read(({ all }) => {
    const entries = all.map(async (collection) => {
      const { id, name, type, definition } = collection;
      const facts = { name, type, system: definition.system, declaredIn: collections.declaredIn(id) };
      return definition.broken === undefined ? { ...facts, records: await countRecords(store, collection) } : facts;
    });
    return Promise.all(entries);
  });
}
