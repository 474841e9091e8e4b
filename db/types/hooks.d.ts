/**
 * What the files in your hooks folder are written against. These types are global, so that nothing has to be imported:
 *
 *     export default ({ app, project }: FormsteadHooks) => {
 *       app.get("/hello", () => "Hello from the backend!");
 *     };
 */

/** What the default export of a hook file is called with, once, when the server starts. */
interface FormsteadHooks {
  /** Routes and middleware: an Elysia app. */
  readonly app: Formstead.App;
  /** Your data, and what happens around it. */
  readonly project: Formstead.Project;
}

/** Your collections by name, and what their records hold. `formstead types` fills it in. */
interface FormsteadRecords {}

declare namespace Formstead {
  type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

  /** What a record holds, by field. */
  interface Values {
    [field: string]: Json | undefined;
  }

  /** A record of a collection: of its own type where `FormsteadRecords` knows it. */
  type RecordOf<Name> = Name extends keyof FormsteadRecords
    ? Omit<FormsteadRecords[Name], "collectionId" | "collectionName" | "expand">
    : Values & { readonly id: string };

  /** Some of what a record of a collection holds. */
  type ValuesOf<Name> = Name extends keyof FormsteadRecords ? Partial<RecordOf<Name>> : Values;

  interface Project {
    /** The records of a collection: to work with them, and to say what happens around them. */
    records<Name extends keyof FormsteadRecords | (string & {})>(collection: Name): HookedRecords<Name>;
    /** A line for the log, with the moment before it. */
    log(line: string): void;
  }

  /** The records of a collection, as their owner meets them: no rule is asked, hooks run, hidden fields are there, passwords are not. */
  interface Records<Name = string> {
    /** The record with this id, or nothing. */
    find(id: string): Promise<RecordOf<Name> | undefined>;
    /** A page of records: 30 where nothing is said, 1000 at most. */
    list(query?: ListQuery): Promise<RecordOf<Name>[]>;
    /** Makes a record. Throws an error that lists what is wrong. */
    create(values: ValuesOf<Name>): Promise<RecordOf<Name>>;
    /** Changes the fields that are given. Throws an error that lists what is wrong. */
    update(id: string, values: ValuesOf<Name>): Promise<RecordOf<Name>>;
    /** Removes a record, and what refers to it as its fields say. */
    delete(id: string): Promise<void>;
  }

  interface ListQuery {
    /** As in the API: `price > 3 && stock > 0`. */
    readonly filter?: string;
    /** As in the API: `-created,name`. */
    readonly sort?: string;
    readonly page?: number;
    readonly perPage?: number;
  }

  interface HookedRecords<Name = string> extends Records<Name> {
    /**
     * Before a change is stored: change `values`, answer with what is wrong, or refuse. It may await anything, for 10 seconds at
     * most. What it leaves in `values` is checked like everything else, and may be in fields that visitors cannot write.
     */
    before(handlers: {
      create?(change: Creating<Name>): Verdict | Promise<Verdict>;
      update?(change: Updating<Name>): Verdict | Promise<Verdict>;
      delete?(change: Deleting<Name>): void | Promise<void>;
    }): void;
    /**
     * While a change is stored, as part of it: what is written by `tx` is stored with it or not at all. All others who write wait
     * meanwhile, so await nothing but `tx`; after 50 milliseconds all of it is taken back.
     */
    within(handlers: {
      create?(change: Storing<Name>): Verdict | Promise<Verdict>;
      update?(change: Storing<Name> & { readonly before: Readonly<RecordOf<Name>> }): Verdict | Promise<Verdict>;
      delete?(change: Storing<Name>): void | Promise<void>;
    }): void;
    /**
     * After a change is on disk; nobody waits for it. At least once: where it throws, or takes longer than 30 seconds, or the server
     * ends meanwhile, it runs again, eight times over an hour and a half. `record` is as it is now, or for a delete as it was.
     */
    after(handlers: {
      create?(change: Stored<Name>): void | Promise<void>;
      update?(change: Stored<Name>): void | Promise<void>;
      delete?(change: Stored<Name>): void | Promise<void>;
    }): void;
  }

