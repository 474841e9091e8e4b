import { Type } from "@sinclair/typebox";
import { openShelf } from "../backups/shelf.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { asItIs } from "../http/faults.ts";
import { takesPayload } from "../http/front.ts";
import { fixedLimit, inferredBody, smallLimit } from "../http/incoming.ts";
import { loose } from "../http/loose.ts";
import { largestRequest } from "../http/options.ts";
import { sendRangedByRoute } from "../http/ranged.ts";
import { type Answer, empty, json, problemsJson, seeOther } from "../http/reply.ts";
import { bad, problem, Refusal } from "../lib/errors.ts";
import { BackupsPage } from "../pages/dashboard/backups-page.tsx";
import { sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { holderOf } from "./files.ts";
import { frame, languageFrom, show, toSignIn } from "./owner.ts";
import { AnswerQuery, NoQuery, takesNothing } from "./schemas.ts";

const BackupParams = loose({ key: Type.String({ maxLength: 200, description: "The name of a backup's file." }) });
const FileQuery = loose({ token: Type.Optional(Type.String({ description: "A superuser's file token." })) });
const PageQuery = loose({ done: Type.Optional(Type.String({ maxLength: 20 })) });

/**
 * Backups for their owner, by the API (API.md 1.8) and as pages. Restoring one takes a server that is stopped, and is a command:
 * `formstead restore`.
 */
export function backupRoutes(app: Entrance, project: Project) {
  const shelf = openShelf(project);
  const forPrograms = (summary: string) => door("superusers", { summary, tags: ["backups"] });
  const forOwners = (summary: string) => door("owners", { summary, tags: ["dashboard"] });

  async function send(request: Request, set: Answer, key: string): Promise<Response> {
    const file = Bun.file(await shelf.find(key));
    const headers = { "content-type": "application/zip", "content-disposition": `attachment; filename="${key}"` };
    const { size, lastModified: modified } = file;
    const body = (start?: number, end?: number) => (start === undefined ? file : file.slice(start, end));
    const response = sendRangedByRoute(request, { size, modified, headers, body });
    set.headers["cache-control"] = "no-store";
    set.status = response.status;
    return asItIs(set, response);
  }

  return app
    .get(
      "/api/backups",
      async ({ set, query }) =>
        json(
          set,
          (await shelf.list()).map((it) => ({ ...it })),
          query.fields,
        ),
      {
        ...forPrograms("Lists the backups, the newest first"),
        query: AnswerQuery,
      },
    )
    .post(
      "/api/backups",
      async ({ request, set, body }) => {
        const { name } = inferredBody(await body.read({ size: fixedLimit }));
        const made = await shelf.make(typeof name === "string" && name !== "" ? name : undefined);
        if (made.ok) return empty(set);
        return problemsJson(set, languageFrom(request), "failed_to_make_backup", made.problems);
      },
      { ...forPrograms("Makes a backup"), ...takesPayload, query: NoQuery },
    )
    .post(
      "/api/backups/upload",
      async ({ request, set, body }) => {
        const { files } = await body.read({ size: largestRequest, text: smallLimit });
        const upload = files.get("file")?.[0];
        const kept = upload ? await shelf.keep(upload) : bad({ file: problem("validation_required") });
        if (kept.ok) return empty(set);
        return problemsJson(set, languageFrom(request), "failed_to_keep_backup", kept.problems);
      },
      { ...forPrograms("Keeps a backup that was made before"), ...takesPayload, query: NoQuery },
    )
    .get(
      "/api/backups/:key",
      async ({ request, set, params, query }) => {
        const holder = query.token ? await holderOf(project, query.token) : undefined;
        if (holder?.kind !== "superuser") throw new Refusal("forbidden", "record_not_allowed");
        return send(request, set, params.key);
      },
      {
        ...door("rules", { summary: "A backup, for who has a superuser's file token", tags: ["backups"] }),
        params: BackupParams,
        query: FileQuery,
      },
    )
    .delete(
      "/api/backups/:key",
      async ({ set, params }) => {
        await shelf.remove(params.key);
        return empty(set);
      },
      { ...forPrograms("Removes a backup"), ...takesNothing, params: BackupParams, query: NoQuery },
    )
    .get(
      here,
      async ({ request, set, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const facts = { ...frame(request, viewer), backups: await shelf.list() };
        return show(set, BackupsPage({ ...facts, ...(isDone(query.done) ? { done: query.done } : {}) }));
      },
      { ...forOwners("The backups"), query: PageQuery },
    )
    .post(
      here,
      async ({ request, set, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, here));
        try {
          await shelf.make();
          return seeOther(set, `${here}?done=made`);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          const facts = { ...frame(request, viewer), backups: await shelf.list() };
          const notice = sentence(facts.language, error.code, error.params);
          return show(set, BackupsPage({ ...facts, notice }), 422);
        }
      },
      { ...forOwners("Makes a backup"), ...takesNothing, query: NoQuery },
    )
    .get(
      `${here}/:key`,
      ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, here));
        return send(request, set, params.key);
      },
      { ...forOwners("A backup, to be saved elsewhere"), params: BackupParams, query: NoQuery },
    )
    .post(
      `${here}/:key/delete`,
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, here));
        await shelf.remove(params.key);
        return seeOther(set, `${here}?done=removed`);
      },
      { ...forOwners("Removes a backup"), ...takesNothing, params: BackupParams, query: NoQuery },
    );
}

const here = "/_/backups";

function isDone(sent: string | undefined): sent is "made" | "removed" {
  return sent === "made" || sent === "removed";
}
