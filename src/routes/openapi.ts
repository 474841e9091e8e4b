import { toOpenAPISchema } from "@elysiajs/openapi";
import type { AnyElysia } from "elysia";
import { collectionSchemas } from "../collections/publish.ts";
import { version } from "../embedded.ts";
import type { Json } from "../fields/field.ts";
import { door } from "../http/doors.ts";
import { json } from "../http/reply.ts";
import type { Project } from "../project.ts";
import type { Entrance } from "../http/entrance.ts";
import { AnswerQuery } from "./schemas.ts";

/** The API as a document: every route as it is declared, and the fields of each collection the viewer may know of. */
export function openapiRoutes(app: Entrance, project: Project) {
  let paths: { [key: string]: Json } | undefined;
  return app.get(
    "/api/openapi.json",
    ({ set, query, viewer }) => {
      paths ??= pathsOf(app);
      const schemas = collectionSchemas(project.collections.current, viewer);
      return json(set, { ...about, paths, components: { ...components, schemas } }, query.fields);
    },
    { ...door("anyone", { summary: "This document", tags: ["openapi"] }), query: AnswerQuery },
  );
}

const about = {
  openapi: "3.0.3",
  info: {
    title: "Formstead",
    version,
    description: "The JSON API under /api speaks PocketBase's dialect; the pages are for people.",
  },
};

const components = {
  securitySchemes: { token: { type: "apiKey", in: "header", name: "Authorization" } },
};

/** The routes, once all of them are there. A schema is JSON; what TypeBox keeps beside it in symbols is left out. */
function pathsOf(app: AnyElysia): { [key: string]: Json } {
  const { paths } = toOpenAPISchema(app, { methods: ["options"] }, undefined, undefined, "3.0.3");
  return JSON.parse(JSON.stringify(paths));
}
