import type { Ask } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Project } from "../project.ts";
import { expandRecords } from "../records/expand.ts";
import type { ListQuery, Place, RecordList } from "../records/read.ts";
import { listRecords, viewRecord } from "../records/read.ts";
import type { RecordJson } from "../records/shape.ts";
import { placeOf } from "./place.ts";

/** Records as they are answered, with what `?expand=` asks for. */

export async function listExpanded(
  project: Project,
  place: Place,
  wish: ListQuery,
  expand: string | undefined,
): Promise<RecordList> {
  const list = await listRecords(project, place, wish);
  if (expand) await expandRecords(project, place, list.items, expand, wish.gone);
  return list;
}

export async function viewExpanded(
  project: Project,
  place: Place,
  id: string,
  expand: string | undefined,
  gone: AbortSignal,
): Promise<RecordJson> {
  const record = await viewRecord(project, place, id);
  if (expand) await expandRecords(project, place, [record], expand, gone);
  return record;
}

/**
 * A record of what has been done already: saved, or signed in. That must not look as if it had failed, so a relation that cannot
 * be followed leaves the record as it is.
 */
export async function expandDone(
  project: Project,
  collection: string,
  ask: Ask,
  record: RecordJson,
  expand: string | undefined,
): Promise<RecordJson> {
  if (!expand) return record;
  try {
    return await project.collections.read(async (collections) => {
      const whole = { ...record };
      await expandRecords(project, placeOf(collections, collection, ask), [whole], expand);
      return whole;
    });
  } catch (error) {
    if (error instanceof Refusal) return record;
    throw error;
  }
}
