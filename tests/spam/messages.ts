import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An answer to a contact form, as somebody wrote it to learn from or to examine with. */
export interface Message {
  readonly bad: boolean;
  /** What sort it is; for readers of failures. */
  readonly kind: string;
  /** What was typed, by the name of its field. */
  readonly fields: Readonly<Record<string, string>>;
}

const folder = join(import.meta.dir, "messages");
/** Sets with this name are for examining alone: nothing is learned from them. */
const examining = /^examined-/;

/** The messages that the words are learned from, and those that nothing was learned from, each by the name of its set. */
export function readMessages(): {
  readonly lessons: Map<string, Message[]>;
  readonly examined: Map<string, Message[]>;
} {
  const [lessons, examined] = [new Map<string, Message[]>(), new Map<string, Message[]>()];
  for (const file of readdirSync(folder).sort()) {
    const lines = readFileSync(join(folder, file), "utf8").trim().split("\n");
    // Reserved names, which are nobody's, stand for those that people write.
    const messages = lines.map((line) => JSON.parse(line.replaceAll(/\.example\b/g, ".com")) as Message);
    (examining.test(file) ? examined : lessons).set(file.replace(".jsonl", ""), messages);
  }
  return { lessons, examined };
}

/** What is read of a message for its words. */
export function proseOf({ fields }: Message): string {
  const { subject = "", message = "" } = fields;
  return subject === "" ? message : `${subject}\n. \n${message}`;
}
