import type { Socket } from "node:net";
import { GivenUp } from "../jobs/job.ts";
import { sentence } from "../phrases/index.ts";
import type { Settings } from "../settings/settings.ts";
import { headerText } from "./compose.ts";
import type { Mail } from "./mail.ts";

type Smtp = Settings["smtp"];

/** A mail server has taken a mail, for all or some of its receivers. */
export interface Taken {
  /** What it said. */
  readonly said: string;
  /** Whom it refused for good, and why. */
  readonly refused: readonly string[];
  /** Whom it refuses for now. */
  readonly later: readonly string[];
}

export interface TransportParts {
  readonly settings: { readonly current: Pick<Settings, "meta" | "smtp"> };
  /** How a server is reached; straight when absent. For tests, and networks with a way of their own. */
  readonly dial?: (smtp: Smtp) => Promise<Socket>;
}

export interface Transport {
  /**
   * Sends to all receivers, or `only` to these. Throws `GivenUp` for what the server refuses for good, and an Error for what may
   * work later.
   */
  send(mail: Mail, id: string, only?: readonly string[]): Promise<Taken>;
  close(): void;
}

/** Milliseconds. A server that says nothing keeps a mail, and those behind it, for a minute at most. */
const patience = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000, dnsTimeout: 10_000 };
/** Connections that are kept open at a time. */
export const mostConnections = 3;

/** Sends through the server that the settings name at that moment. */
export function openTransport({ settings, dial }: TransportParts): Transport {
  let known: { readonly smtp: Smtp; readonly mailer: ReturnType<typeof mailerOf> } | undefined;

  function forget(): void {
    known?.mailer.then((mailer) => mailer.close()).catch(() => {});
    known = undefined;
  }

  function mailer(): ReturnType<typeof mailerOf> {
    const { smtp } = settings.current;
    if (known?.smtp !== smtp) {
      forget();
      known = { smtp, mailer: mailerOf(smtp, dial) };
    }
    return known.mailer;
  }

  return {
    send: async (mail, id, only) => {
      const { senderName, senderAddress } = settings.current.meta;
      const { to, cc, replyTo, subject, text, html, headers } = mail;
      const receivers = only ?? [...to, ...(cc ?? [])];
      if (receivers.length === 0) throw new GivenUp("It names nobody whom it could be sent to.");
      try {
        const info = await (
          await mailer()
        ).sendMail({
          from: { name: headerText(senderName), address: senderAddress },
          to: named(to),
          ...(cc ? { cc: named(cc) } : {}),
          ...(replyTo ? { replyTo: { name: "", address: replyTo } } : {}),
          envelope: { from: senderAddress, to: [...receivers] },
          messageId: `<${id}@${senderAddress.slice(senderAddress.lastIndexOf("@") + 1)}>`,
          subject,
          text,
          html,
          headers: { ...headers },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return takenOf(info);
      } catch (error) {
        throw troubleOf(error, settings.current.smtp);
      }
    },
    close: forget,
  };
}

/** As objects: nodemailer would read a text as a list of names and addresses. */
function named(addresses: readonly string[]) {
  return addresses.map((address) => ({ name: "", address }));
}

/** What sends is loaded with the first mail: it would take a third of the time that a start may take. */
async function mailerOf(smtp: Smtp, dial: TransportParts["dial"]) {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    ...connectionOf(smtp),
    ...patience,
    pool: true,
    maxConnections: mostConnections,
    // A kept connection that the server has closed meanwhile; all other failures are for the job to try again.
    maxRequeues: 1,
    ...(dial
      ? {
          getSocket: (_: unknown, done: (error: Error | null, found?: { connection: Socket }) => void) => {
            dial(smtp).then((connection) => done(null, { connection }), done);
          },
        }
      : {}),
  });
}

/**
 * How a server is spoken to. TLS from the first byte where the settings say so, and otherwise as soon as the server offers it; a
 * password never goes in the clear. Certificates are checked, but on this machine itself, where nobody is in between.
 */
export function connectionOf({ host, port, username, password, authMethod, tls, localName }: Smtp) {
  const here = host === "localhost" || host === "127.0.0.1" || host === "::1";
  return {
    host,
    port,
    secure: tls,
    requireTLS: !tls && username !== "" && !here,
    tls: { rejectUnauthorized: !here },
    ...(username === "" ? {} : { auth: { user: username, pass: password } }),
    ...(authMethod === "" ? {} : { authMethod }),
    ...(localName === "" ? {} : { name: localName }),
  };
}

/** What nodemailer tells of an error. */
interface SmtpError extends Error {
  readonly code?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly recipient?: unknown;
}

function takenOf(info: {
  readonly response?: string;
  readonly rejectedErrors?: readonly SmtpError[] | undefined;
}): Taken {
  const errors = info.rejectedErrors ?? [];
  const [passing, lasting] = [errors.filter((it) => !isLasting(it)), errors.filter(isLasting)];
  return {
    said: headerText(info.response ?? ""),
    refused: lasting.map((it) => `${String(it.recipient)}: ${saidBy(it)}`),
    later: passing.map((it) => String(it.recipient)),
  };
}

function troubleOf(error: unknown, smtp: Smtp): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (isLasting(error)) return new GivenUp(saidBy(error));
  return new Error(responseOf(error) ? saidBy(error) : unusable(smtp, error));
}

/** Which server it was, where that has said nothing itself. */
function unusable({ host, port }: Smtp, error: SmtpError): string {
  return sentence("en", "mail_server_unusable", { server: `${host}:${port}`, reason: saidBy(error) });
}

/** Refused for good: 5xx. A password that does not fit is not: the owner will correct it, and then the mail goes out. */
function isLasting(error: SmtpError): boolean {
  const { responseCode, code } = error;
  if (code === "EAUTH" || code === "ENOAUTH") return false;
  return typeof responseCode === "number" && responseCode >= 500;
}

function saidBy(error: SmtpError): string {
  return headerText(responseOf(error) || error.message);
}

function responseOf({ response }: SmtpError): string {
  return typeof response === "string" ? response : "";
}
