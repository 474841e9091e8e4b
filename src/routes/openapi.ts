import { toOpenAPISchema } from "@elysiajs/openapi";
import type { AnyElysia } from "elysia";
import { collectionSchemas } from "../collections/publish.ts";
import { version } from "../embedded.ts";
import type { Json } from "../fields/field.ts";
import { door } from "../http/doors.ts";
import { json } from "../http/reply.ts";
import type { Project } from "../project.ts";
import type { Entrance } from "../http/entrance.ts";
import { AnswerQuery, takesNothing } from "./schemas.ts";

/** The API as a document: every route as it is declared, and the fields of each collection the viewer may know of. */
export function openapiRoutes(app: Entrance, project: Project) {
  let paths: Part | undefined;
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
  openapi: "3.1.0",
  info: {
    title: "Formstead",
    version,
    description: "The JSON API under /api speaks PocketBase's dialect; the pages are for people.",
  },
};

const fault = {
  description: "A refusal, or what is wrong by field.",
  content: {
    "application/json": {
      schema: {
        type: "object",
        required: ["status", "message", "data"],
        properties: { status: { type: "integer" }, message: { type: "string" }, data: { type: "object" } },
      },
    },
  },
};

const components = {
  securitySchemes: { token: { type: "apiKey", in: "header", name: "Authorization" } },
  responses: { fault },
};

/** An object of the document, as it is sent. */
interface Part {
  [key: string]: Json;
}

/** The routes, once all of them are there, with what Elysia cannot know: what our parsers read, and what is answered. */
function pathsOf(app: AnyElysia): Part {
  const { paths } = toOpenAPISchema(app, { methods: ["options"], staticFile: false }, undefined, undefined, "3.1.0");
  const bodies = new Map(app.routes.map((route) => [nameOf(route), bodyOf(route.hooks)]));
  // What TypeBox keeps beside a schema in symbols is left out by becoming JSON.
  const told: Record<string, Record<string, Part>> = JSON.parse(JSON.stringify(paths));
  for (const [path, operations] of Object.entries(told)) {
    for (const [method, operation] of Object.entries(operations)) {
      delete operation["requestBody"];
      const body = bodies.get(`${method} ${path}`);
      if (body) operation["requestBody"] = body;
      operation["responses"] = responsesOf(method, path, operation["x-door"]);
    }
  }
  return told;
}

/** A route as the document names it. */
function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`;
}

/** What a route reads, in each of the ways it may be sent. */
function bodyOf({ body }: { readonly body?: unknown }): Part | undefined {
  if (typeof body !== "object" || body === null || body === takesNothing.body) return undefined;
  const schema: Json = JSON.parse(JSON.stringify(body));
  const types = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

const asked: Part = {
  description: "What was asked for.",
  content: { "application/json": { schema: { type: "object" } } },
};
const done: Part = { description: "It is done." };
const page: Part = { description: "The page." };
const either: Part = { ...asked, description: "The page; for who accepts JSON, what was asked for." };
const next: Part = { description: "It is done; the next page is there." };
const again: Part = { description: "The same form, with what was typed and what is wrong by each field." };
const advice: Part = { description: "A page that says what to do next." };

function responsesOf(method: string, path: string, door: Json | undefined): Part {
  if (path.startsWith("/api/")) {
    const fault: Part = { $ref: "#/components/responses/fault" };
    return method === "delete" ? { 204: done, default: fault } : { 200: asked, default: fault };
  }
  if (method === "get") return { 200: door === "people" || door === "rules" ? either : page, default: advice };
  if (method === "delete") return { 204: done, 303: next, default: advice };
  // The site's pages answer JSON to who accepts it, the dashboard's do not.
  return { ...(path.startsWith("/_/") ? {} : { 200: asked }), 303: next, 422: again, default: advice };
}
