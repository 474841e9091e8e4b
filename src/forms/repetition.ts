import { clock, stamp } from "../lib/dates.ts";
import { Lru } from "../lib/lru.ts";
import { sha256 } from "../lib/secrets.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import type { Told } from "./asked.ts";

/** By what an answer is known again. */
export interface Likeness {
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

export interface Repetition {
  /** The same answer once more: a double click, a retry, *back* and *send*. */
  readonly first: Earlier | undefined;
  /** The one for which the form token has been used. */
  readonly used: Earlier | undefined;
  /** What no other submission may have: is stored as its token. */
  readonly key: string;
}

/** Milliseconds in which the same from the same is a double send, where no token says so. */
const doubled = 60_000;
/** As many keys as are known without asking the database. */
const mostKnown = 100_000;

/**
 * Looks whether answers have come before. A token makes one answer, however often it is sent; without one it is the same form,
 * visitor and content within a minute. What is certain stands in the database, where a key is unique; what is remembered here saves
 * asking it about each answer that is new.
 */
export interface Repetitions {
  find(it: Likeness): Promise<Repetition>;
  /** The same, surely: in a unit. */
  findIn(tx: Reading, it: Likeness): Promise<Repetition>;
  /** Remembers the key of an answer that was stored. */
  note(key: string): void;
  /** Whether the form token with this key has made an answer. */
  isUsed(key: string): Promise<boolean>;
}

export function openRepetitions({ store }: { readonly store: Reading }): Repetitions {
  const known = new Lru<string, true>(mostKnown);
  const started = clock();
  let recalled: Promise<void> | undefined;

  /** What was stored in the minutes before, by a process that this one follows. */
  async function recall(): Promise<void> {
    try {
      const [from, to] = [minuteOf(started - doubled), minuteOf(started + doubled)];
      const rows = await store.all<{ token: string }>(
        sql`SELECT token FROM _submissions WHERE token >= ${from} AND token < ${to} AND token != ''
            ORDER BY token DESC LIMIT ${mostKnown}`,
      );
      for (const { token } of rows) known.set(token, true);
    } catch (error) {
      recalled = undefined;
      throw error;
    }
  }

  return {
    find: async (it) => {
      const [key = "", before = ""] = keysOf(it);
      if (it.token === "") await (recalled ??= recall());
      const isNew = (it.token === "" || it.issued > started) && !known.get(key) && !known.get(before);
      return isNew ? { first: undefined, used: undefined, key } : findIn(store, it);
    },
    findIn,
    note: (key) => known.set(key, true),
    isUsed: async (key) => (await withKey(store, key)) !== undefined,
  };
}

/** What tells a form token from all others; `issued` in milliseconds since 1970. `""` for none. */
export function tokenKey(nonce: string, issued: number): string {
  return nonce && `${issued.toString(36)} ${nonce}`;
}

async function findIn(reading: Reading, it: Likeness): Promise<Repetition> {
  const used = it.token === "" ? undefined : await withKey(reading, it.token);
  if (used?.content === it.content) return { first: used, used, key: it.token };
  if (it.token !== "" && !used) return { first: undefined, used, key: it.token };
  const [key = "", before] = keysOf({ ...it, token: "" });
  return { first: await withKey(reading, key, before, stamp(clock() - doubled)), used, key };
}

/**
 * A token, or else what would be sent twice: in this minute, and in the one before. The moment comes first in either, so that new
 * keys lie beside each other in the index.
 */
function keysOf({ token, content, address, agent }: Likeness): readonly string[] {
  if (token !== "") return [token];
  const sender = sha256(`${content} ${address} ${agent}`).slice(0, 32);
  const moment = clock();
  return [`${minuteOf(moment)}${sender}`, `${minuteOf(moment - doubled)}${sender}`];
}

/** With what the keys of a minute begin. */
function minuteOf(moment: number): string {
  return `${Math.floor(moment / doubled).toString(36)} `;
}

function withKey(reading: Reading, key: string, other = key, since = ""): Promise<Earlier | undefined> {
  return reading.first(
    sql`SELECT id, record, content, email FROM _submissions
        WHERE token IN (${key}, ${other}) AND token != '' AND created > ${since} LIMIT 1`,
  );
}

/** Says which content was sent to a form, in whatever order; of files their names and sizes. */
export function contentOf(form: string, { asked, extra }: Told): string {
  const sent = [...Object.entries(asked.json), ...asked.form].sort(byKey);
  const files = [...asked.files].sort(byKey).map(([key, its]) => [key, its.map((it) => [it.filename, it.size])]);
  return sha256(JSON.stringify([form, sent, files, extra]));
}

function byKey([left]: readonly [string, ...unknown[]], [right]: readonly [string, ...unknown[]]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
