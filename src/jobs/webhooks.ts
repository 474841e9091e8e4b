import type { Json } from "../fields/field.ts";
import { clock } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { isObject } from "../lib/json.ts";
import { sentence } from "../phrases/index.ts";
import { GivenUp, type Kind, type NewJob, NotYet } from "./job.ts";
import { type Message, send, type SendOptions } from "./outgoing.ts";
import { postedFor, type WebhookEvent, type WebhookShape } from "./webhook-shapes.ts";

export type { WebhookEvent, WebhookShape } from "./webhook-shapes.ts";

/** Where a form's events go. */
export interface Webhook {
  readonly url: string;
  readonly shape: WebhookShape;
  /** `whsec_…`: the key, in base64, that signs. */
  readonly secret: string;
}

export interface WebhookDelivery {
  readonly webhook: Webhook;
  readonly event: WebhookEvent;
}

/** How it is delivered, where that differs from the usual; for tests. */
export interface WebhookPace extends Partial<SendOptions> {
  /** Milliseconds before the 2nd, 3rd, … try. */
  readonly delays?: readonly number[];
}

interface WebhookOptions extends SendOptions {
  /**
   * What is to be delivered, as things stand now: of a submission, or a try where there is none. Nothing where the form has no
   * webhook any more, or the submission has gone; `aside` where that may come back.
   */
  find(form: string, submission: string | undefined): Promise<WebhookDelivery | "aside" | undefined>;
  readonly delays?: readonly number[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
/** A receiver that is down has a day to come back. */
const usualDelays = [5 * second, minute, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 8 * hour, 9 * hour];

/** The job of telling a form's webhook of a submission; none where it has no webhook. */
export function webhookJob(
  form: { readonly id: string; readonly webhook?: unknown },
  submission: { readonly id: string },
): NewJob | undefined {
  if (form.webhook === undefined) return undefined;
  return { kind: "webhook", form: form.id, about: submission.id, payload: { submission: submission.id } };
}

/** The job of a try, for an owner who wants to see it arrive. `id` tells it from other tries. */
export function webhookTry(form: { readonly id: string }, id: string): NewJob {
  return { kind: "webhook", form: form.id, payload: { try: id } };
}

/** Delivers webhooks: each event under one id however often it is sent, so that its receiver can tell. */
export function webhookKind({ find, delays = usualDelays, ...options }: WebhookOptions): Kind {
  return {
    atOnce: 32,
    perForm: 4,
    delays,
    run: async (payload, job) => {
      const submission = textIn(payload, "submission");
      const delivery = await find(job.form, submission);
      if (!delivery) throw new GivenUp(sentence("en", "webhook_gone"));
      if (delivery === "aside") throw new NotYet(sentence("en", "job_aside"));
      const { webhook, event } = delivery;
      const id = submission === undefined ? `try_${textIn(payload, "try") ?? job.id}` : `submission_${submission}`;
      return deliver(webhook, event, id, options);
    },
  };
}

async function deliver(webhook: Webhook, event: WebhookEvent, id: string, options: SendOptions): Promise<string> {
  try {
    const { url, body } = postedFor(webhook, event);
    const { status, milliseconds } = await send(url, messageOf(webhook, JSON.stringify(body), id), options);
    const told = { status, milliseconds };
    if (status >= 200 && status < 300) return sentence("en", "webhook_taken", told);
    if (status === 410) throw new GivenUp(sentence("en", "webhook_unwanted", told));
    const code = status >= 300 && status < 400 ? "webhook_redirected" : "webhook_refused";
    throw new Error(sentence("en", code, told));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const words = sentence("en", error.code, error.params);
    throw error.kind === "unavailable" ? new Error(words) : new GivenUp(words);
  }
}

function messageOf({ shape, secret }: Webhook, body: string, id: string): Message {
  const type = { "content-type": "application/json", "user-agent": "Formstead" };
  if (shape !== "standard") return { body, headers: type };
  const timestamp = String(Math.floor(clock() / 1000));
  const signed = {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatureOf(secret, id, timestamp, body),
  };
  return { body, headers: { ...type, ...signed } };
}

/** As Standard Webhooks has it: the key is the base64 after `whsec_`. */
export function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${new Bun.CryptoHasher("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

function textIn(payload: Json, name: string): string | undefined {
  const value = isObject(payload) ? payload[name] : undefined;
  return typeof value === "string" ? value : undefined;
}
