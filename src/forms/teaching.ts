import type { Collections, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { fromJson } from "../fields/payload.ts";
import { isObject } from "../lib/json.ts";
import type { Unit } from "../store/engine.ts";
import type { Submission } from "./answer.ts";
import { formWithId } from "./form.ts";
import type { Lesson } from "./shield/learned.ts";
import type { Shield } from "./shield/shield.ts";
import { typedTexts } from "./shield/texts.ts";

/**
 * Tells the word filter what its owner calls an answer (`""`: nothing any more), and takes back what it had been told. A try says
 * nothing. Answers what of the submission has changed.
 */
export async function teach(
  { shield: { learned } }: { readonly shield: Pick<Shield, "learned"> },
  tx: Unit,
  set: Collections,
  { form: id, test, lesson: before, extra }: Submission,
  values: Values,
  lesson: Lesson | "",
): Promise<{ readonly lesson?: Lesson | "" }> {
  if (test || before === lesson) return {};
  const form = await formWithId({ store: tx }, set, id);
  if (!form) return {};
  const asked = form.fields.map(({ field }): [string, Json] => [field.name, values[field.name] ?? field.zero]);
  const texts = typedTexts(form, fromJson({ ...(isObject(extra) ? extra : {}), ...Object.fromEntries(asked) }));
  if (before !== "") await learned.unlearn(tx, id, texts, before);
  if (lesson !== "") await learned.learn(tx, id, texts, lesson);
  return { lesson };
}
