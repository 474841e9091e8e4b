import type { Json } from "../fields/field.ts";

/** Something that must still be done, and for a while what became of it. */
export interface Job {
  readonly id: number;
  readonly kind: string;
  /** The id of the submission or record, and of the form, that it is about; `""` for none. */
  readonly about: string;
  readonly form: string;
  readonly payload: Json;
  readonly state: JobState;
  /** How often it has been tried since it was last asked for. */
  readonly tries: number;
  /** Not before this moment; milliseconds since 1970, as all moments here. */
  readonly due: number;
  /** What the receiver said, or the last error; never bodies or secrets. */
  readonly outcome: string;
  readonly created: number;
  readonly ended: number | null;
}

export type JobState = "waiting" | "done" | "failed";

export interface NewJob {
  readonly kind: string;
  readonly about?: string;
  readonly form?: string;
  readonly payload: Json;
  /** At once when absent. */
  readonly due?: number;
}

/** Doing one kind of job. */
export interface Kind {
  /** How many of them are done beside each other. */
  readonly atOnce: number;
  /** How many of those are of one form at most, so that none keeps the others waiting; as many as there are when absent. */
  readonly perForm?: number;
  /** Milliseconds before the 2nd, 3rd, … try; after the last of them a job has failed. */
  readonly delays: readonly number[];
  /**
   * Answers in a few words what became of it. Throws `GivenUp` where trying again is no use, `NotYet` where it is to rest, and
   * anything else to be tried again.
   * It ends by itself: nothing here has a deadline.
   */
  run(payload: Json, job: Job): Promise<string>;
}

/** Trying again would be no use; its message is the outcome. */
export class GivenUp extends Error {
  override readonly name = "GivenUp";
}

/** What it is about is put aside, and may come back: looked at again each hour for a month, which are no tries. */
export class NotYet extends Error {
  override readonly name = "NotYet";
}
