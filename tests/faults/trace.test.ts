import { describe, expect, test } from "bun:test";
import { parseTrace, wrongAnswers } from "./trace.ts";

const log = "/data/formstead.db-wal";
const asked = [{ sent: "one", stored: "ONE" }];

/** A trace as strace writes it, from lines like `7 pwrite64 log page ONE` (thread, call, target, what). */
function traceOf(...lines: string[]): string {
  return lines.map(lineOf).join("\n");
}

function lineOf(line: string): string {
  const [thread, name = "", where = "", what = "", ...words] = line.split(" ");
  const target = `9<${hex(where === "log" ? log : where)}>`;
  const text = words.join(" ");
  if (what === "begins") return `${thread} ${name}(${target} <unfinished ...>`;
  if (what === "ends") return `${thread} <... ${name} resumed>) = ${text || "0"}`;
  if (/sync$/.test(name))
    return `${thread} ${name}(${target}) = ${what === "fails" ? "-1 EIO (Input/output error)" : "0"}`;
  const bytes = what === "page" ? text.padEnd(4096, "\0") : what === "head" ? frameHead(text) : `${what} ${text}`;
  return `${thread} ${name}(${target}, "${hex(bytes)}", ${bytes.length}, 0) = ${bytes.length}`;
}

/** The head of a frame: `last` is that of a commit's last one. */
function frameHead(kind: string): string {
  return `\0\0\0\x03\0\0\0${kind === "last" ? "\x05" : "\0"}`.padEnd(24, "x");
}

function hex(text: string): string {
  return [...text].map((character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
}

const wrong = (...lines: string[]) => wrongAnswers(parseTrace(traceOf(...lines)), log, asked);

const request = "7 recvfrom socket:[1] POST /things one";
const firstFrame = ["7 pwrite64 log head first", "7 pwrite64 log page ONE"];
const lastFrame = ["7 pwrite64 log head last", "7 pwrite64 log page index"];
const frames = [...firstFrame, ...lastFrame];
const synced = "8 fdatasync log";
const answer = "7 sendto socket:[1] HTTP/1.1 200 OK";
const early = ["one was answered 200 before the log was synced."];

describe("an answer", () => {
  test("after the sync is fine, whichever call syncs and sends", () => {
    expect(wrong(request, ...frames, synced, answer)).toEqual([]);
    expect(wrong(request, ...frames, "7 fsync log", "7 writev socket:[1] HTTP/1.1 303 See Other")).toEqual([]);
    const pieces = ["8 fdatasync log begins", "7 recvfrom socket:[2] GET /", "8 fdatasync log ends"];
    expect(wrong(request, ...frames, ...pieces, answer)).toEqual([]);
  });

  test("without a sync is wrong", () => {
    expect(wrong(request, ...frames, answer)).toEqual(early);
    expect(wrong(request, ...frames, answer, synced)).toEqual(early);
  });

  test("between the begin and the end of a sync is wrong", () => {
    expect(wrong(request, ...frames, "8 fdatasync log begins", answer, "8 fdatasync log ends")).toEqual(early);
  });

  test("after a sync that began before all was written is wrong", () => {
    expect(wrong(synced, request, ...frames, answer)).toEqual(early);
    expect(wrong(request, ...firstFrame, synced, ...lastFrame, answer)).toEqual(early);
    const overlap = [...firstFrame, "8 fdatasync log begins", ...lastFrame, "8 fdatasync log ends"];
    expect(wrong(request, ...overlap, answer)).toEqual(early);
  });

  test("after a sync that failed, or of another file, is wrong", () => {
    expect(wrong(request, ...frames, "8 fdatasync log fails", answer)).toEqual(early);
    expect(wrong(request, ...frames, "8 fdatasync /data/formstead.db", answer)).toEqual(early);
  });

  test("is that on the connection of the request", () => {
    expect(wrong(request, "7 sendto socket:[2] HTTP/1.1 200 OK", ...frames, synced, answer)).toEqual([]);
    expect(wrong(request, ...frames, synced, "7 sendto socket:[2] HTTP/1.1 200 OK")).toEqual([
      "one was never answered.",
    ]);
  });

  test("is not held to a later write that touches the same page", () => {
    expect(wrong(request, ...frames, synced, ...frames, answer)).toEqual([]);
  });

  test("is wrong where the log does not hold the write, or only later", () => {
    expect(wrong(request, synced, answer)).toEqual(["one was answered 200 and is nowhere in the log."]);
    expect(wrong(request, ...firstFrame, synced, answer)).toEqual(["one was answered 200 and is nowhere in the log."]);
    expect(wrong(request, answer, ...frames, synced)).toEqual(["one was answered 200 before it was in the log."]);
  });

  test("that says no, or none at all, is told", () => {
    expect(wrong(request, "7 sendto socket:[1] HTTP/1.1 503 Service Unavailable")).toEqual(["one was answered 503."]);
    expect(wrong()).toEqual(["one was never answered."]);
  });
});

test("each write of a group is looked at, and each group for itself", () => {
  const lines = traceOf(
    request,
    "7 recvfrom socket:[2] POST /things two",
    "7 pwrite64 log head last",
    "7 pwrite64 log page ONE TWO",
    synced,
    "7 recvfrom socket:[3] POST /things three",
    "7 pwrite64 log head last",
    "7 pwrite64 log page ONE TWO THREE",
    answer,
    "7 sendto socket:[2] HTTP/1.1 200 OK",
    "7 sendto socket:[3] HTTP/1.1 200 OK",
  );
  const all = ["one", "two", "three"].map((sent) => ({ sent, stored: sent.toUpperCase() }));
  expect(wrongAnswers(parseTrace(lines), log, all)).toEqual(["three was answered 200 before the log was synced."]);
});
