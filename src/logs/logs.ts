import { now } from "../lib/dates.ts";

/** What happened, one line each. Nothing is written while a request is answered: lines wait for the next batch. */
export interface Logs {
  /**
   * A request that was answered. Of `path` only what stands before a `?` is kept, with tokens hidden and everything but
   * plain letters percent-encoded, so that nobody can write a line of their own.
   */
  request(method: string, path: string, status: number, milliseconds: number, id: string): void;
  /** Something broke while the request `id` was answered: the stack, for whoever operates the server. */
  fault(id: string, error: unknown): void;
  /** A line for whoever operates the server. */
  say(line: string): void;
  /** Settles once everything said so far is written. */
  flush(): Promise<void>;
  /** Flushes and stops; lines said later are lost. */
  close(): Promise<void>;
}

type Write = (text: string) => void | Promise<void>;

/** Milliseconds that a line waits at most, as long as somebody reads. */
const longest = 200;
/** Characters after which a batch does not wait for its time. */
const batch = 64 * 1024;
/** Characters kept for a reader that does not read; lines beyond are counted, not kept. */
const most = 4 * 1024 * 1024;

/** `write` gets whole lines and answers once it can take more; without it they go to standard output. */
export function openLogs({ write = toOutput }: { write?: Write } = {}): Logs {
  let waiting = "";
  let lost = 0;
  let open = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> | undefined;

  function add(line: string): void {
    if (!open) return;
    if (waiting.length > most) {
      lost++;
      return;
    }
    waiting += line;
    if (waiting.length > batch && !writing) soon(0);
    else if (timer === undefined) soon(longest);
  }

  function soon(milliseconds: number): void {
    clearTimeout(timer);
    timer = setTimeout(flush, milliseconds);
    timer.unref();
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    return (writing ??= drain().finally(() => (writing = undefined)));
  }

  async function drain(): Promise<void> {
    while (waiting !== "") {
      const text = lost > 0 ? `${waiting}${now()} ${lost} lines were lost, since nobody read them.\n` : waiting;
      waiting = "";
      lost = 0;
      await write(text);
    }
  }

  return {
    request: (method, path, status, milliseconds, id) =>
      add(`${now()} ${shown(method)} ${shown(path)} ${status} ${milliseconds.toFixed(1)}ms ${id}\n`),
    fault: (id, error) => add(`${now()} fault ${id}\n${indented(story(error))}\n`),
    say: (line) => add(`${now()} ${indented(line).trimStart()}\n`),
    flush,
    close: async () => {
      await flush();
      open = false;
    },
  };
}

const plain = /^[!-~]*$/;

function shown(path: string): string {
  const query = path.indexOf("?");
  let text = query < 0 ? path : path.slice(0, query);
  if (text.length > 1000) text = `${text.slice(0, 1000)}…`;
  if (text.includes("eyJ")) text = text.replaceAll(/eyJ[\w-]+\.[\w-]*\.[\w-]*/g, "(token)");
  return plain.test(text) ? text : text.toWellFormed().replaceAll(/[^!-~]+/g, encodeURIComponent);
}

/** The stack, and that of every cause. */
function story(error: unknown): string {
  if (!(error instanceof Error)) return Bun.inspect(error);
  const stack = error.stack?.includes(error.message) ? error.stack : `${error.name}: ${error.message}\n${error.stack}`;
  return error.cause === undefined ? stack : `${stack}\nbecause of ${story(error.cause)}`;
}

/** Every line begins with two spaces, as no line of a request does, and control characters are shown, not obeyed. */
function indented(text: string): string {
  const tame = text.replaceAll("\r\n", "\n").replaceAll(/(?!\n)[\p{Cc}\u2028\u2029]/gu, escaped);
  return `  ${tame.replaceAll("\n", "\n  ")}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A reader that went away must not stop the server: what it does not take is lost. */
function toOutput(text: string): Promise<void> {
  if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", () => {});
  return new Promise((done) => process.stdout.write(text, () => done()));
}
