import { Type } from "@sinclair/typebox";
import { NotFoundError } from "elysia";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { loose } from "../http/loose.ts";
import { NoQuery } from "./schemas.ts";

const schema = { ...door("anyone", { hide: true }), query: NoQuery, params: loose({ "*": Type.Unknown() }) };

/** What lies below these paths is ours or is not there: no collection's pages answer, whatever the method. */
export function nowhereRoutes(app: Entrance) {
  for (const path of ["/api/*", "/_/*"]) {
    app.get(path, nowhere, schema);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      app.route(method, path, nowhere, { ...takesPayload, ...schema });
    }
  }
  return app;
}

function nowhere(): never {
  throw new NotFoundError();
}
