import { mkdirSync, rmSync } from "node:fs";
import { moment, post } from "./data.ts";
import { root } from "./programs.ts";
import { makePocketbaseFolder, stamps, theirSuperusers } from "../tests/pocketbase-folder.ts";

/**
 * Moving in from PocketBase: makes a data directory of theirs with as many records as are named, imports it into an empty project, and prints
 * records a second and the most memory that the command held: `bun bench/moving-in.ts 100000 1000000`.
 */

const place = `${root}/bench/data`;

function* posts(count: number) {
  for (let n = 0; n < count; n++) {
    const { title, body, category, views, published } = post(n);
    const created = moment(n);
    yield {
      id: scattered(n),
      title,
      body,
      category,
      views,
      published,
      author: authorId(n % 1000),
      created,
      updated: created,
    };
  }
}

/** Ids come in no order, as real ones do. */
function scattered(n: number): string {
  return Bun.hash(String(n)).toString(36).padStart(15, "0");
}

function authorId(n: number): string {
  return `author${String(n).padStart(9, "0")}`;
}

function* authors() {
  for (let n = 0; n < 1000; n++) yield { id: authorId(n), name: `Author ${n}`, created: moment(n), updated: moment(n) };
}

function make(folder: string, count: number): void {
  makePocketbaseFolder(folder, {
    collections: [
      theirSuperusers,
      { id: "bench_authors00", name: "authors", fields: [{ name: "name", type: "text" }, ...stamps], rows: authors() },
      {
        id: "bench_posts0000",
        name: "posts",
        fields: [
          { name: "title", type: "text", required: true, max: 200 },
          { name: "body", type: "text" },
          { name: "category", type: "text" },
          { name: "views", type: "number", onlyInt: true },
          { name: "published", type: "bool" },
          { name: "author", type: "relation", collectionId: "bench_authors00", maxSelect: 1 },
          ...stamps,
        ],
        indexes: ["CREATE INDEX `posts_category` ON `posts` (`category`, `created`)"],
        rules: { listRule: "published = true", viewRule: "" },
        rows: posts(count),
      },
    ],
  });
}

async function measure(count: number): Promise<void> {
  const [theirs, ours] = [`${place}/pocketbase`, `${place}/moved`];
  for (const folder of [theirs, ours]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  make(theirs, count);
  const program = process.env["FORMSTEAD_PROGRAM"]?.split(" ") ?? ["bun", `${root}/src/main.ts`];
  const start = performance.now();
  const child = Bun.spawn([...program, "import-pocketbase", theirs, "--dir", ours], {
    stdout: "ignore",
    stderr: "inherit",
  });
  const code = await child.exited;
  const seconds = (performance.now() - start) / 1000;
  const usage = child.resourceUsage();
  const cpu = Number(usage?.cpuTime.total ?? 0) / 1_000_000;
  const peak = Math.round((usage?.maxRSS ?? 0) / 1_000_000);
  if (code !== 0) throw new Error(`The import of ${count} records ended with ${code}.`);
  console.log(
    `${count} records: ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second, ${cpu.toFixed(1)} s of CPU, ${peak} MB at most`,
  );
  for (const folder of [theirs, ours]) rmSync(folder, { recursive: true, force: true });
}

for (const count of process.argv.slice(2).map(Number)) await measure(count);
