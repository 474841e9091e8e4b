/** @jsxImportSource preact */
import type { VNode } from "preact";
import { marks, type Marks, marksOf } from "../html/index.ts";

export type Choice = readonly [value: string, label: string];

interface Choosing extends Marks {
  readonly name: string;
  readonly required: boolean;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
}

/** A list to choose one of. What is chosen stays in it, also when it is no choice any more. */
export function Choose({ name, required, choices, chosen, ...group }: Choosing): VNode {
  return (
    <select {...marks(group)} name={name} required={required}>
      <option value="">—</option>
      {withChosen(choices, chosen).map(([value, label]) => (
        <option key={value} value={value} selected={value === chosen.at(-1)}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** Boxes to tick, to go into a fieldset. A hidden blank before them says that none is ticked. */
export function Tick({ name, choices, chosen, ...group }: Omit<Choosing, "required">): VNode {
  return (
    <>
      <input type="hidden" name={name} value="" />
      {withChosen(choices, chosen).map(([value, label], n) => (
        <label key={value} class="choice">
          <input {...marksOf(n, group)} type="checkbox" name={name} value={value} checked={chosen.includes(value)} />{" "}
          <bdi>{label}</bdi>
        </label>
      ))}
    </>
  );
}

function withChosen(choices: readonly Choice[], chosen: readonly string[]): readonly Choice[] {
  const known = new Set(choices.map(([value]) => value));
  const others = [...new Set(chosen)].filter((value) => !known.has(value));
  return [...choices, ...others.map((value): Choice => [value, value])];
}
