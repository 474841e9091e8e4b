import { Type } from "@sinclair/typebox";
import { NotFoundError } from "elysia";
import type { Collections } from "../collections/collection.ts";
import type { Ask, Viewer } from "../filter/scope.ts";
import { loose } from "../http/loose.ts";
import type { Answer } from "../http/reply.ts";
import type { Visit } from "../http/visits.ts";
import { Refusal } from "../lib/errors.ts";
import { type Language, languageOf } from "../phrases/index.ts";
import type { Place } from "../records/read.ts";
import { isYes, pageOf } from "./schemas.ts";

/** What a request for the pages of a collection, or for their JSON, may say. */

// What is no name, such as a broken `%`, is the name of no collection: paths are open, so that others may have the last word.
const name = Type.Unsafe<string>(Type.Unknown({ description: "The name of a collection with pages." }));
const id = Type.Unsafe<string>(Type.Unknown({ description: "A record's id." }));
export const ResourcesParams = loose({ collection: name });
export const ResourceParams = loose({ collection: name, id });

const text = (description: string) => Type.Optional(Type.String({ description }));
export const ResourceQuery = loose({
  page: text("From 1."),
  perPage: text("JSON only: 30 unless said, 1000 at most."),
  sort: text("`-created`; JSON takes several, with commas between."),
  search: text("Pages only: a text that some field has."),
  filter: text("JSON only: which records, as in the API."),
  skipTotal: text("JSON only: `1` or `true`: nothing is counted."),
  expand: text("JSON only: relations to answer with each record."),
  fields: text("JSON only: which keys to answer."),
  done: text("Pages only: what has just been done."),
});
type Query = typeof ResourceQuery.static;

/** A request as every route here meets it. */
export interface Visited {
  readonly request: Request;
  readonly set: Answer;
  readonly params: { readonly collection: string; readonly id?: string };
  readonly query: Query;
  readonly viewer: Viewer;
  readonly visit: Visit;
}

/** Where pages are, among these collections. One without pages is left to whoever else may know the path. */
export function placeIn(set: Collections, name: string, ask: Ask): Place {
  const collection = set.find(name);
  if (!collection?.definition.pages || collection.name !== name) throw new NotFoundError();
  return { collection, set, ask };
}

export function languageFrom(request: Request): Language {
  return languageOf(request.headers.get("accept-language"));
}

/** The address of the page, to come back to; not what it has just said. */
export function hereOf(request: Request): string {
  const { pathname, searchParams } = new URL(request.url);
  searchParams.delete("done");
  return searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname;
}

/** What somebody asks of a list that is a page: whatever makes no sense is not asked. */
export function listWishOf({ page, search, sort }: Query, { signal }: Request) {
  return { page: pageNumber(page), search: cut(search), sort: cut(sort), gone: signal };
}

/** As much of what somebody searches or sorts by as is looked at. */
function cut(text = ""): string {
  return text.slice(0, 200);
}

const number = /^-?\d{1,9}$/;

function pageNumber(sent = ""): number {
  return number.test(sent) ? Math.max(1, Number(sent)) : 1;
}

/** What scripts ask of a list, as in the API. */
export function wishOf({ page, perPage, sort = "", filter = "", skipTotal }: Query, { signal }: Request) {
  if (![page, perPage].every((sent) => sent === undefined || number.test(sent))) {
    throw new Refusal("bad request", "something_wrong");
  }
  const numbers = pageOf({ ...(page ? { page } : {}), ...(perPage ? { perPage } : {}) });
  return { ...numbers, sort, filter, skipTotal: isYes(skipTotal), gone: signal };
}
