import { Type } from "@sinclair/typebox";
import { refreshSession, type Session, signInWithPassword } from "../auth/sessions.ts";
import type { Collection } from "../collections/collection.ts";
import { isAuth } from "../collections/definition.ts";
import type { Json } from "../fields/field.ts";
import { door } from "../http/doors.ts";
import { loose } from "../http/loose.ts";
import { json, problemsJson } from "../http/reply.ts";
import { Refusal } from "../lib/errors.ts";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { shapeRecord } from "../records/shape.ts";
import type { Entrance } from "../http/entrance.ts";
import { AnswerQuery, CollectionParams, takesNothing } from "./schemas.ts";

const Credentials = loose({
  identity: Type.String({ maxLength: 255 }),
  password: Type.String({ maxLength: 255 }),
  identityField: Type.Optional(Type.String({ maxLength: 255 })),
});

/** Signing in over the API (API.md 1.4). */
export function signInRoutes(app: Entrance, project: Project) {
  const found = (idOrName: string): Collection => {
    const collection = project.collections.find(idOrName);
    if (!collection || !isAuth(collection.definition)) throw new Refusal("not found", "missing_auth_collection");
    return collection;
  };

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
        if (outcome.ok) return json(set, answered(collection, outcome.value), query.fields);
        const language = languageOf(request.headers.get("accept-language"));
        return problemsJson(set, language, "failed_to_authenticate", outcome.problems);
      },
      {
        ...door("anyone", described("Signs somebody in with a password")),
        parse: "typed",
        params: CollectionParams,
        query: AnswerQuery,
        body: Credentials,
      },
    )
    .post(
      "/api/collections/:collection/auth-refresh",
      async ({ set, params, query, viewer, visit }) => {
        const collection = found(params.collection);
        return json(
          set,
          answered(collection, await refreshSession(project, collection, viewer, visit.held)),
          query.fields,
        );
      },
      {
        ...takesNothing,
        ...door("signed in", described("Gives a new token for one that still holds")),
        params: CollectionParams,
        query: AnswerQuery,
      },
    );
}

const described = (summary: string) => ({ summary, tags: ["sign-in"] });

/** Somebody who has just signed in, as they may see themselves. */
export function answered(collection: Collection, { token, record }: Session): { [key: string]: Json } {
  const viewer = { kind: "record", collectionId: collection.id, collectionName: collection.name, record } as const;
  return { token, record: shapeRecord(collection, record, viewer) };
}

/** Passwords are the only way yet; the others are answered as switched off, which is what clients ask about. */
function methodsOf({ definition }: Collection): { [key: string]: Json } {
  const { enabled = false, identityFields = [] } = definition.passwordAuth ?? {};
  return {
    password: { enabled, identityFields },
    oauth2: { enabled: false, providers: [] },
    otp: { enabled: false, duration: 0 },
    mfa: { enabled: false, duration: 0 },
    authProviders: [],
    usernamePassword: enabled && identityFields.includes("username"),
    emailPassword: enabled && identityFields.includes("email"),
  };
}
