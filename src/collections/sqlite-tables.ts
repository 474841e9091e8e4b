/**
 * Names that SQLite answers as tables nobody has made, and that say something of the database itself. Which of them it knows depends on
 * what ran before, so that they are listed. `json_each` and `json_tree` are not among them: they say nothing but what they are given.
 */
export const sqliteTables = new RegExp(
  [
    "^(?:sqlite|pragma)_",
    "^(?:fts\\d+(?:aux|vocab|tokenize)?|rtree(?:_i32)?|geopoly)$",
    "^(?:dbstat|generate_series|carray|bytecode|tables_used)$",
  ].join("|"),
  "i",
);
