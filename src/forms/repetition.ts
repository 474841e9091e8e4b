import { clock, stamp } from "../lib/dates.ts";
import { Lru } from "../lib/lru.ts";
import { sha256 } from "../lib/secrets.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import type { Payload } from "../fields/payload.ts";
import type { Viewer } from "../filter/scope.ts";
import type { Told } from "./asked.ts";
import { keptBy } from "./drafts.ts";

/** By what an answer is known again. */
export interface Likeness {
  readonly form: string;
  /** Of the form token it came with what is not known anyway: its `tokenKey`; `""` for none. */
  readonly token: string;
  /** When that was issued, in milliseconds since 1970. */
  readonly issued: number;
  /** Says what was sent, and nothing about it. */
  readonly content: string;
  /** What is remembered of the visitor's address, and their browser. */
  readonly address: string;
  readonly agent: string;
}

/** A submission that was there before. */
export interface Earlier {
  readonly id: string;
  readonly record: string;
  readonly content: string;
  readonly email: string;
}

/** An answer's turn: until it ends, the same without a token waits. */
export interface Turn {
  /** The same answer once more: a double click, a retry, *back* and *send*. */
  readonly first?: Earlier | undefined;
  /** The one for which the form token has been used. */
  readonly used?: Earlier | undefined;
  /** What no other submission may have: is stored as its token, where it is not `""`. */
  readonly key: string;
  /** To be called in any case; with the id of the submission where one was made, whether or not it is known to be stored. */
  end(stored?: string): void;
}

/** Milliseconds in which the same from the same is a double send, where no token says so. */
const doubled = 60_000;
/** As many tokens, and answers without one, as are known without asking the database. */
const mostKnown = 50_000;

/**
 * Looks whether answers have come before. A token makes one answer, however often it is sent: that is certain, since no two
 * submissions have the same. Without one it is the same form, visitor and content within a minute: the last
 * 50,000 of these are known by heart, since an index in which each has a place of its own would cost more than storing the record.
 */
export interface Repetitions {
  take(it: Likeness): Promise<Turn>;
  /** The submission that was made with a token: surely, in a unit. */
  findUsed(tx: Reading, token: string): Promise<Earlier | undefined>;
  /** Whether the form token with this key has made an answer. */
  isUsed(key: string): Promise<boolean>;
}

/** One who sends something, since a moment; answers the id of the submission that was made of it. */
interface Sending {
  readonly since: number;
  readonly made: Promise<string | undefined>;
}

export function openRepetitions({ store }: { readonly store: Reading }): Repetitions {
  const tokens = new Lru<string, true>(mostKnown);
  const sendings = new Lru<string, Sending>(mostKnown);
  const recalled = new Map<string, Promise<void>>();
  const started = clock();

  /** What the process before this one has stored in its last minute. */
  async function recall(form: string): Promise<void> {
    const rows = await store.all<Pick<Likeness, "content" | "address" | "agent"> & { id: string }>(
      sql`SELECT id, content, address, agent FROM _submissions
          WHERE form = ${form} AND state IN ('new', 'read', 'spam', 'deleted') AND test IN (0, 1)
            AND created > ${stamp(started - doubled)} AND created <= ${stamp(started)} LIMIT ${mostKnown}`,
    );
    for (const { id, ...sent } of rows) sendings.set(senderOf(sent), { since: started, made: Promise.resolve(id) });
  }

  async function recallOnce(form: string): Promise<void> {
    let recalling = recalled.get(form);
    if (!recalling) recalled.set(form, (recalling = recall(form)));
    try {
      await recalling;
    } catch (error) {
      recalled.delete(form);
      throw error;
    }
  }

  /** The same, on its way or made within a minute. */
  function sendingOf(sender: string): Sending | undefined {
    const last = sendings.get(sender);
    return last && clock() - last.since < doubled ? last : undefined;
  }

  function forget(sender: string, sending: Sending): void {
    if (sendings.get(sender) === sending) sendings.delete(sender);
  }

  return {
    take: async (it) => {
      const { form, token, issued, content } = it;
      const isNew = issued > started && !tokens.get(token);
      const used = token === "" || isNew ? undefined : await withToken(store, token);
      if (used?.content === content) return { first: used, used, key: "", end: () => {} };
      if (token !== "" && !used) {
        return { key: token, end: (stored) => stored !== undefined && tokens.set(token, true) };
      }
      if (clock() - started < doubled) await recallOnce(form);
      const sender = senderOf(it);
      for (let last = sendingOf(sender); last; last = sendingOf(sender)) {
        const made = await last.made;
        const first = made === undefined ? undefined : await withId(store, made, stamp(clock() - doubled));
        if (first) return { first, used, key: "", end: () => {} };
        forget(sender, last);
      }
      const { promise: made, resolve } = Promise.withResolvers<string | undefined>();
      const mine = { since: clock(), made };
      sendings.set(sender, mine);
      const end = (stored?: string) => {
        if (stored === undefined) forget(sender, mine);
        resolve(stored);
      };
      return { used, key: "", end };
    },
    findUsed: withToken,
    isUsed: async (key) => (await withToken(store, key)) !== undefined,
  };
}

/** What tells a form token from all others; `issued` in milliseconds since 1970. `""` for none. */
export function tokenKey(nonce: string, issued: number): string {
  return nonce && `${issued.toString(36)} ${nonce}`;
}

/** Who sends what to which form. */
function senderOf({ content, address, agent }: Pick<Likeness, "content" | "address" | "agent">): string {
  return sha256(`${content} ${address} ${agent}`);
}

function withToken(reading: Reading, token: string): Promise<Earlier | undefined> {
  return reading.first(sql`SELECT id, record, content, email FROM _submissions WHERE token = ${token} AND token != ''`);
}

function withId(reading: Reading, id: string, since: string): Promise<Earlier | undefined> {
  return reading.first(
    sql`SELECT id, record, content, email FROM _submissions WHERE id = ${id} AND created > ${since}`,
  );
}

/**
 * Says which content was sent to a form, and by whom, in whatever order: what a member may send a guest perhaps may not. Files go by what is in them; those kept of an earlier send by the token
 * they are kept under, since they are gone as soon as the answer is stored.
 */
export function contentOf(form: string, viewer: Viewer, { asked, extra }: Told, sent: Payload): string {
  const who = viewer.kind === "guest" ? [] : [viewer.collectionId, viewer.record["id"] ?? ""];
  const texts = [...Object.entries(asked.json), ...asked.form].sort(byKey);
  const files = [...sent.files].sort(byKey).map(([key, its]) => [key, its.map((it) => [it.filename, it.digest])]);
  const kept = keptBy(sent);
  return sha256(JSON.stringify([form, texts, files, extra, ...(kept ? [kept] : []), ...who]));
}

function byKey([left]: readonly [string, ...unknown[]], [right]: readonly [string, ...unknown[]]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
