/** @jsxImportSource preact */
import type { VNode } from "preact";
import { drawnFrom, drawnKey, type Meanwhile } from "../../records/drawn.ts";
import type { RecordJson } from "../../records/shape.ts";
import type { FormField, Typed } from "./form-field.tsx";
import type { Words } from "./words.ts";

/** What a form about a record shows and sends, so that two people who edit one record see each other's changes. */

/** A question that somebody else has answered meanwhile, with their answer beside it. */
export function withTheirs(t: Words, question: FormField, theirs: VNode | null): FormField {
  return {
    ...question,
    draw: (control, language) => {
      const id = `${control.id}-theirs`;
      const describedBy = [control.describedBy, id].filter(Boolean).join(" ");
      return (
        <>
          <div class="theirs" id={id}>
            <p class="help">{t("page_resource_theirs")}</p>
            <div class="prewrap">{theirs ?? <span class="faded">{t("page_empty_value")}</span>}</div>
          </div>
          {question.draw({ ...control, describedBy }, language)}
        </>
      );
    },
  };
}

/** One sentence for each field that two people have changed. */
export function clashes(t: Words, { clashing }: Meanwhile): Record<string, string> {
  return Object.fromEntries([...clashing].map((name) => [name, t("page_resource_clash")]));
}

/**
 * What a form sends along to say what it was drawn from. One that is shown again for another reason than somebody else's change
 * is still drawn from what it was; nothing where it never said.
 */
export function drawnOf(
  record: RecordJson,
  names: readonly string[],
  typed?: Typed,
  meanwhile?: Meanwhile,
): Record<string, string> {
  const drawn = typed && !meanwhile ? (typed.get(drawnKey)?.at(-1) ?? "") : drawnFrom(record, names);
  return drawn === "" ? {} : { [drawnKey]: drawn };
}
