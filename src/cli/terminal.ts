/** Where a command speaks with the person who started it. */
export interface Terminal {
  say(line: string): void;
  complain(line: string): void;
  /**
   * Asks for a new password without showing it, and `again`; `undefined` when the answers differ. Without a keyboard it is
   * the first line of standard input. Nothing typed, or Ctrl-C, is the empty text.
   */
  newPassword(question: string, again: string): Promise<string | undefined>;
}

/** The terminal this process was started in. */
export function openTerminal(): Terminal {
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    newPassword: async (question, again) => {
      if (!process.stdin.isTTY) return (await Bun.stdin.text()).split(/\r?\n/)[0];
      const [first, second] = await hidden([question, again]);
      return first === "" || first === second ? first : undefined;
    },
  };
}

/** Answers key by key, so that the terminal shows none; an empty one ends the questions. */
function hidden(questions: readonly string[]): Promise<string[]> {
  const { stdin, stderr } = process;
  return new Promise((answer) => {
    const lines: string[] = [];
    let line = "";
    const end = () => {
      stdin.off("data", listen);
      stdin.setRawMode(false);
      stdin.pause();
      answer(lines);
    };
    const enter = () => {
      stderr.write("\n");
      lines.push(line);
      if (line === "" || lines.length === questions.length) return end();
      line = "";
      stderr.write(questions[lines.length] ?? "");
    };
    const listen = (chunk: Buffer) => {
      for (const key of chunk.toString()) {
        if (key === "\x03" || key === "\x04") line = "";
        if (/[\r\n\x03\x04]/.test(key)) enter();
        else line = /[\x7f\b]/.test(key) ? line.slice(0, -1) : line + key;
      }
    };
    // Before the question: what is typed too early must not be shown either.
    stdin.setRawMode(true);
    stdin.on("data", listen);
    stdin.resume();
    stderr.write(questions[0] ?? "");
  });
}
