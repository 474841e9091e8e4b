import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail as a server has received it. */
export interface Received {
  readonly mail: ParsedMail;
  /** As it came. */
  readonly source: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: unknown;
}

export interface MailServerOptions extends SMTPServerOptions {
  /** Answers what a mail is refused with, by its number from 1, before it is taken. */
  readonly refuse?: (number: number) => { readonly code: number; readonly text: string } | undefined;
  /** The same for one of its receivers. */
  readonly refuseReceiver?: (
    address: string,
    number: number,
  ) => { readonly code: number; readonly text: string } | undefined;
}

/** A real mail server on loopback, for the length of a test. */
export class MailServer implements AsyncDisposable {
  readonly received: Received[] = [];
  /** How often somebody came with a mail. */
  tries = 0;
  #asked = 0;
  readonly #server: SMTPServer;

  private constructor({ refuse, refuseReceiver, ...options }: MailServerOptions) {
    this.#server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      hideSTARTTLS: true,
      onRcptTo: ({ address }, _, done) => done(failure(refuseReceiver?.(address, ++this.#asked))),
      onData: (stream, session, done) => {
        const number = ++this.tries;
        const pieces: Buffer[] = [];
        stream.on("data", (piece: Buffer) => pieces.push(piece));
        stream.on("end", () => {
          const refused = failure(refuse?.(number));
          if (refused) return done(refused);
          const source = Buffer.concat(pieces).toString("utf8");
          const { mailFrom, rcptTo } = session.envelope;
          const envelope = { from: mailFrom ? mailFrom.address : "", to: rcptTo.map(({ address }) => address) };
          simpleParser(source).then((mail) => {
            this.received.push({ mail, source, ...envelope, secure: session.secure, user: session.user });
            done();
          }, done);
        });
      },
      ...options,
    });
    // A client that goes away, as over a certificate that it does not trust, is no fault of the server.
    this.#server.on("error", () => {});
  }

  static async open(options: MailServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function failure(refused: { readonly code: number; readonly text: string } | undefined): Error | null {
  return refused ? Object.assign(new Error(refused.text), { responseCode: refused.code }) : null;
}
