import type { Value } from "./sql.ts";

export type CheckpointMode = "PASSIVE" | "TRUNCATE";

/** A query, and the bytes that its rows may have. */
export interface Asked {
  readonly text: string;
  readonly values: readonly Value[];
  readonly bytes?: number;
}

/** What the main thread asks of a worker, which does one task after another. */
export type Task =
  | ({ readonly kind: "scan" } & Asked)
  | { readonly kind: "checkpoint"; readonly mode: CheckpointMode }
  | { readonly kind: "copy"; readonly to: string }
  | { readonly kind: "close" };

/** The first message: which data, and where it is said that a task shall stop (its id; 0 is none). */
export interface Opening {
  readonly file: string;
  readonly stop: Int32Array;
}

export interface Order {
  readonly id: number;
  readonly task: Task;
}

/** Rows of a scan come as JSON text, which costs half of what a copy of the objects costs; none where they have too many bytes. */
export interface Scanned {
  readonly rows: string | undefined;
  /** How many rows were looked at, and how many milliseconds that took. */
  readonly ticks: number;
  readonly time: number;
}

export interface Checkpointed {
  /** Another connection was in the way, so that not all was done. */
  readonly busy: boolean;
}

export type Answer =
  | { readonly id: number; readonly scanned: Scanned }
  | { readonly id: number; readonly checkpointed: Checkpointed }
  | { readonly id: number; readonly done: true }
  | { readonly id: number; readonly fault: { readonly message: string; readonly code: string } };
