import { Type } from "@sinclair/typebox";
import { parkedFiles } from "../forms/parked-files.ts";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { loose } from "../http/loose.ts";
import { type Answer, seeOther } from "../http/reply.ts";
import { Refusal } from "../lib/errors.ts";
import { keyOf } from "../files/storage.ts";
import type { Project } from "../project.ts";
import { findFile, openFile } from "../records/held-files.ts";
import { findRow } from "../records/read.ts";
import { filesOf } from "../records/uploads.ts";
import { toSignIn } from "./owner.ts";
import { isYes } from "./schemas.ts";
import { sendFile } from "./sent-file.ts";

const FileParams = loose({ id: Type.String(), name: Type.String() });
const RecordFileParams = loose({ collection: Type.String(), id: Type.String(), name: Type.String() });
const FileQuery = loose({ download: Type.Optional(Type.String({ description: "`1`: to be saved, not shown." })) });

/**
 * Files for owners, in the dashboard: those of records, protected ones too, and those of submissions, also of one that is parked,
 * whose record is in no collection.
 */
export function submissionFileRoutes(app: Entrance, project: Project) {
  return app
    .get(
      "/_/submissions/:id/files/:name",
      async ({ request, set, params, query, viewer }): Promise<Response | string> => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        return send(request, set, params, isYes(query.download));
      },
      {
        ...door("owners", { summary: "A file of a submission", tags: ["dashboard"] }),
        params: FileParams,
        query: FileQuery,
      },
    )
    .get(
      "/_/collections/:collection/:id/files/:name",
      async ({ request, set, params, query, viewer }): Promise<Response | string> => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const held = await project.collections.read(async (set) => {
          const collection = set.find(params.collection);
          if (!collection) throw new Refusal("not found", "not_found");
          return findFile(project, { collection, set }, params.id, params.name, async () => askOf(request, viewer));
        });
        return sendFile(request, set, { ...held, download: isYes(query.download), own: true });
      },
      {
        ...door("owners", { summary: "A file of a record", tags: ["dashboard"] }),
        params: RecordFileParams,
        query: FileQuery,
      },
    );

  async function send(request: Request, set: Answer, { id, name }: typeof FileParams.static, download: boolean) {
    const { collectionId, record } = await project.collections.read(async (set) => {
      const submissions = set.find("_submissions");
      const submission = submissions && (await findRow(project.store, submissions, id));
      const collection = set.find(String(submission?.["collection"] ?? ""));
      const record = String(submission?.["record"] ?? "");
      if (!collection || record === "") throw new Refusal("not found", "not_found");
      const values = await findRow(project.store, collection, record);
      const keys = values ? filesOf(collection, values) : await parkedFiles(project.store, collection, [record]);
      if (!keys.includes(keyOf(collection.id, record, name))) throw new Refusal("not found", "not_found");
      return { collectionId: collection.id, record };
    });
    return sendFile(request, set, {
      ...(await openFile(project.files, collectionId, record, name)),
      download,
      own: true,
    });
  }
}
