import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject, type Project } from "../src/index.ts";
import { GivenUp, type Job, type Kind, type NewJob } from "../src/jobs/queue.ts";
import { clock } from "../src/lib/dates.ts";
import { sql } from "../src/store/sql.ts";

let dir: string;
let project: Project;
let log: string[];

const open = () => openProject({ dir, write: (text) => void log.push(text) });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "formstead-jobs-"));
  log = [];
  project = await open();
});

afterEach(async () => {
  await project.close();
  rmSync(dir, { recursive: true, force: true });
});

const add = (...jobs: NewJob[]) => project.store.write((tx) => project.jobs.addAll(tx, jobs));
const job = (payload: NewJob["payload"], more: Partial<NewJob> = {}): NewJob => ({ kind: "test", payload, ...more });
const kind = (run: Kind["run"], more: Partial<Kind> = {}): Kind => ({ atOnce: 2, delays: [0, 0], run, ...more });
const all = () => project.jobs.list({ limit: 100 });

/** What became of one job that is done like this. */
async function done(run: Kind["run"], more: Partial<Kind> = {}): Promise<Job | undefined> {
  await add(job("once"));
  project.jobs.work({ test: kind(run, more) });
  await project.jobs.settled();
  return (await all())[0];
}

describe("a job", () => {
  const fails = (times: number, error: () => Error): Kind["run"] => {
    let tries = 0;
    return async () => {
      if (++tries <= times) throw error();
      return `done at try ${tries}`;
    };
  };
  const table: readonly [string, Kind["run"], Partial<Job>][] = [
    ["is done once", async (payload) => `did ${String(payload)}`, { state: "done", outcome: "did once", tries: 1 }],
    [
      "is tried again where it fails",
      fails(2, () => new Error("busy")),
      { state: "done", outcome: "done at try 3", tries: 3 },
    ],
    [
      "has failed after the last delay",
      fails(9, () => new Error("down\nfor good")),
      { state: "failed", outcome: "down\nfor good", tries: 3 },
    ],
    [
      "ends at once where it is given up",
      fails(9, () => new GivenUp("no such address")),
      { state: "failed", outcome: "no such address", tries: 1 },
    ],
    [
      "keeps the beginning of a long outcome",
      async () => "x".repeat(10_000),
      { state: "done", outcome: "x".repeat(500), tries: 1 },
    ],
  ];
  test.each(table)("%s", async (_, run, expected) => {
    const ended = await done(run);
    expect(ended).toMatchObject(expected);
    expect(ended?.ended).toBeGreaterThan(0);
  });

  test("that has failed stands in the log, without what was said", async () => {
    await done(async () => {
      throw new GivenUp("550 ann@example.com is unknown");
    });
    await project.logs.flush();
    expect(log.join("")).toContain("The job 1 (test) has failed");
    expect(log.join("")).not.toContain("ann@example.com");
  });

  test("is not done where its unit is rolled back", async () => {
    const ran: unknown[] = [];
    project.jobs.work({ test: kind(async (payload) => String(ran.push(payload))) });
    const unit = project.store.write(async (tx) => {
      await project.jobs.add(tx, job("lost"));
      throw new Error("no");
    });
    await unit.catch(() => {});
    await add(job("kept"));
    await project.jobs.settled();
    expect(ran).toEqual(["kept"]);
  });

  test("waits for somebody who does its kind, and for its moment", async () => {
    const ran: unknown[] = [];
    const run = async (payload: Job["payload"]) => String(ran.push(payload));
    await add(job("other", { kind: "other" }), job("later", { due: clock() + 60_000 }), job("now"));
    project.jobs.work({ test: kind(run) });
    await project.jobs.settled();
    expect(ran).toEqual(["now"]);
    project.jobs.work({ test: kind(run), other: kind(run) });
    await project.jobs.settled();
    expect(ran).toEqual(["now", "other"]);
  });

  test("is woken by the change that wants it, and later by its delay", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    let tries = 0;
    const run = async () => {
      if (++tries === 1) throw new Error("not yet");
      resolve(tries);
      return "done";
    };
    project.jobs.work({ test: kind(run, { delays: [30] }) });
    await add(job("soon"));
    expect(await promise).toBe(2);
  });

  test("is done beside no more than its kind allows, and delays no other kind", async () => {
    const gates: (() => void)[] = [];
    let [busy, most] = [0, 0];
    const slow = kind(async () => {
      most = Math.max(most, ++busy);
      await new Promise<void>((resolve) => gates.push(resolve));
      busy--;
      return "done";
    });
    const quick: unknown[] = [];
    await add(...Array.from({ length: 9 }, (_, at) => job(at)), job("quick", { kind: "quick" }));
    project.jobs.work({ test: slow, quick: kind(async (payload) => String(quick.push(payload))) });
    const settled = project.jobs.settled();
    while (quick.length === 0) await Bun.sleep(1);
    expect(busy).toBe(2);
    const timer = setInterval(() => gates.splice(0).forEach((open) => open()), 1);
    await settled;
    clearInterval(timer);
    expect(most).toBe(2);
    expect((await all()).every(({ state }) => state === "done")).toBeTrue();
  });

  test("is done beside no more of its form than its kind allows, and the other forms have their turn", async () => {
    const ran: string[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const run = async (payload: Job["payload"], { form }: Job) => {
      ran.push(`${form} ${String(payload)}`);
      if (form === "hangs") await gate;
      return "done";
    };
    const hanging = Array.from({ length: 120 }, (_, at) => job(at, { form: "hangs" }));
    await add(...hanging, job("a", { form: "other" }));
    project.jobs.work({ test: kind(run, { atOnce: 8, perForm: 2 }) });
    const settled = project.jobs.settled();
    while (!ran.includes("other a")) await Bun.sleep(1);
    await add(job("b", { form: "other" }), job("c", { form: "" }));
    while (!ran.includes("other b") || !ran.includes(" c")) await Bun.sleep(1);
    expect(ran.toSorted()).toEqual([" c", "hangs 0", "hangs 1", "other a", "other b"]);
    open();
    await settled;
    expect(ran.filter((it) => it.startsWith("hangs"))).toEqual(
      hanging.map(({ payload }) => `hangs ${String(payload)}`),
    );
    expect((await project.jobs.list({ state: "waiting", limit: 1 })).length).toBe(0);
  });

  test("never holds the writer while it is done", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await add(job("slow"));
    project.jobs.work({ test: kind(() => promise.then(() => "done")) });
    while ((await project.store.write((tx) => tx.all(sql`SELECT 1 AS one`))).length === 0);
    expect((await all())[0]?.state).toBe("waiting");
    resolve();
    await project.jobs.settled();
    expect((await all())[0]?.state).toBe("done");
  });
});

