import { Type } from "@sinclair/typebox";
import { refreshSession, type Session, signInWithPassword } from "../auth/sessions.ts";
import type { Collection } from "../collections/collection.ts";
import { isAuth } from "../collections/definition.ts";
import type { Json } from "../fields/field.ts";
import type { Viewer } from "../filter/scope.ts";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import { loose } from "../http/loose.ts";
import { type Answer, json, problemsJson } from "../http/reply.ts";
import { Refusal } from "../lib/errors.ts";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { type RecordJson, shapeRecord } from "../records/shape.ts";
import type { Entrance } from "../http/entrance.ts";
import { expandDone } from "./expanding.ts";
import { AnswerQuery, CollectionParams, ExpandQuery, takesNothing } from "./schemas.ts";

const Credentials = loose({
  identity: Type.String({ maxLength: 255 }),
  password: Type.String({ maxLength: 255 }),
  identityField: Type.Optional(Type.String({ maxLength: 255 })),
});

/** What an answer depends on. */
interface Asked {
  readonly request: Request;
  readonly set: Answer;
  readonly query: typeof ExpandQuery.static;
}

/** Signing in over the API (API.md 1.4). */
export function signInRoutes(app: Entrance, project: Project) {
  const found = (idOrName: string): Collection => {
    const collection = project.collections.find(idOrName);
    if (!collection || !isAuth(collection.definition)) throw new Refusal("not found", "missing_auth_collection");
    return collection;
  };

  /** Token and record, with what the record's owner may see of its relations. */
  async function welcomed({ request, set, query }: Asked, collection: Collection, session: Session): Promise<string> {
    const { token, record } = answered(collection, session);
    const ask = askOf(request, viewerOf(collection, session), query);
    const whole = await expandDone(project, collection.id, ask, record, query.expand);
    return json(set, { token, record: whole }, query.fields);
  }

  return app
    .get(
      "/api/collections/:collection/auth-methods",
      ({ set, params, query }) => json(set, methodsOf(found(params.collection)), query.fields),
      { ...door("anyone", described("How people can sign in")), params: CollectionParams, query: AnswerQuery },
    )
    .post(
      "/api/collections/:collection/auth-with-password",
      async ({ request, set, params, query, body, address }) => {
        const collection = found(params.collection);
        const outcome = await signInWithPassword(project, collection, { ...body, address: address(request) });
        if (outcome.ok) return welcomed({ request, set, query }, collection, outcome.value);
        const language = languageOf(request.headers.get("accept-language"));
        return problemsJson(set, language, "failed_to_authenticate", outcome.problems);
      },
      {
        ...door("anyone", described("Signs somebody in with a password")),
        parse: "typed",
        params: CollectionParams,
        query: ExpandQuery,
        body: Credentials,
      },
    )
    .post(
      "/api/collections/:collection/auth-refresh",
      async ({ request, set, params, query, viewer, visit }) => {
        const collection = found(params.collection);
        const session = await refreshSession(project, collection, viewer, visit.held);
        return welcomed({ request, set, query }, collection, session);
      },
      {
        ...takesNothing,
        ...door("signed in", described("Gives a new token for one that still holds")),
        params: CollectionParams,
        query: ExpandQuery,
      },
    );
}

const described = (summary: string) => ({ summary, tags: ["sign-in"] });

/** Somebody who has just signed in, as they may see themselves. */
export function answered(collection: Collection, session: Session): { token: string; record: RecordJson } {
  const { token, record } = session;
  return { token, record: shapeRecord(collection, record, viewerOf(collection, session)) };
}

function viewerOf({ id, name }: Collection, { record }: Session): Viewer {
  return { kind: name === "_superusers" ? "superuser" : "record", collectionId: id, collectionName: name, record };
}

/** Passwords are the only way yet; the others are answered as switched off, which is what clients ask about. */
function methodsOf({ definition }: Collection): { [key: string]: Json } {
  const { enabled = false, identityFields = [] } = definition.passwordAuth ?? {};
  return {
    password: { enabled, identityFields: enabled ? identityFields : [] },
    oauth2: { enabled: false, providers: [] },
    otp: { enabled: false, duration: 0 },
    mfa: { enabled: false, duration: 0 },
    authProviders: [],
    usernamePassword: enabled && identityFields.includes("username"),
    emailPassword: enabled && identityFields.includes("email"),
  };
}
