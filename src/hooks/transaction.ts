import type { Unit } from "../store/engine.ts";
import { type Sql, sql } from "../store/sql.ts";

/** The `tx` of people's own code inside a unit, and how long it is theirs. */
export interface Transaction {
  readonly tx: Formstead.Tx;
  /** Takes it away. Answers whether it was used when its time was over, whatever became of that. */
  end(): boolean;
}

const statements = /^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|VALUES)\b/i;

/** Where a semicolon ends nothing: texts and names, which are caught, and comments. Doubled quotes are two of them side by side. */
const skipped = /('[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\])|--[^\n]*|\/\*[^]*?(?:\*\/|$)/g;

/** Whether something follows the first statement: the engine would run that one, and say nothing of the rest. */
function goesOn(text: string): boolean {
  return /;[\s;]*[^\s;]/.test(text.replace(skipped, (_, inQuotes?: string) => (inQuotes === undefined ? " " : "x")));
}

/**
 * Lends a unit for `milliseconds`. A timer does not run while code waits for nothing but the database, so each use looks at
 * the clock. Only statements about data: what begins or ends transactions would end that of others.
 */
export function lend(unit: Unit, milliseconds: number): Transaction {
  const until = performance.now() + milliseconds;
  let open = true;
  let late = false;

  function ask<T>(work: (query: Sql) => Promise<T>) {
    return async (text: TemplateStringsArray, ...values: readonly Formstead.SqlValue[]): Promise<T> => {
      if (!open) throw new Error("The change has ended; its tx cannot be used any more. Was an await forgotten?");
      if (performance.now() > until) {
        late = true;
        throw new Error(`within() has ${milliseconds} milliseconds, and they are over.`);
      }
      if (!statements.test(text[0] ?? "")) throw new Error(`tx runs statements about data, not: ${text[0]}`);
      if (goesOn(text.join("?"))) throw new Error(`tx runs one statement at a time, not: ${text.join("?")}`);
      return work(sql(text, ...values));
    };
  }

  return {
    tx: {
      all: <Row>(text: TemplateStringsArray, ...values: readonly Formstead.SqlValue[]) =>
        ask((query) => unit.all<Row>(query))(text, ...values),
      first: <Row>(text: TemplateStringsArray, ...values: readonly Formstead.SqlValue[]) =>
        ask((query) => unit.first<Row>(query))(text, ...values),
      run: ask((query) => unit.run(query)),
    },
    end: () => {
      open = false;
      return late;
    },
  };
}
