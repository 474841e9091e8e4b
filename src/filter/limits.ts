/** How much one text may ask for. */
export interface Limits {
  /** UTF-16 units. */
  readonly length: number;
  readonly comparisons: number;
  /** How often one path may go from a record to many: each time multiplies the rows that are looked at. */
  readonly fans: number;
  /** Tables that all its paths join; SQLite opens each of them for each row, and looks at all that are open. */
  readonly joins: number;
}

/** What clients send. */
export const clientLimits: Limits = { length: 3500, comparisons: 200, fans: 3, joins: 300 };

/** What owners write; SQLite refuses expressions 1,000 levels deep, and a chain of AND is as deep as it is long. */
export const ruleLimits: Limits = { length: 50_000, comparisons: 400, fans: 6, joins: 5000 };

/** Brackets inside brackets. */
export const deepestBrackets = 60;

/** Functions inside functions. None takes another yet; this keeps the parser from going as deep as a text is long. */
export const deepestCalls = 3;

/** SQLite joins no more than 64 tables at once. */
export const mostJoins = 60;

export const mostSorts = 8;
export const longestSort = 255;

/** Bytes of what `~` looks for: LIKE may compare each of them with each of the text. */
export const longestPattern = 500;