describe("again", () => {
  test.each([
    ["what has failed", new GivenUp("no")],
    ["what was done", undefined],
  ])("does %s once more", async (_, error) => {
    let tries = 0;
    const run = async () => {
      if (++tries === 1 && error) throw error;
      return `did it ${tries} times`;
    };
    const first = await done(run);
    await project.jobs.again(first?.id ?? 0);
    await project.jobs.settled();
    expect((await all())[0]).toMatchObject({ state: "done", outcome: "did it 2 times", tries: 1 });
  });

  test("does at once what waits for its next try", async () => {
    let tries = 0;
    const first = await done(
      async () => {
        if (++tries === 1) throw new Error("not yet");
        return "done";
      },
      { delays: [3_600_000] },
    );
    expect(first).toMatchObject({ state: "waiting", outcome: "not yet" });
    await project.jobs.again(first?.id ?? 0);
    await project.jobs.settled();
    expect((await all())[0]).toMatchObject({ state: "done", tries: 2 });
  });

  test("does once more what is in hand", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let tries = 0;
    await add(job("slow"));
    const run = async () => {
      tries++;
      begin();
      await gate;
      return `done ${tries} times`;
    };
    project.jobs.work({ test: kind(run) });
    await begun;
    await project.jobs.again(1);
    open();
    await project.jobs.settled();
    expect((await all())[0]).toMatchObject({ state: "done", outcome: "done 2 times", tries: 1 });
  });

  test("is refused where there is none", async () => {
    await expect(project.jobs.again(77)).rejects.toThrow("not_found");
  });
});

