import { Type } from "@sinclair/typebox";
import { askOf } from "../http/ask.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { loose } from "../http/loose.ts";
import { type Answer, json } from "../http/reply.ts";
import { recognise } from "../http/viewer.ts";
import type { Viewer } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Project } from "../project.ts";
import { findAuthRecord } from "../records/identity.ts";
import { findFile } from "../records/held-files.ts";
import { isYes, NoQuery, takesNothing } from "./schemas.ts";
import { sendFile } from "./sent-file.ts";

const text = (description: string) => Type.Optional(Type.String({ description }));
const FileParams = loose({ collection: Type.String(), record: Type.String(), filename: Type.String() });
const FileQuery = loose({
  token: text("A file token, for files that are protected."),
  download: text("`1`: to be saved, not shown."),
  thumb: text("Taken, and answered with the file itself."),
});

/** The files of records (API.md 1.6). */
export function fileRoutes(app: Entrance, project: Project) {
  const described = {
    ...door("rules", { summary: "A file of a record", tags: ["files"] }),
    params: FileParams,
    query: FileQuery,
  };

  async function send({ request, set, params, query, viewer }: Asked): Promise<Response> {
    const held = await project.collections.read(async (set) => {
      const collection = set.find(params.collection);
      if (!collection) throw new Refusal("not found", "not_found");
      return findFile(project, { collection, set }, params.record, params.filename, async () => {
        const holder = query.token ? await holderOf(project, query.token) : viewer;
        return { ...askOf(request, holder, query), context: "protectedFile" };
      });
    });
    return sendFile(request, set, { ...held, download: isYes(query.download), own: held.protected });
  }

  return app
    .get(
      "/api/files/:collection/:record/:filename",
      ({ request, set, params, query, viewer }) => send({ request, set, params, query, viewer }),
      described,
    )
    .post(
      "/api/files/token",
      async ({ set, viewer }) => {
        if (viewer.kind === "guest") throw new Refusal("signed out", "superuser_token_required");
        const collection = project.collections.find(viewer.collectionId);
        if (!collection) throw new Refusal("not found", "not_found");
        return json(set, { token: await project.tokens.sign("file", collection, viewer.record) });
      },
      {
        ...takesNothing,
        ...door("signed in", { summary: "A token for protected files, for a few minutes", tags: ["files"] }),
        query: NoQuery,
      },
    );
}

/** Who was given this file token; a guest where it is none. */
export async function holderOf(project: Project, token: string): Promise<Viewer> {
  const parts = {
    tokens: project.tokens,
    findCollection: (id: string) => project.collections.find(id),
    findPerson: findAuthRecord.bind(null, project),
  };
  return (await recognise(parts, token, "file")).viewer;
}

interface Asked {
  readonly request: Request;
  readonly set: Answer;
  readonly params: typeof FileParams.static;
  readonly query: typeof FileQuery.static;
  readonly viewer: Viewer;
}
