import type { CompiledField } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import type { Collection } from "../collections/collection.ts";
import type { KeptFile } from "../fields/field.ts";
import { type Payload, typedIn, type Upload } from "../fields/payload.ts";
import { type Draft, draftTokenOf, keptName, type NewDraft, withKeptFiles, withoutKeys } from "../forms/drafts.ts";
import { draftCookie, draftCookieName, readCookie } from "../http/cookies.ts";
import { isSecure } from "../http/guard.ts";
import type { Answer } from "../http/reply.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { sha256 } from "../lib/secrets.ts";
import type { KeptDraft } from "../pages/parts/form-field.tsx";
import type { Project } from "../project.ts";

/** What routes do so that nothing is lost of what was sent in vain (FORMS.md 1). */

/** What was sent, with what was kept of the last time. */
export interface Joined {
  readonly payload: Payload;
  /** Of the draft that was joined. */
  readonly token: string | undefined;
}

/** The same, with what was sent as it came. */
export interface JoinedNow extends Joined {
  readonly sent: Payload;
}

/** Adds the files that were kept for `target` under the token that came with it. */
export async function joinDraft(project: Project, payload: Payload, target: string): Promise<JoinedNow> {
  const token = draftTokenOf(payload);
  const draft = token === undefined ? undefined : await project.drafts.find(token, ["files", "again"], target);
  return { payload: withKeptFiles(payload, draft), sent: payload, token: draft && token };
}

/** What had been kept is needed no more. */
export async function dropDraft({ drafts }: Project, { token }: Joined): Promise<void> {
  if (token !== undefined) await drafts.drop(token);
}

/** A send that failed. */
export interface Failed extends Joined {
  readonly target: string;
  readonly address: string;
  readonly problems?: Problems;
}

/** Keeps the files of a failed send that nothing is wrong with; `undefined` where there is nothing to say about that. */
export async function keepFiles(project: Project, failed: Failed): Promise<KeptDraft | undefined> {
  const files = goodFiles(failed);
  if (files.size === 0 && failed.token === undefined) return undefined;
  if (files.size === 0) return (await dropDraft(project, failed), undefined);
  return shown(files, await keep(project, { ...common(failed), purpose: "files", form: new Map(), files }));
}

/** The same without a write, for strangers who are turned away: what was kept before still is, and what came now is lost. */
export async function stillKept(
  { drafts }: Project,
  { sent, token = "" }: JoinedNow,
  target: string,
): Promise<KeptDraft | undefined> {
  const filesLost = sent.files.size > 0;
  if (token === "" && !filesLost) return undefined;
  const draft = token === "" ? undefined : await drafts.find(token, ["files", "again"], target);
  return { token, filesLost, files: namesOf(draft?.files ?? new Map()) };
}

/** A request and its answer. */
export interface Reply {
  readonly request: Request;
  readonly set: Answer;
}

/**
 * Keeps everything, to be sent again after signing in, from the same browser: nobody is led to send in their name what somebody else
 * has typed. Passwords are never kept, and without one the rest would make no sense.
 */
export async function keepAll(
  project: Project,
  failed: Failed,
  collection: Collection,
  { request, set }: Reply,
): Promise<KeptDraft | undefined> {
  const files = goodFiles(failed);
  const typed = typedIn(failed.payload);
  if (secretNames(collection).some((name) => typed.get(name)?.some((text) => text !== ""))) return undefined;
  const form = withoutKeys(typed, secretNames(collection));
  if (form.size === 0 && files.size === 0) return undefined;
  const kept = await keep(project, { ...common(failed), purpose: "again", form, files });
  if (kept.token !== "") {
    const marks = [...marksIn(request), markOf(kept.token)].slice(-mostMarks);
    set.headers["set-cookie"] = draftCookie(marks, isSecure(request));
  }
  return shown(files, kept);
}

/** As many drafts as one browser is told from others by. */
const mostMarks = 5;

/** What was kept of this browser to be sent again. Refusal "not found" for all else. */
export async function findToResend({ drafts }: Project, request: Request, token: string): Promise<Draft> {
  const draft = marksIn(request).includes(markOf(token)) ? await drafts.find(token, ["again"]) : undefined;
  if (!draft) throw new Refusal("not found", "draft_gone");
  return draft;
}

function marksIn(request: Request): string[] {
  const cookie = readCookie(request.headers.get("cookie") ?? "", draftCookieName(isSecure(request))) ?? "";
  return cookie.split(".").filter((mark) => /^[0-9a-f]{32}$/.test(mark));
}

function markOf(token: string): string {
  return sha256(`mark of ${token}`).slice(0, 32);
}

/** Keeps everything for the page of another site that it was sent from; answers the token that asks for it. */
export async function keepForBack(
  project: Project,
  failed: Failed & { readonly code?: string },
  fields: readonly CompiledField[],
): Promise<string | undefined> {
  const { problems, code } = failed;
  const secret = fields.filter(({ type }) => type === "password").map(({ name }) => name);
  const kept = await keep(project, {
    ...common(failed),
    purpose: "back",
    form: withoutKeys(typedIn(failed.payload), secret),
    files: new Map(),
    ...(problems ? { problems } : {}),
    ...(code === undefined ? {} : { code }),
  });
  return kept.token || undefined;
}

function common({ target, address, token }: Failed) {
  return { target, address, replacing: token };
}

/** What is wrong with a file would be wrong again. */
function goodFiles({ payload, problems = {} }: Failed): Map<string, readonly Upload[]> {
  return new Map([...payload.files].filter(([key]) => !Object.hasOwn(problems, key.replace(/^\+|[+-]$/g, ""))));
}

/** There may be no room on the disk either: the page that says what was wrong comes all the same. */
async function keep({ drafts, hashAddress }: Project, draft: NewDraft) {
  try {
    const { token = "", filesLost } = await drafts.keep({ ...draft, address: hashAddress(draft.address) });
    return { token, filesLost };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { token: "", filesLost: draft.files.size > 0 };
  }
}

function shown(
  files: ReadonlyMap<string, readonly Upload[]>,
  { token, filesLost }: Omit<KeptDraft, "files">,
): KeptDraft {
  return { token, filesLost, files: filesLost ? new Map() : namesOf(files) };
}

/** The files of a draft as a form shows them. */
export function namesOf(files: Draft["files"]): Map<string, KeptFile[]> {
  return new Map(
    [...files].map(([key, uploads]) => [
      key,
      uploads.map(({ filename }, at) => ({ id: keptName(key, at), filename: filename.toWellFormed() })),
    ]),
  );
}

function secretNames(collection: Collection): string[] {
  const secret = collection.fields.filter((field) => isSecret(collection, field)).map(({ name }) => name);
  return [...secret, "password", "passwordConfirm", "oldPassword"];
}
