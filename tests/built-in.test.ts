import { expect, test } from "bun:test";
import { openProject } from "../src/index.ts";
import type { Definition } from "../src/collections/definition.ts";
import { sql } from "../src/store/sql.ts";
import { Opened } from "./testing.ts";

test("a folder of an older version gets what this one needs, and keeps what it has", async () => {
  await using opened = await Opened.open();
  const { project, dir } = opened;
  await opened.collection({ name: "letters", fields: [{ name: "text", type: "text" }] });
  await opened.record("_forms", { slug: "write", collection: "letters", title: "Write to us" });
  // As it was before forms could be kept for some days only, and before answers had a collection of their own.
  await project.store.write(async (tx) => {
    const rows = await tx.all<{ id: string; definition: string }>(
      sql`SELECT id, definition FROM _collections WHERE name = '_forms'`,
    );
    for (const { id, definition } of rows) {
      const old: Definition = JSON.parse(definition);
      const fields = old.fields.filter(({ name }) => name !== "retention");
      await tx.run(sql`UPDATE _collections SET definition = ${JSON.stringify({ ...old, fields })} WHERE id = ${id}`);
    }
    await tx.run(sql`ALTER TABLE _forms DROP COLUMN retention`);
    await tx.run(sql`DELETE FROM _collections WHERE name = '_submissions'`);
    await tx.run(sql`DROP TABLE _submissions`);
  });
  await project.close();

  await using again = await openProject({ dir, write: () => {} });
  expect(again.collections.find("_forms")?.field("retention")?.definition.system).toBe(true);
  expect(again.collections.find("_submissions")).toBeDefined();
  const forms = await again.store.all<Record<string, unknown>>(sql`SELECT slug, title, retention FROM _forms`);
  expect(forms).toEqual([{ slug: "write", title: "Write to us", retention: 0 }]);
});
