/** Where a command speaks with the person who started it. */
export interface Terminal {
  say(line: string): void;
  complain(line: string): void;
  /** Asks for something nobody should see on the screen; without a keyboard, the first line of standard input. */
  secret(question: string): Promise<string>;
  /** Whether a person sits there and can be asked twice. */
  readonly person: boolean;
}

/** The terminal this process was started in. */
export function openTerminal(): Terminal {
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    secret: (question) => (process.stdin.isTTY ? typed(question) : firstLine()),
    person: process.stdin.isTTY,
  };
}

async function firstLine(): Promise<string> {
  const [line = ""] = (await Bun.stdin.text()).split(/\r?\n/);
  return line;
}

/** Reads a line key by key, so that the terminal does not show it. Ctrl-C and Ctrl-D answer with nothing. */
function typed(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((answer) => {
    let line = "";
    const listen = (chunk: Buffer) => {
      for (const key of chunk.toString()) {
        if (key === "\r" || key === "\n") return done(line);
        if (key === "\x03" || key === "\x04") return done("");
        line = key === "\x7f" || key === "\b" ? line.slice(0, -1) : line + key;
      }
    };
    const done = (text: string) => {
      stdin.off("data", listen);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      answer(text);
    };
    stdin.on("data", listen);
  });
}
