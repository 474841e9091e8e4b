import { Type } from "@sinclair/typebox";
import { guest, type Viewer } from "../filter/scope.ts";
import { findForm } from "../forms/form.ts";
import { lineOf } from "../forms/sheet.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { type Incoming, smallLimit } from "../http/incoming.ts";
import { loose } from "../http/loose.ts";
import { largestRequest } from "../http/options.ts";
import { type Answer, seeOther } from "../http/reply.ts";
import { spoken } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { formPath } from "../pages/dashboard/form-layout.tsx";
import { type ImportInto, ImportPage } from "../pages/dashboard/import-page.tsx";
import { ImportRunPage } from "../pages/dashboard/import-run-page.tsx";
import { type Language, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { answersAim } from "../transfer/answers-import.ts";
import { aside, leftOut } from "../transfer/columns.ts";
import type { ImportAim } from "../transfer/import-aim.ts";
import type { ImportRun } from "../transfer/import-runs.ts";
import { recordAim } from "../transfer/record-import.ts";
import { download } from "./exports.ts";
import { frame, ownPlace, show, toSignIn } from "./owner.ts";
import { CollectionParams, FormParams, NoQuery } from "./schemas.ts";

const run = Type.String({ description: "A file that was sent." });
const CollectionRunParams = loose({ ...CollectionParams.properties, run });
const FormRunParams = loose({ ...FormParams.properties, run });

/** Something that files are imported into. */
interface Aim {
  readonly id: string;
  readonly name: string;
  readonly home: string;
  readonly section: ImportInto["section"];
  /** How rows become what they say. */
  open(): Promise<ImportAim>;
}

interface Asked {
  readonly request: Request;
  readonly set: Answer;
  readonly viewer: Viewer;
}

/** Milliseconds for which a page waits for a file that is soon done. */
const patience = 700;

const described = (summary: string) => door("owners", { summary, tags: ["dashboard"] });

/** CSV files become records or answers: sent, looked through, imported, each with a page of its own that needs no script. */
export function importRoutes(app: Entrance, project: Project) {
  const { imports } = project;

  const aims = {
    collection: async ({ collection: name = "" }: Params): Promise<Aim> => {
      const { collection } = ownPlace(project.collections.current, name, guest);
      if (collection.type === "view") throw new Refusal("not found", "not_found");
      return {
        id: `collection:${collection.id}`,
        name: collection.name,
        home: `/_/collections/${encodeURIComponent(collection.name)}`,
        section: "collections",
        open: async () => recordAim(project, collection.id),
      };
    },
    form: async ({ form: slug = "" }: Params): Promise<Aim> => {
      const form = await project.collections.read((set) => findForm(project, set, slug));
      return {
        id: `form:${form.id}`,
        name: form.title,
        home: `${formPath(form.slug)}/inbox`,
        section: "forms",
        open: () => answersAim(project, form.id),
      };
    },
  };

  function facts({ request, viewer }: Asked, aim: Aim): ImportInto {
    const base = aim.home.replace(/\/inbox$/, "");
    return { ...frame(request, viewer), name: aim.name, section: aim.section, home: aim.home, here: `${base}/import` };
  }

  async function begin(asked: Asked, aim: Aim, body: Incoming): Promise<string> {
    const into = facts(asked, aim);
    try {
      const { files } = await body.read({ size: largestRequest, text: smallLimit });
      const upload = files.get("file")?.[0];
      if (!upload) throw new Refusal("bad request", "import_file_missing");
      const begun = await imports.begin(aim.id, upload, await aim.open(), wordsIn(into.language));
      return seeOther(asked.set, `${into.here}/${begun.id}`);
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== "bad request") throw error;
      return show(asked.set, ImportPage({ ...into, problem: sentence(into.language, error.code, error.params) }), 422);
    }
  }

  async function look(asked: Asked, aim: Aim, id: string): Promise<string> {
    imports.find(id, aim.id);
    await imports.settled(id, patience);
    const found = imports.find(id, aim.id);
    // Read by browsers like the tag of that name, and no part of the page that would surprise who reads it slowly.
    if (found.phase === "checking" || found.phase === "importing") asked.set.headers["refresh"] = "2";
    const into = facts(asked, aim);
    return show(
      asked.set,
      ImportRunPage({ ...into, ...shown(into.language, found, await aim.open()), run: `${into.here}/${id}` }),
    );
  }

  async function go(asked: Asked, aim: Aim, id: string, body: Incoming): Promise<string> {
    const { form } = await body.read();
    const into = facts(asked, aim);
    const carry = lineOf(form, "act") === "import" ? imports.carryOut : imports.check;
    carry(id, aim.id, form.get("column") ?? [], await aim.open(), wordsIn(into.language));
    return seeOther(asked.set, `${into.here}/${id}`);
  }

  function left({ set }: Asked, aim: Aim, id: string): Response {
    const blob = imports.leftOut(id, aim.id);
    return download(
      set,
      blob,
      `left-out-${imports.find(id, aim.id).filename.replace(/\.\w+$/, "")}.csv`,
      "text/csv; charset=utf-8",
    );
  }

  const places = [
    {
      at: "/_/collections/:collection/import",
      aimOf: aims.collection,
      params: CollectionParams,
      runs: CollectionRunParams,
      what: "records",
    },
    { at: "/_/forms/:form/import", aimOf: aims.form, params: FormParams, runs: FormRunParams, what: "answers" },
  ] as const;
  for (const { at, aimOf, params: its, runs, what } of places) {
    app
      .get(
        at,
        async ({ request, set, params, viewer }) => {
          if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
          return show(set, ImportPage(facts({ request, set, viewer }, await aimOf(params))));
        },
        { ...described(`Where a CSV file with ${what} is sent`), params: its, query: NoQuery },
      )
      .post(
        at,
        async ({ request, set, params, body, viewer }) => {
          if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
          return begin({ request, set, viewer }, await aimOf(params), body);
        },
        {
          ...described(`Takes a CSV file with ${what}, and looks through it`),
          ...takesPayload,
          params: its,
          query: NoQuery,
        },
      )
      .get(
        `${at}/:run`,
        async ({ request, set, params, viewer }) => {
          if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
          return look({ request, set, viewer }, await aimOf(params), params.run);
        },
        { ...described(`What a CSV file with ${what} becomes`), params: runs, query: NoQuery },
      )
      .post(
        `${at}/:run`,
        async ({ request, set, params, body, viewer }) => {
          if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
          return go({ request, set, viewer }, await aimOf(params), params.run, body);
        },
        {
          ...described(`Imports a CSV file with ${what}, or looks through it again`),
          ...takesPayload,
          params: runs,
          query: NoQuery,
        },
      )
      .get(
        `${at}/:run/left.csv`,
        async ({ request, set, params, viewer }) => {
          if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
          return left({ request, set, viewer }, await aimOf(params), params.run);
        },
        { ...described(`The rows with ${what} that were left out`), params: runs, query: NoQuery },
      );
  }
}

