import axe from "axe-core";
import type { Look, Visitor } from "./browser.ts";

type Shown = Required<Pick<Look, "dark" | "width">>;

/** Every pair of a theme and a width, the first of each first. */
export function looks(...widths: readonly number[]): Shown[] {
  return widths.flatMap((width) => [false, true].map((dark) => ({ dark, width })));
}

/**
 * What is wrong with the page that somebody has open, in each of these looks: sentences; none for a page as it should be.
 * Afterwards they go on in the first look.
 */
export async function faultsOf({ page }: Visitor, shown: readonly Shown[]): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  for (const look of shown) {
    await show(page, look);
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    const broken = await page.evaluate<string[]>(
      "axe.run().then((it) => it.violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))",
    );
    const all = [...(wide > 0 ? [`scrolls sideways by ${wide} px.`] : []), ...broken];
    found.push(...all.map((fault) => `${look.dark ? "dark" : "light"} at ${look.width} px: ${fault}`));
  }
  const [first] = shown;
  if (first && shown.length > 1) await show(page, first);
  return found;
}

async function show(page: Visitor["page"], { dark, width }: Shown): Promise<void> {
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
  await page.setViewportSize({ width, height: 800 });
}