describe("the end of a process", () => {
  test("leaves what waits to the next start", async () => {
    await add(job("first"), job("second"));
    await project.close();
    project = await open();
    const ran: unknown[] = [];
    project.jobs.work({ test: kind(async (payload) => String(ran.push(payload))) });
    await project.jobs.settled();
    expect(ran).toEqual(["first", "second"]);
  });

  test("does again what was in hand, and lets finish what soon does", async () => {
    const ran: string[] = [];
    await add(job("stuck"), job("quick"));
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const run = async (payload: Job["payload"]) => {
      ran.push(String(payload));
      resolve();
      if (payload === "stuck") await new Promise(() => {});
      await Bun.sleep(20);
      return "done";
    };
    project.jobs.work({ test: kind(run) });
    await begun;
    await project.close();
    project = await open();
    project.jobs.work({ test: kind(async (payload) => String(ran.push(`again ${String(payload)}`))) });
    await project.jobs.settled();
    expect(ran).toEqual(["stuck", "quick", "again stuck"]);
  });
});

test("a backlog of 10,000 is worked off in batches, in order, each once", async () => {
  await add(...Array.from({ length: 10_000 }, (_, at) => job(at, { due: 1_000 + at })));
  await add(job("other", { kind: "other" }));
  const ran: unknown[] = [];
  let other = -1;
  project.jobs.work({
    test: kind(async (payload) => String(ran.push(payload)), { atOnce: 100 }),
    other: kind(async () => String((other = ran.length))),
  });
  await project.jobs.settled();
  expect(ran).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
  expect(other).toBeLessThan(1000);
});

test("looking for what is due reads no more than a batch", async () => {
  const plan = await project.store.all<{ detail: string }>(
    sql`EXPLAIN QUERY PLAN SELECT id FROM _jobs WHERE state = 'waiting' AND kind = ${"mail"} AND due <= ${1} ORDER BY due, id LIMIT 50`,
  );
  expect(plan.map(({ detail }) => detail).join("\n")).toBe(
    "SEARCH _jobs USING COVERING INDEX _jobs_due (kind=? AND due<?)",
  );
});

test("what ended more than 30 days ago is removed", async () => {
  const old = clock() - 31 * 24 * 3_600_000;
  await add(job("old"), job("waits"), job("new"));
  const ended = (payload: string, moment: number) =>
    sql`UPDATE _jobs SET state = 'done', ended = ${moment} WHERE payload = ${JSON.stringify(payload)}`;
  await project.store.write((tx) => tx.run(ended("old", old)));
  await project.store.write((tx) => tx.run(ended("new", clock())));
  await project.rounds.run("jobs");
  expect((await all()).map(({ payload }) => payload)).toEqual(["new", "waits"]);
});

test("jobs are listed by what they are about", async () => {
  await add(job(1, { about: "a", form: "f" }), job(2, { about: "b", form: "f" }), job(3, { kind: "other" }));
  const payloads = async (query: Parameters<Project["jobs"]["list"]>[0]) =>
    (await project.jobs.list(query)).map(({ payload }) => payload);
  expect(await payloads({ limit: 10 })).toEqual([3, 2, 1]);
  expect(await payloads({ about: "a", limit: 10 })).toEqual([1]);
  expect(await payloads({ form: "f", limit: 1 })).toEqual([2]);
  expect(await payloads({ kind: "test", before: 2, limit: 10 })).toEqual([1]);
  expect(await payloads({ state: "failed", limit: 10 })).toEqual([]);
});

test("what is about something that has gone is forgotten, and nothing else", async () => {
  await add(job(1, { about: "a" }), job(2, { about: "b" }), job(3));
  await project.store.write((tx) => project.jobs.forget(tx, ["a", ""]));
  expect((await all()).map(({ payload }) => payload)).toEqual([3, 2]);
});

describe("rounds", () => {
  test("are made when they are due, also after a restart, and again soon after a failure", async () => {
    const made: string[] = [];
    const plan = ({ rounds }: Project) => {
      rounds.every("often", 0, async () => void made.push("often"));
      rounds.every("daily", 86_400_000, async () => void made.push("daily"));
      rounds.every("broken", 0, async () => {
        made.push("broken");
        throw new Error("no luck");
      });
    };
    plan(project);
    await project.rounds.due();
    await project.rounds.due();
    await project.close();
    project = await open();
    plan(project);
    await project.rounds.due();
    expect(made.toSorted()).toEqual(["broken", "broken", "daily", "often", "often", "often"]);
    await project.logs.flush();
    expect(log.join("")).toContain("no luck");
  });

  test("are made by name at any time", async () => {
    let made = 0;
    project.rounds.every("daily", 86_400_000, async () => void made++);
    await project.rounds.run("daily");
    await project.rounds.run("daily");
    expect(made).toBe(2);
    await expect(project.rounds.run("nothing")).rejects.toThrow();
  });
});
