import { door } from "../http/doors.ts";
import { json } from "../http/reply.ts";
import type { Entrance } from "../http/entrance.ts";
import { AnswerQuery } from "./schemas.ts";

const healthy = { code: 200, message: "API is healthy.", data: {} };

/** Whether the server answers; for monitors and load balancers. */
export function healthRoutes(app: Entrance) {
  const schema = { ...door("anyone", { summary: "Whether the server answers", tags: ["health"] }), query: AnswerQuery };
  return app
    .get("/api/health", ({ set, query }) => json(set, healthy, query.fields), schema)
    .head("/api/health", ({ set }) => json(set, healthy), schema);
}
