import type { Json } from "../fields/field.ts";
import { type Job, type Kind, NotYet } from "../jobs/job.ts";
import type { Jobs } from "../jobs/queue.ts";
import { randomText } from "../lib/ids.ts";
import { isObject } from "../lib/json.ts";
import { sha256 } from "../lib/secrets.ts";
import { sentence } from "../phrases/index.ts";
import type { Store, Unit } from "../store/engine.ts";
import type { Mail } from "./mail.ts";
import { mostConnections, openTransport, type TransportParts } from "./transport.ts";

/** How mails are made of what their jobs say: when they are sent, and when somebody reads them in the mailbox. */
export interface Composer {
  /** `undefined` where there is nothing to say any more: what it was about is gone. */
  compose(payload: JsonObject): Promise<Mail | undefined>;
  /** Why there is nothing to say; absent or `undefined`: what it was about is gone. */
  spared?(payload: JsonObject): Promise<string | undefined>;
  /** There is nothing to say now, and may be again. Absent: never. */
  rests?(payload: JsonObject): Promise<boolean>;
  /** Why it is not sent by itself, before it is composed; `undefined`: it is. Asked only where there is a mail server. Absent: never. */
  hold?(payload: JsonObject, job: Job): Promise<string | undefined>;
  /** Sends, or answers why not. Absent: sends. */
  admit?(payload: JsonObject, job: Job, send: () => Promise<string>): Promise<string>;
}

type JsonObject = { [key: string]: Json };

export interface Post {
  /** Queues a mail in the unit of the change that wants it. */
  send(tx: Unit, mail: Mail, about?: { readonly about?: string; readonly form?: string }): Promise<void>;
  /** Sends at once and beside the jobs: a test. Answers what the server said; throws an Error that says why it could not. */
  deliver(mail: Mail): Promise<string>;
  /** The mail of a job as it would be sent now; `undefined` where what it was about is gone. */
  read(job: Job): Promise<Mail | undefined>;
  /** How jobs of the kind `mail` are done. */
  readonly kind: Kind;
  close(): void;
}

const minute = 60_000;
const hour = 60 * minute;
/** Tried over a day. */
const delays = [minute, 5 * minute, 15 * minute, hour, 2 * hour, 4 * hour, 8 * hour, 8 * hour];

/** The outcome of a mail that nobody is sent, since no server is set up. */
export const keptHere = "mailbox";

/** What differs from the usual. */
export interface PostOptions extends Pick<TransportParts, "dial"> {
  /** Milliseconds before the 2nd, 3rd, … try; over a day when absent. */
  readonly delays?: readonly number[];
}

interface PostParts extends TransportParts, PostOptions {
  readonly store: Pick<Store, "write">;
  readonly jobs: Pick<Jobs, "add">;
  readonly composers: Readonly<Record<string, Composer>>;
}

/** Opens the post of a project. Without a mail server in the settings, mails are read at `/_/mailbox`. */
export function openPost(parts: PostParts): Post {
  const { store, jobs, composers, settings } = parts;
  const transport = openTransport(parts);

  async function run(payload: Json, job: Job): Promise<string> {
    const composer = composerOf(composers, payload);
    // Whoever wants to read it there composes it.
    if (!settings.current.smtp.enabled && !composer?.admit) return keptHere;
    // What is left of a mail that some of its receivers have goes to the others.
    if (settings.current.smtp.enabled && isObject(payload) && payload["only"] === undefined) {
      const held = await composer?.hold?.(payload, job);
      if (held !== undefined) return held;
    }
    const mail = await read(job);
    if (!mail && isObject(payload) && (await composer?.rests?.(payload))) {
      throw new NotYet(sentence("en", "job_aside"));
    }
    if (!mail || !isObject(payload)) {
      return (isObject(payload) && (await composer?.spared?.(payload))) || sentence("en", "mail_gone");
    }
    const send = () => deliverJob(mail, payload, job);
    return composer?.admit ? composer.admit(payload, job, send) : send();
  }

  async function deliverJob(mail: Mail, payload: JsonObject, job: Job): Promise<string> {
    if (!settings.current.smtp.enabled) return keptHere;
    const only = textsOf(payload["only"]);
    // The same at every try, so that a receiver whose answer was lost recognises it.
    const id = `${sha256(`${job.id} ${job.created}`).slice(0, 32)}.formstead`;
    const { said, refused, later } = await transport.send(mail, id, only);
    if (later.length > 0) {
      const rest = { kind: job.kind, about: job.about, form: job.form, payload: { ...payload, only: [...later] } };
      await store.write((tx) => jobs.add(tx, rest));
    }
    return [said, ...refused].join(" · ");
  }

  async function read({ payload }: Job): Promise<Mail | undefined> {
    const composer = composerOf(composers, payload);
    if (composer && isObject(payload)) return composer.compose(payload);
    return isObject(payload) && isMail(payload["mail"]) ? payload["mail"] : undefined;
  }

  return {
    send: (tx, mail, about) => jobs.add(tx, { kind: "mail", ...about, payload: { mail: toJson(mail) } }),
    deliver: async (mail) => {
      const { said, refused, later } = await transport.send(mail, `${randomText(32)}.formstead`);
      return [said, ...refused, ...later].join(" · ");
    },
    read,
    kind: { atOnce: mostConnections, delays: parts.delays ?? delays, run },
    close: () => transport.close(),
  };
}

function composerOf(composers: Readonly<Record<string, Composer>>, payload: Json): Composer | undefined {
  const name = isObject(payload) ? payload["compose"] : undefined;
  return typeof name === "string" && Object.hasOwn(composers, name) ? composers[name] : undefined;
}

function toJson({ to, cc, headers, ...mail }: Mail): Json {
  return { ...mail, to: [...to], ...(cc ? { cc: [...cc] } : {}), ...(headers ? { headers: { ...headers } } : {}) };
}

/** Only `send` writes it. */
function isMail(it: unknown): it is Mail {
  return isObject(it) && typeof it["html"] === "string" && Array.isArray(it["to"]);
}

function textsOf(it: Json | undefined): readonly string[] | undefined {
  return Array.isArray(it) ? it.filter((one) => typeof one === "string") : undefined;
}
