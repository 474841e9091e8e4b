/** One system call of a trace; `start` and `end` are the lines at which it began and had come back. */
export interface Call {
  readonly name: string;
  /** What its first argument is: the path of a file, or `socket:[…]` with a number of its own for each connection. */
  readonly target: string;
  /** The bytes that were written or read, one character each. */
  readonly data: string;
  readonly result: number;
  readonly start: number;
  readonly end: number;
}

/** A write that somebody asked for, as it can be recognised in a trace. */
export interface Asked {
  /** A text that only this request has. */
  readonly sent: string;
  /** A text that gets into the log with this write and not before. */
  readonly stored: string;
}

/** What `strace` must be told so that `parseTrace` can read what it writes. */
export const options = ["-f", "-y", "-xx", "-s", "9000"];
export const traced = "pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg,recvfrom";

/** Reads a trace, in the order in which the calls came back. Calls that never did are left out. */
export function parseTrace(text: string): Call[] {
  const begun = new Map<string, { readonly text: string; readonly start: number }>();
  const calls: Call[] = [];
  for (const [line, written] of text.split("\n").entries()) {
    const [, thread = "", rest = ""] = /^(\d+) +(.*)$/.exec(written) ?? [];
    if (rest.endsWith("<unfinished ...>")) {
      begun.set(thread, { text: rest.slice(0, -"<unfinished ...>".length), start: line });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>/.exec(rest);
    const before = resumed ? begun.get(thread) : undefined;
    const call = parseCall((before?.text ?? "") + rest.slice(resumed?.[0].length ?? 0));
    if (call) calls.push({ ...call, start: before?.start ?? line, end: line });
  }
  return calls;
}

/**
 * What is wrong with the answers to these writes, in sentences: each successful answer must leave after a sync of the log
 * that began when all of the write was in the log, and came back without an error. A write that was never answered, or
 * that the log never held, is told too, so that a trace of nothing proves nothing.
 */
export function wrongAnswers(calls: readonly Call[], log: string, asked: readonly Asked[]): string[] {
  const commits = findCommits(calls, log, asked);
  const syncs = calls.filter(
    ({ name, target, result }) => /^f(data)?sync$/.test(name) && target === log && result === 0,
  );
  return asked.flatMap((write) => {
    const answer = findAnswer(calls, write.sent);
    if (!answer) return [`${write.sent} was never answered.`];
    const status = Number(answer.data.slice(9, 12));
    if (status < 200 || status >= 400) return [`${write.sent} was answered ${status}.`];
    const commit = commits.get(write);
    if (!commit) return [`${write.sent} was answered ${status} and is nowhere in the log.`];
    if (commit.end > answer.start) return [`${write.sent} was answered ${status} before it was in the log.`];
    const safe = syncs.some(({ start, end }) => start > commit.end && end < answer.start);
    return safe ? [] : [`${write.sent} was answered ${status} before the log was synced.`];
  });
}

function parseCall(text: string): Omit<Call, "start" | "end"> | undefined {
  const [, name = "", target = "", rest = "", result = ""] =
    /^(\w+)\(\d+<([^>]*)>(.*)\) += (-?\d+)(?: [A-Z].*)?$/.exec(text) ?? [];
  if (name === "") return undefined;
  const data = [...rest.matchAll(/"([^"]*)"/g)].map(([, quoted = ""]) => plain(quoted)).join("");
  return { name, target: plain(target), data, result: Number(result) };
}

function plain(written: string): string {
  return written.replaceAll(/\\x(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const head = "HTTP/1.1 ";

function findAnswer(calls: readonly Call[], sent: string): Call | undefined {
  const asked = calls.find(({ name, data }) => name === "recvfrom" && data.includes(sent));
  if (!asked) return undefined;
  return calls.find(({ name, target, data, start }) => {
    return target === asked.target && start > asked.end && name !== "recvfrom" && data.startsWith(head);
  });
}

/**
 * The last call of each write. The log is a row of frames, each a head of 24 bytes and a page; the head of a commit's last
 * frame says in bytes 4 to 7 how large the database is now, others say zero (https://sqlite.org/walformat.html).
 */
function findCommits(calls: readonly Call[], log: string, asked: readonly Asked[]): Map<Asked, Call> {
  const commits = new Map<Asked, Call>();
  const expected = new Set<Asked>();
  const written = new Set<Asked>();
  let isLast = false;
  for (const call of calls) {
    if (call.name === "recvfrom") {
      for (const write of asked) if (!commits.has(write) && call.data.includes(write.sent)) expected.add(write);
    }
    if (call.name !== "pwrite64" || call.target !== log) continue;
    if (call.data.length === 24) isLast = call.data.slice(4, 8) !== "\0\0\0\0";
    for (const write of expected) if (call.data.includes(write.stored)) written.add(write);
    if (call.data.length <= 32 || !isLast) continue;
    for (const write of written) {
      commits.set(write, call);
      expected.delete(write);
    }
    written.clear();
    isLast = false;
  }
  return commits;
}
