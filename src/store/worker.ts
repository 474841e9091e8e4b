import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { parentPort } from "node:worker_threads";
import { Connection } from "./connection.ts";
import { syncFolder, syncPath } from "./durable.ts";
import type { Answer, Asked, CheckpointMode, Opening, Order, Task } from "./task.ts";

/** The entry of the workers in which long reads, checkpoints and copies run, so that the main thread never waits for them. */

let opening: Opening | undefined;
const connections: { reading?: Connection; writing?: Connection } = {};
let current = 0;
let ticks = 0;

parentPort?.on("message", (message: Opening | Order) => {
  if (!("task" in message)) {
    opening = message;
    return;
  }
  current = message.id;
  parentPort?.postMessage(attempt(message.id, message.task));
});

function attempt(id: number, task: Task): Answer {
  try {
    if (task.kind === "scan") return { id, scanned: scan(task) };
    if (task.kind === "checkpoint") return { id, checkpointed: checkpoint(task.mode) };
    if (task.kind === "copy") copy(task.to);
    else close();
    return { id, done: true };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { id, fault: { message, code } };
  }
}

function scan({ text, values, bytes = Number.POSITIVE_INFINITY }: Asked) {
  ticks = 0;
  const start = performance.now();
  const rows = reading().allWithin(text, values, bytes);
  return { rows: rows && JSON.stringify(rows), ticks, time: performance.now() - start };
}

function tick(): number {
  ticks++;
  return goOn();
}

function goOn(): number {
  if (opening && Atomics.load(opening.stop, 0) === current) throw new Error("stopped");
  return 1;
}

function checkpoint(mode: CheckpointMode) {
  const writing = (connections.writing ??= new Connection(file(), "write", [], 200));
  return { busy: writing.first<{ busy: number }>(`PRAGMA wal_checkpoint(${mode})`)?.busy !== 0 };
}

/** The copy has its name only once all of it is on disk. */
function copy(to: string): void {
  if (existsSync(to)) throw new Error(`${to} exists already.`);
  const part = `${to}.part`;
  rmSync(part, { force: true });
  try {
    reading().run("VACUUM INTO ?", [part]);
    syncPath(part);
    renameSync(part, to);
    syncFolder(dirname(to));
  } finally {
    rmSync(part, { force: true });
  }
}

function close(): void {
  connections.reading?.close();
  connections.writing?.close();
  delete connections.reading;
  delete connections.writing;
}

function reading(): Connection {
  if (connections.reading) return connections.reading;
  const connection = new Connection(file(), "read", ["cache_size = -16000"], 1000);
  connection.count({ tick, weigh: (_nanoseconds) => goOn() });
  return (connections.reading = connection);
}

function file(): string {
  if (!opening) throw new Error("The worker was given a task before it was told which data it works on.");
  return opening.file;
}
