import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typesOf } from "../src/cli/types.ts";
import { moduleTypes } from "../src/collections/schema/module-types.ts";
import { printSchema } from "../src/collections/schema/printing.ts";
import { starter } from "../src/embedded.ts";
import { fieldTypes } from "../src/fields/index.ts";
import { Opened } from "./testing.ts";

const packages = join(import.meta.dir, "..", "node_modules");
const options = {
  target: "ESNext",
  module: "Preserve",
  moduleResolution: "bundler",
  lib: ["ESNext", "DOM"],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
};

let folder = "";
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "formstead-types-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The type errors of files that lie together in somebody's project: beside types that were printed it has the SDK and nothing of
 * ours, without them our package.
 */
async function errorsIn(files: Readonly<Record<string, string>>): Promise<string> {
  const place = join(folder, `project-${++count}`);
  mkdirSync(join(place, "node_modules"), { recursive: true });
  const linked = files["formstead-schema.d.ts"] || files["formstead.d.ts"] ? ["pocketbase"] : ["@types", "bun-types"];
  for (const name of linked) symlinkSync(join(packages, name), join(place, "node_modules", name));
  if (!linked.includes("pocketbase")) symlinkSync(join(packages, ".."), join(place, "node_modules", "formstead"));
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
  writeFileSync(join(place, "package.json"), "{}");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  const child = Bun.spawn([process.execPath, "check"], { cwd: place, stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const code = await child.exited;
  return code === 0 ? "" : said.join("\n");
}

/** Checks each of these lines below a common head, and answers which of them have an error. */
async function wrongOf(head: string, lines: readonly string[], types: Readonly<Record<string, string>>) {
  const body = lines.map((line) => `{ ${line} }`).join("\n");
  const said = await errorsIn({ ...types, "app.ts": `${head}\n${body}\nexport {};\n` });
  const first = head.split("\n").length + 1;
  const numbers = [...said.matchAll(/^app\.ts[(:](\d+)/gm)].map(([, line]) => Number(line) - first);
  const others = said.split("\n").filter((line) => / error /.test(line) && !line.startsWith("app.ts"));
  expect(others).toEqual([]);
  return lines.filter((_, n) => numbers.includes(n));
}

async function demo(): Promise<Opened> {
  const it = await Opened.open();
  await it.project.applyStarter(starter("demo")?.schema);
  return it;
}

describe("what `formstead types` prints", () => {
  test("knows records, new records, the SDK and fetch", async () => {
    await using it = await demo();
    const head = `import PocketBase from "pocketbase";
import type { List, OrdersRecord, PostsNew, PostsRecord, TypedPocketBase, UsersNew } from "./formstead";
const api = new PocketBase("http://127.0.0.1:8090") as TypedPocketBase;
const posts = api.collection("posts");`;
    const right = [
      "const title: string = (await posts.getOne('x')).title;",
      "const drafts: PostsRecord[] = await posts.getFullList({ filter: 'published = false' });",
      "const name: string | undefined = (await posts.getFirstListItem('')).expand?.author?.name;",
      "const list: List<PostsRecord> = await (await fetch('/api/collections/posts/records')).json(); list.items[0]?.title;",
      "const made: PostsNew = { author: 'x', title: 'Hi' }; await posts.create(made);",
      "const total: number = (await api.collection('orders').getOne('x')).total;",
      "const bought: string[] = ({} as OrdersRecord).products; ({} as OrdersRecord).expand?.products?.[0]?.price;",
      "const ann: UsersNew = { email: 'a@b.example', password: 'long enough', passwordConfirm: 'long enough' };",
      "await api.collection('users').authWithPassword('a', 'b'); api.authStore.clear();",
    ];
    const wrong = [
      "(await posts.getOne('x')).titel;",
      "(await posts.getOne('x')).author.name;",
      "const title: number = (await posts.getOne('x')).title;",
      "const made: PostsNew = { author: 'x' };",
      "const made: PostsNew = { author: 'x', title: 'Hi', created: '2026' };",
      "const made: PostsNew = { author: 'x', title: 'Hi', publised: true };",
      "(await api.collection('users').getOne('x')).password;",
      "(await api.collection('users').getOne('x')).tokenKey;",
    ];
    const types = { "formstead.d.ts": typesOf(it.project.collections.current) };
    expect(await wrongOf(head, [...right, ...wrong], types)).toEqual(wrong);
  });

  test("is what hooks are checked by, which import nothing", async () => {
    await using it = await demo();
    const head = "export default ({ app, project }: FormsteadHooks) => {";
    const hook = (line: string) => `export default ({ app, project }: FormsteadHooks) => {\n  ${line}\n};\n`;
    expect(head).toContain("FormsteadHooks");
    const types = { "formstead.d.ts": typesOf(it.project.collections.current) };
    const right = `project.records("posts").before({ create: ({ values }) => { values.title = values.title?.trim(); } });
  app.get("/hello", () => "Hello");`;
    expect(await errorsIn({ ...types, "hook.ts": hook(right) })).toBe("");
    const wrong = `project.records("posts").before({ create: ({ values }) => { values.titel = ""; } });`;
    expect(await errorsIn({ ...types, "hook.ts": hook(wrong) })).toContain("titel");
  });

  test("is right for every type of field and every name, without any complaint", async () => {
    await using it = await Opened.open();
    const fields = fieldTypes.flatMap(({ type, examples }) =>
      examples.map(({ options: own }, n) => ({
        ...own,
        name: `${n}${type}`,
        type,
        hidden: n > 0,
        primaryKey: false,
        help: "Ends */ here",
        ...("collectionId" in own ? { collectionId: "_pb_users_auth_" } : {}),
      })),
    );
    for (const name of ["all_of_them", "allOfThem", "1st"]) await it.collection({ name, fields });
    const text = typesOf(it.project.collections.current);
    const checked = { ...options, skipLibCheck: false };
    expect(text).toContain('"0select": "" | "red" | "green";');
    expect(text).toContain('"1select"?: ("red" | "green" | "blue")[];');
    expect(text).toContain('"0geoPoint": { lon: number; lat: number };');
    expect([...text.matchAll(/interface (\w+)New /g)].map(([, name]) => name)).toEqual([
      "Users",
      "AllOfThem",
      "AllOfThem2",
      "_1st",
    ]);
    const place = {
      "formstead.d.ts": text,
      "tsconfig.json": JSON.stringify({ compilerOptions: checked, include: ["*.ts"] }),
    };
    expect(
      await errorsIn({ ...place, "app.ts": 'import type { Records } from "./formstead";\nexport type A = Records;\n' }),
    ).toBe("");
  });
});

describe("what `formstead types schema` prints", () => {
  const types = { "formstead-schema.d.ts": moduleTypes() };

  test("knows every word of a schema, and is as strict as the package", async () => {
    await using it = await demo();
    await it.collection({
      name: "all",
      fields: fieldTypes.flatMap(({ type, examples }) =>
        examples.map(({ options: own }, n) => ({
          ...own,
          name: `${type}${n}`,
          type,
          ...("collectionId" in own ? { collectionId: "_pb_users_auth_" } : {}),
          primaryKey: false,
        })),
      ),
      indexes: [
        "CREATE UNIQUE INDEX `idx_all_text0` ON `all` (`text0`)",
        "CREATE INDEX `idx_all_bool0` ON `all` (`bool0`)",
      ],
    });
    expect(await errorsIn({ ...types, "schema.ts": printSchema(it.project.collections.current) })).toBe("");

    const head = `import { anyone, auth, collection, collections, file, json, number, password, relation, released, select, signedIn, superusers, text, unique } from "formstead";
import type { RecordOf } from "formstead";
const schema = collections({
  posts: collection({
    title: text({ required: true }), kind: select(["a", "b"]), kinds: select(["a", "b"], { maxSelect: 2 }), by: relation("users"),
    tags: relation("tags", { maxSelect: 9 }), photo: file(), data: json<{ a: number }>(), secret: password(), n: number({ min: 1 }),
  }, { rules: { list: anyone, create: signedIn, delete: superusers }, indexes: [unique("title")], pages: true, was: "articles" }),
  users: auth({ name: text() }, { rules: { auth: "" }, passwordAuth: { enabled: true } }),
  tags: { name: text({ was: "title" }) },
  old: released,
});
type Post = RecordOf<typeof schema, "posts">;
const post = {} as Post;`;
    const right = [
      "const all: [string, '' | 'a' | 'b', ('a' | 'b')[], string, string[], string, number, number] = [post.title, post.kind, post.kinds, post.by, post.tags, post.photo, post.data.a, post.n];",
      "const user = {} as RecordOf<typeof schema, 'users'>; const told: [string, boolean, string] = [user.email, user.verified, user.name];",
      "const tag: { id: string; name: string; collectionName: 'tags' } = {} as RecordOf<typeof schema, 'tags'>;",
    ];
    const wrong = [
      "post.titel;",
      "post.secret;",
      "const kind: 'c' = post.kind;",
      "text({ requird: true });",
      "number({ min: 'x' });",
      "collection({}, { rules: { lst: '' } });",
      "collection({}, { passwordAuth: {} });",
      "collections({ posts: { title: 'text' } });",
      "type Nothing = RecordOf<typeof schema, 'nothing'>;",
    ];
    expect(await wrongOf(head, [...right, ...wrong], types)).toEqual(wrong);
    // The package itself, in whose sources these words are, finds the same.
    const compilerOptions = { ...options, types: ["bun"], jsx: "react-jsx", allowImportingTsExtensions: true };
    const ours = { "tsconfig.json": JSON.stringify({ compilerOptions, include: ["*.ts"] }) };
    expect(await wrongOf(head, [...right, ...wrong], ours)).toEqual(wrong);
  });
});
