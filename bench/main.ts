import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { machine } from "./machine.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { root, run, serve, type Server, stopAll } from "./programs.ts";
import { type Measured, report, type Sample, type Visit, withFigures } from "./report.ts";
import type { Person, Side } from "./sides.ts";
import { prove, type Scene, type Work } from "./works.ts";
import { measureTransfer, type Transfer } from "./transfer.ts";
import { type Load, parseLoad, script, wrk } from "./wrk.ts";

/** Beside the source, since /tmp may lie in memory, where a sync costs nothing. */
const home = `${root}/bench/data`;
const place = `${home}/${process.pid}`;
const page = `${root}/docs/performance.md`;

const samples: Sample[] = [];
const visits: Visit[] = [];
const faults = new Set<string>();
/** From here on, what ends was ended by us. */
let leaving = false;

async function bench(options: Options): Promise<void> {
  mkdirSync(place, { recursive: true });
  const people = new Map<Side, Person>();
  for (const side of options.sides) {
    const person = await seed(side, options);
    if (person) people.set(side, person);
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const [side, person] of people) await visit(side, person, round, options);
  }
  await publish(options, await transferred(options));
}

/** What leaves and enters Formstead in large numbers, where that is wanted. */
function transferred({ transfer: rows, program, seconds }: Options): Promise<Transfer | undefined> | undefined {
  if (rows === undefined) return undefined;
  say(`Formstead: exporting ${rows} posts, importing some`);
  const folder = `${place}/transfer`;
  mkdirSync(folder);
  return tried("transfer", () => measureTransfer({ program, folder, rows, seconds }));
}

function seed(side: Side, { posts, works }: Options): Promise<Person | undefined> {
  say(`${side.title}: filling in ${posts} posts`);
  const folder = folderOf(side);
  mkdirSync(folder);
  const names = works.map(({ name }) => name);
  return tried(side.title, () => side.seed(folder, posts, names));
}

/** Starts a side on a fresh copy of its data, drives it with one work after the other, and ends it. */
async function visit(side: Side, person: Person, round: number, options: Options): Promise<void> {
  const folder = `${place}/live`;
  rmSync(folder, { recursive: true, force: true });
  cpSync(folderOf(side), folder, { recursive: true });
  // What the copy left in memory would otherwise be written during the first syncs that are measured.
  await run(["sync"], `${place}/sync.log`);
  await tried(side.title, async () => {
    const server = await serve((port) => profiled(side.command(folder, port), options), `${folderOf(side)}.log`);
    try {
      await Bun.sleep(300);
      const idle = server.memory();
      for (const work of options.works.filter(({ name }) => side.works.includes(name))) {
        const scene = { ...person, posts: options.posts, run: `${side.name} ${round}` };
        const load = await tried(`${side.title}, ${work.title}`, () => measure(work, server, scene, options));
        if (load === undefined) continue;
        say(`round ${round}, ${side.title}, ${work.title}: ${Math.round(load.rate)}/s, p99 ${load.p99} ms`);
        samples.push({ round, side: side.name, work: work.name, ...load });
      }
      visits.push({ round, side: side.name, start: server.start, idle, after: server.memory() });
    } finally {
      await server.stop();
    }
  });
}

/** Sees that the answers are right, warms the code up, and measures. */
async function measure(work: Work, server: Server, scene: Scene, { warm, seconds }: Options): Promise<Measured> {
  const { address } = server;
  await prove(work, address, scene);
  await drive(work, address, { ...scene, run: `${scene.run} warm` }, warm);
  const before = server.cpu();
  const load = await drive(work, address, scene, seconds);
  const after = server.cpu();
  if (load.failures > 0) throw new Error(`${load.failures} requests were not answered with 2xx or 3xx.`);
  const used = before === undefined || after === undefined ? undefined : after - before;
  return { ...load, cpu: used && used / load.requests };
}

async function drive(work: Work, address: string, scene: Scene, seconds: number): Promise<Load> {
  const file = `${place}/work.lua`;
  writeFileSync(file, script(work.shots(scene)));
  return parseLoad(await run(wrk({ address, connections: work.connections, seconds, file }), `${place}/wrk.log`));
}

/** The same command under Bun's profiler, which writes its page when the program ends. */
function profiled([program = "", ...rest]: readonly string[], { profile, works }: Options): readonly string[] {
  if (!profile) return [program, ...rest];
  if (program !== process.execPath) throw new Error("Only a side that Bun runs from source can be profiled.");
  return [program, "--cpu-prof-md", `--cpu-prof-dir=${home}`, `--cpu-prof-name=${profileName(works)}`, ...rest];
}

function profileName(works: readonly Work[]): string {
  return `profile-${works.map(({ name }) => name).join("-")}-${process.pid}.md`;
}

async function publish(options: Options, transfer: Transfer | undefined): Promise<void> {
  const { profile, rounds, seconds, posts, sides, works, json, write } = options;
  const results = { machine: machine(place), rounds, seconds, posts, samples, visits, transfer, faults: [...faults] };
  if (profile) return sayProfile(works);
  const tables = report(results, sides, works);
  console.log(tables);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  if (!write) return;
  writeFileSync(page, withFigures(readFileSync(page, "utf8"), tables));
  await run([process.execPath, "fmt", page], `${place}/fmt.log`);
}

function sayProfile(works: readonly Work[]): void {
  const file = `${home}/${profileName(works)}`;
  if (!existsSync(file)) throw new Error("The side wrote no profile, since it did not end by itself when asked to.");
  console.log(`The profile is in ${relative(process.cwd(), file)}`);
}

function folderOf(side: Side): string {
  return `${place}/${side.name}`;
}

/** Notes what went wrong, so that one side or row does not end the others'. */
async function tried<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    const fault = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    faults.add(fault);
    say(fault);
    return undefined;
  }
}

function say(line: string): void {
  if (!leaving) console.error(line);
}

async function leave(status: number): Promise<never> {
  leaving = true;
  await stopAll();
  rmSync(place, { recursive: true, force: true });
  process.exit(status);
}

process.on("SIGINT", () => leave(130));
process.on("SIGTERM", () => leave(143));

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(usage);
  else await bench(options);
} catch (error) {
  faults.add("stopped");
  say(error instanceof Error ? error.message : String(error));
}
await leave(faults.size === 0 ? 0 : 1);
