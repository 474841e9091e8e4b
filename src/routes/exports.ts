import { Type } from "@sinclair/typebox";
import type { Collection } from "../collections/collection.ts";
import { Outdated } from "../collections/registry.ts";
import { dispositionOf } from "../files/disposition.ts";
import { findForm } from "../forms/form.ts";
import { boxes } from "../forms/inbox-list.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { asItIs } from "../http/faults.ts";
import { loose } from "../http/loose.ts";
import { type Answer, seeOther } from "../http/reply.ts";
import { now } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import type { Project } from "../project.ts";
import { answersSource } from "../transfer/answers-export.ts";
import { collectionSource } from "../transfer/collection-export.ts";
import { bytesOf, exported, type ExportSource } from "../transfer/export.ts";
import { type ExportFormat, formats } from "../transfer/export-lines.ts";
import { ownPlace, toSignIn } from "./owner.ts";
import { CollectionParams, FormParams } from "./schemas.ts";

const text = (description: string) => Type.Optional(Type.String({ maxLength: 2000, description }));
const separator = text("`;` for spreadsheets of countries that write 1,5: CSV then has that between its cells.");
const ExportQuery = loose({ separator });
const AnswersQuery = loose({
  separator,
  state: text("Which answers, as in the inbox; all when absent."),
  search: text("A text they hold."),
});

/** What there is, as files to take away. They are streams: however many rows there are, few of them are in memory. */
export function exportRoutes(app: Entrance, project: Project) {
  const described = (format: ExportFormat, summary: string) => ({
    ...door("owners", { summary: `${summary} as ${format.toUpperCase()}`, tags: ["dashboard"] }),
  });
  for (const format of formats) {
    app
      .get(
        `/_/collections/:collection/export.${format}`,
        ({ request, set, params, query, viewer }) => {
          if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
          const { collection } = ownPlace(project.collections.current, params.collection, viewer);
          const wish = { format, separator: separatorOf(query.separator), name: collection.name };
          return send(project, collection, request, set, collectionSource(collection), wish);
        },
        { ...described(format, "The records of a collection"), params: CollectionParams, query: ExportQuery },
      )
      .get(
        `/_/forms/:form/export.${format}`,
        async ({ request, set, params, query, viewer }) => {
          if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
          const form = await project.collections.read((among) => findForm(project, among, params.form));
          const box = boxes.find((it) => it === query.state);
          const wish = { format, separator: separatorOf(query.separator), name: form.slug };
          return send(project, form.collection, request, set, answersSource(form, box, query.search ?? ""), wish);
        },
        { ...described(format, "The answers to a form"), params: FormParams, query: AnswersQuery },
      );
  }
}

interface Wish {
  readonly format: ExportFormat;
  readonly separator: "," | ";";
  readonly name: string;
}

const types: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  ndjson: "application/x-ndjson",
};

function send(
  { store, collections }: Project,
  { id, definition }: Collection,
  request: Request,
  set: Answer,
  source: ExportSource,
  { format, separator, name }: Wish,
): Response {
  const mustHold = () => {
    if (!sameJson(collections.find(id)?.definition, definition)) throw new Outdated("The collection has been changed.");
  };
  const body = bytesOf(exported(store, source, { format, separator, gone: request.signal, mustHold }));
  return download(set, body, `${name}-${now().slice(0, 10)}.${format}`, types[format]);
}

/** A file that is saved, whatever is in it, and that nobody keeps on the way. */
export function download(set: Answer, body: ReadableStream<Uint8Array> | Blob, name: string, type: string): Response {
  const headers = { "content-type": type, "content-disposition": dispositionOf(name, type, true) };
  set.headers["cache-control"] = "no-store";
  return asItIs(set, new Response(body, { headers }));
}

function separatorOf(sent = ","): "," | ";" {
  if (sent === "," || sent === ";") return sent;
  throw new Refusal("bad request", "export_separator");
}