  /** Nothing where all is well. */
  type Verdict = Problems | undefined | void;

  /** What is wrong, by field: a sentence that says what to do next, with a code of its own for programs if you like. */
  interface Problems {
    [field: string]: string | { readonly code: string; readonly message: string };
  }

  interface Change {
    readonly action: "create" | "update" | "delete";
    /** The name of the collection. */
    readonly collection: string;
    /** Who makes the change. */
    readonly viewer: Viewer;
    /** Ends it with this sentence, for what nobody can fix by typing something else. */
    refuse(sentence: string, kind?: RefusalKind): never;
  }

  type RefusalKind = "bad request" | "signed out" | "forbidden" | "not found" | "conflict" | "too many" | "unavailable";

  interface Creating<Name = string> extends Change {
    readonly action: "create";
    /** Every field; those are missing whose value could not be read. */
    readonly values: ValuesOf<Name>;
  }

  interface Updating<Name = string> extends Change {
    readonly action: "update";
    /** What is to be changed. */
    readonly values: ValuesOf<Name>;
    /** As it is stored. */
    readonly record: Readonly<RecordOf<Name>>;
  }

  interface Deleting<Name = string> extends Change {
    readonly action: "delete";
    readonly record: Readonly<RecordOf<Name>>;
  }

  interface Storing<Name = string> extends Change {
    /** As it is stored with this change, or for a delete as it was. */
    readonly record: Readonly<RecordOf<Name>>;
    readonly tx: Tx;
  }

  interface Stored<Name = string> {
    readonly action: "create" | "update" | "delete";
    readonly collection: string;
    readonly record: Readonly<RecordOf<Name>>;
    /** Of this try, 1 for the first. */
    readonly tries: number;
  }

  /** SQL inside the change. What stands in `${…}` is a value, never text: tx.run`UPDATE products SET stock = ${0}`. */
  interface Tx {
    all<Row = Values>(text: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<Row[]>;
    first<Row = Values>(text: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<Row | undefined>;
    /** Answers how many rows were changed. */
    run(text: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<number>;
  }

  type SqlValue = string | number | bigint | boolean | null | Uint8Array;

  /** Who is asking: nobody we know, somebody signed in, or an owner. */
  type Viewer =
    | { readonly kind: "guest"; readonly record?: undefined }
    | {
        readonly kind: "record" | "superuser";
        readonly collectionId: string;
        readonly collectionName: string;
        readonly record: Readonly<Values>;
      };

  /** As much of Elysia as most hooks need; all of it is there (https://elysiajs.com). */
  interface App {
    get(path: string, answer: Answer, options?: object): App;
    post(path: string, answer: Answer, options?: object): App;
    put(path: string, answer: Answer, options?: object): App;
    patch(path: string, answer: Answer, options?: object): App;
    delete(path: string, answer: Answer, options?: object): App;
    /** Every request, before it is known which route answers it. */
    onRequest(listener: (context: Arrival) => unknown): App;
    /** Before every route, theirs and ours: what it returns is the answer. */
    onBeforeHandle(listener: (context: Context) => unknown): App;
    onAfterHandle(listener: (context: Context & { readonly response: unknown }) => unknown): App;
    onAfterResponse(listener: (context: Context) => unknown): App;
    use(plugin: object): App;
  }

  /** A function of the request, or the answer itself. */
  type Answer = string | object | ((context: Context) => unknown);

  interface Arrival {
    readonly request: Request;
    readonly viewer: Viewer;
    /** Status and headers of the answer. */
    readonly set: { headers: Record<string, string | number | undefined>; status?: number | string };
    /** An answer with a status, to return or to throw. */
    status(code: number, body?: unknown): unknown;
    redirect(address: string, status?: 301 | 302 | 303 | 307 | 308): unknown;
  }

  interface Context extends Arrival {
    readonly path: string;
    readonly params: Record<string, string>;
    readonly query: Record<string, string>;
    readonly headers: Record<string, string | undefined>;
    readonly body: unknown;
  }
}
