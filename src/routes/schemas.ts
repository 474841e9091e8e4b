import { Type } from "@sinclair/typebox";
import { loose } from "../http/loose.ts";
import { mostPerPage } from "../records/read.ts";

/** The shapes that more than one route declares. */

const name = Type.String({ description: "A collection's name or id." });
const id = Type.String({ description: "A record's id." });
const fields = Type.Optional(
  Type.String({ maxLength: 4000, description: "Which keys to answer: `id,title,expand.author.name`." }),
);

export const NoQuery = loose({});
export const CollectionParams = loose({ collection: name });
export const RecordParams = loose({ collection: name, id });
export const FormParams = loose({ form: Type.String({ description: "A form's slug." }) });

/** For methods that may carry a body and mean nothing by it: whatever it is, it is not read. */
export const takesNothing = { parse: "payload", body: loose({}) } as const;

const expand = Type.Optional(
  Type.String({ description: "Relations to answer with the record: `author,tags,comments_via_post.user`." }),
);

export const AnswerQuery = loose({ fields });
export const ExpandQuery = loose({ expand, fields });

/** Ours: a schema change may be rehearsed. */
export const SaveQuery = loose({
  fields,
  dryRun: Type.Optional(Type.String({ description: "`true`: says the steps and changes nothing." })),
});

const count = (description: string) => Type.Optional(Type.String({ pattern: "^-?\\d{1,9}$", description }));
const text = (description: string) => Type.Optional(Type.String({ description }));

export const ListQuery = loose({
  page: count("From 1."),
  perPage: count(`30 unless said, ${mostPerPage} at most.`),
  sort: text("`-created,title`: fields in order, `-` for downwards."),
  filter: text("Which records: `title ~ 'hello' && published = true`."),
  skipTotal: text("`1` or `true`: the totals are -1, and nothing is counted."),
  expand,
  fields,
});

/** What a page of a list is, from the strings of its query. */
export function pageOf({ page, perPage }: { readonly page?: string; readonly perPage?: string }) {
  const wished = Number(perPage ?? 0);
  return { page: Math.max(1, Number(page ?? 1)), perPage: wished > 0 ? Math.min(wished, mostPerPage) : 30 };
}

/** A switch in a query, as PocketBase's clients write it. */
export function isYes(sent = ""): boolean {
  return sent === "true" || sent === "1";
}