type Params = Readonly<Partial<Record<"collection" | "form" | "run", string>>>;

function wordsIn(language: Language) {
  return (problems: Parameters<typeof sentences>[1]) => sentences(language, problems);
}

function shown(language: Language, found: ImportRun, { targets, otherwise }: ImportAim) {
  const { filename, phase, read, made, known, left, headings, choices, faults, failure, before } = found;
  const labels: Readonly<Record<string, string>> = {
    [leftOut]: sentence(language, "page_import_leave"),
    [aside]: sentence(language, "page_import_aside"),
  };
  return {
    filename,
    phase,
    read,
    made,
    known,
    left,
    columns: headings.map((heading, at) => ({ heading, choice: choices[at] ?? leftOut })),
    options: [
      ...targets.map(({ name, label, fact }): [string, string] => {
        return [name, fact ? sentence(language, `page_import_fact_${fact}`) : label];
      }),
      ...otherwise.map((value): [string, string] => [value, labels[value] ?? value]),
    ],
    faults: faults.map(({ line, column, problem }) => ({
      line,
      column,
      words: sentences(language, { it: problem })["it"] ?? "",
    })),
    failure: failure && sentence(language, failure.code, failure.params),
    before:
      phase === "checked" && before
        ? sentence(language, "import_before", { moment: spoken(before, language) })
        : undefined,
  };
}
