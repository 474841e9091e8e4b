-- What forms need beside their records: work still to be done, what failed sends keep, what has been learned of spam.

-- What must still be done, and for a while what became of it. Written in the unit of the change that wants it.
CREATE TABLE _jobs (
  id INTEGER PRIMARY KEY,
  -- mail, webhook, …
  kind TEXT NOT NULL,
  -- The ids of the submission or record, and of the form, that it is about.
  about TEXT NOT NULL DEFAULT '',
  form TEXT NOT NULL DEFAULT '',
  -- JSON.
  payload TEXT NOT NULL,
  -- waiting, done, failed
  state TEXT NOT NULL DEFAULT 'waiting',
  tries INTEGER NOT NULL DEFAULT 0,
  -- Milliseconds since 1970, as all moments here.
  due INTEGER NOT NULL,
  -- What the receiver said, or the last error.
  outcome TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL,
  ended INTEGER
);
CREATE INDEX _jobs_due ON _jobs (kind, due) WHERE state = 'waiting';
CREATE INDEX _jobs_about ON _jobs (about) WHERE about != '';
CREATE INDEX _jobs_ended ON _jobs (ended) WHERE ended IS NOT NULL;

-- What was typed and sent in vain, kept for an hour.
CREATE TABLE _drafts (
  -- SHA-256 of the token that asks for it, once.
  token TEXT PRIMARY KEY NOT NULL,
  -- files, back, again
  purpose TEXT NOT NULL,
  -- The form's id, or the path it was sent to.
  target TEXT NOT NULL,
  -- The names of its files in the folder: JSON.
  files TEXT NOT NULL,
  payload TEXT NOT NULL,
  address TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  ends INTEGER NOT NULL
);
CREATE INDEX _drafts_ends ON _drafts (ends);
-- What each address has taken, and all together, without reading what was typed.
CREATE INDEX _drafts_room ON _drafts (address, bytes);
CREATE INDEX _drafts_files ON _drafts (files) WHERE files != '[]';

-- How often a word stood in what an owner called spam, or good, for each form.
CREATE TABLE _words (
  form TEXT NOT NULL,
  word TEXT NOT NULL,
  spam INTEGER NOT NULL DEFAULT 0,
  good INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (form, word)
) WITHOUT ROWID;

-- How often something happened to a form on a day: view, send, hold, refuse, or problem:FIELD.
CREATE TABLE _tallies (
  form TEXT NOT NULL,
  -- 2026-01-02, UTC.
  day TEXT NOT NULL,
  what TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (form, day, what)
) WITHOUT ROWID;
