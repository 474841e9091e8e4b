-- Our own tables. A statement ends with a semicolon at the end of a line.

CREATE TABLE _collections (
  -- The order in which they were made.
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  type TEXT NOT NULL,
  system BOOLEAN NOT NULL,
  -- All that the collection says, secrets included, as JSON.
  definition TEXT NOT NULL,
  created TEXT NOT NULL,
  updated TEXT NOT NULL
);

-- What has been done to the schema: the steps as JSON.
CREATE TABLE _history (
  id TEXT PRIMARY KEY NOT NULL,
  collection TEXT NOT NULL,
  steps TEXT NOT NULL,
  created TEXT NOT NULL
);

-- What has changed, kept for an hour. The newest entry always stays, so that no number comes back and readers can remember where
-- they were. No AUTOINCREMENT and no index on the moment: both would cost every write a page more.
CREATE TABLE _outbox (
  id INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  record TEXT NOT NULL,
  action TEXT NOT NULL,
  -- The row as JSON, where it is gone.
  before TEXT,
  -- Milliseconds since 1970.
  created INTEGER NOT NULL
);

-- Settings that the program keeps for itself, as JSON.
CREATE TABLE _params (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
);
