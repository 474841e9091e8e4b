import { Type } from "@sinclair/typebox";
import { openSession, type Session } from "../auth/sessions.ts";
import type { Collection, Collections } from "../collections/collection.ts";
import { isAuth } from "../collections/definition.ts";
import type { Viewer } from "../filter/scope.ts";
import { sessionCookie } from "../http/cookies.ts";
import type { Visit } from "../http/visits.ts";
import { isSecure } from "../http/guard.ts";
import { loose } from "../http/loose.ts";
import { type Answer, json, seeOther, wantsPage } from "../http/reply.ts";
import { isProblem, type Problems, Refusal } from "../lib/errors.ts";
import type { Account } from "../pages/parts/account-nav.tsx";
import { type Language, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { findAuthRecord } from "../records/identity.ts";
import { closedTo } from "../records/rules.ts";
import { siteOf } from "../settings/settings.ts";
import { answered } from "./sign-in.ts";

/** What the pages about accounts have in common. */

/** Where people go on to when nobody says where. */
export const ownPage = "/profile";

export const optionalText = Type.Optional(Type.String({ maxLength: 2000 }));
export const NextQuery = loose({ next: optionalText, made: optionalText });

/** The people of the site. Refusal "not found" where the owner has removed them. */
export function peopleOf(collections: Collections): Collection {
  const collection = collections.find("users");
  if (!collection || !isAuth(collection.definition)) throw new Refusal("not found", "not_found");
  return collection;
}

/** Whether the viewer is one of them. */
export function isPerson(collection: Collection, viewer: Viewer): viewer is Exclude<Viewer, { kind: "guest" }> {
  return viewer.kind === "record" && viewer.collectionId === collection.id;
}

/** What the frame of every page of the site says: its name, and who looks at it. */
export function siteFrame(project: Project, language: Language, viewer: Viewer) {
  return { language, account: accountOf(project, viewer), ...siteOf(project.settings) };
}

function accountOf(project: Project, viewer: Viewer): Account {
  const collection = project.collections.find("users");
  const open = collection?.type === "auth" && !closedTo(collection, "create", { viewer });
  return { signedIn: viewer.kind === "record", open };
}

/** A session for somebody; none where the collection's auth rule does not want them. */
export async function sessionOf(project: Project, collection: Collection, id: string): Promise<Session | undefined> {
  const record = await findAuthRecord(project, collection, id);
  if (!record) return undefined;
  return openSession(project, collection, record).catch((error) => {
    if (error instanceof Refusal && error.code === "auth_rule_failed") return undefined;
    throw error;
  });
}

/** Where an answer goes. */
export interface Reply {
  readonly request: Request;
  readonly set: Answer;
  readonly visit: Visit;
}

/** Sets the cookie of a session; who came with a token of their own wants none. */
export function keepSession({ request, set, visit }: Reply, { definition }: Collection, { token }: Session): void {
  if (visit.standing === "by token") return;
  set.headers["set-cookie"] = sessionCookie("person", token, definition.authToken?.duration ?? 0, isSecure(request));
}

/** Answers somebody who has just signed in: the next page, or token and record. */
export function welcome(reply: Reply, collection: Collection, session: Session, next: string): string {
  const { request, set, visit } = reply;
  keepSession(reply, collection, session);
  return wantsPage(request, visit.path) ? seeOther(set, next) : json(set, answered(collection, session));
}

/** The fields whose value somebody else has. */
export function takenIn(problems: Problems): string[] {
  return Object.entries(problems).flatMap(([name, it]) =>
    isProblem(it) && it.code === "validation_not_unique" ? [name] : [],
  );
}

/** One sentence per field, as these pages say them. */
export function accountSentences(language: Language, problems: Problems = {}): Record<string, string> {
  const said = sentences(language, problems);
  for (const name of takenIn(problems)) said[name] = sentence(language, "page_account_taken");
  if (said["oldPassword"]) said["oldPassword"] = sentence(language, "page_profile_wrong_password");
  if (problems["passwordConfirm"]?.code === "validation_values_mismatch") {
    said["passwordConfirm"] = sentence(language, "page_account_mismatch");
  }
  return said;
}

/** What a refusal of the API is called on these pages. */
const told: Readonly<Record<string, string>> = {
  failed_to_authenticate: "page_login_failed",
  password_auth_disabled: "page_login_off",
  auth_rule_failed: "page_login_not_admitted",
  failed_to_create_record: "page_register_refused",
  superuser_token_required: "page_profile_signed_out",
  superusers_only: "page_profile_fixed",
  not_found: "page_profile_refused",
};

/** Why nothing can be done by typing something else, as people are told. */
export function accountNotice(language: Language, { code, params }: Refusal): string {
  return sentence(language, told[code] ?? code, params);
}
