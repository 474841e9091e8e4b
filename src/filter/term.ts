import type { Sql } from "../store/sql.ts";
import { type Fill, filled, type Joins, type Moment, type Scalar, type Used } from "./joins.ts";

/** One side of a comparison, resolved. */
export interface Term {
  /** There when the side is one value and touches no column. */
  readonly fill?: Fill;
  /** Whether it is NULL or `""`, where that is known before. */
  readonly empty?: boolean;
  /** Stands for several rows: a plain operator then means all of them. */
  readonly many: boolean;
  /** NULL and `""` are not the same (json). */
  readonly strict: boolean;
  /** May be NULL. */
  readonly nullable: boolean;
  write(joins: Joins, used: Used): Sql;
  /** Nanoseconds it may take to find the value of one row, where it is more than reading it. */
  work?(joins: Joins, used: Used): Sql;
  /** What must hold beside every comparison with it. */
  seen?(joins: Joins, used: Used): Sql;
}

/** A side whose columns depend on who asks. */
export interface Later {
  choose(moment: Moment): string;
  settle(choice: string): Term;
}

/** One value. `empty`: whether it is NULL or `""`, for a fill that does not show it. */
export function valueTerm(fill: Fill, empty?: boolean): Term {
  const known = empty ?? (typeof fill === "function" ? undefined : isEmpty(fill));
  const term = { fill, many: false, strict: false, nullable: true, write: ({ sheet }: Joins) => sheet.bind(fill) };
  return known === undefined ? term : { ...term, empty: known };
}

export function isEmpty(value: Scalar): boolean {
  return value === null || value === "";
}

/** The fill, worked on. */
export function mapFill(fill: Fill, work: (value: Scalar) => Scalar): Fill {
  return typeof fill === "function" ? (moment) => work(filled(fill, moment)) : work(fill);
}
