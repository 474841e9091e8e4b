/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { CompiledField } from "../../collections/collection.ts";
import { lineOf, type Sheet } from "../../forms/sheet.ts";
import { labelOf, type Words } from "../parts/words.ts";

/** A collection, and what of it a form can ask. */
export interface Askable {
  readonly name: string;
  readonly fields: readonly CompiledField[];
  /** The file that describes it, where its fields are not changed here. */
  readonly file: string | undefined;
  /** The titles of its other forms. */
  readonly others: readonly string[];
}

/** What the spam shield looks at, and what goes without saying. */
export interface ShieldFacts {
  readonly signs: readonly { readonly reason: string; readonly words: string; readonly weight: number }[];
  readonly usual: Readonly<Record<string, number>>;
}

interface ChoiceProps {
  readonly t: Words;
  readonly collection: Askable;
  readonly sheet: Sheet;
  readonly problem: string | undefined;
}

/** One row for each field that can be asked. */
export function Choice({ t, collection, sheet, problem }: ChoiceProps): VNode {
  const { file, others } = collection;
  const columns = [
    t("form_edit_fields_field"),
    t("form_edit_fields_need"),
    t("form_edit_fields_at"),
    t("form_edit_fields_label"),
    t("form_edit_fields_hint"),
  ];
  return (
    <>
      <p class="help" id="field-fields">
        {t("form_edit_collection", { collection: collection.name })} {t("form_edit_fields_help")}
      </p>
      {file !== undefined ? <p class="help">{t("form_edit_fields_file", { file })}</p> : null}
      {file === undefined && others.length > 0 ? (
        <p class="help">{t("form_edit_fields_shared", { titles: others.join(", ") })}</p>
      ) : null}
      {problem ? <p class="problem">{problem}</p> : null}
      <table class="choices">
        <thead>
          <tr>
            {columns.map((label) => (
              <th scope="col">{label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inOrder(collection.fields, sheet).map(({ name, required }) => {
            const of = (part: string) => t("form_edit_fields_of", { part, field: name });
            return (
              <tr>
                <td>
                  <input type="hidden" name={`ask.${name}`} value="false" />
                  <label>
                    <input
                      type="checkbox"
                      name={`ask.${name}`}
                      value="true"
                      checked={lineOf(sheet, `ask.${name}`) === "true"}
                    />
                    {name}
                  </label>
                </td>
                <td data-label={columns[1]}>
                  {file === undefined ? (
                    <>
                      <input
                        type="hidden"
                        name={`had.${name}`}
                        value={lineOf(sheet, `had.${name}`) || String(required)}
                      />
                      <input type="hidden" name={`need.${name}`} value="false" />
                    </>
                  ) : null}
                  <input
                    type="checkbox"
                    name={file === undefined ? `need.${name}` : undefined}
                    value="true"
                    checked={(lineOf(sheet, `need.${name}`) || String(required)) === "true"}
                    disabled={file !== undefined}
                    aria-label={of(columns[1] ?? "")}
                  />
                </td>
                <td data-label={columns[2]}>
                  <input
                    type="number"
                    class="short"
                    name={`at.${name}`}
                    value={lineOf(sheet, `at.${name}`)}
                    min={1}
                    step="any"
                    aria-label={of(columns[2] ?? "")}
                  />
                </td>
                <td data-label={columns[3]}>
                  <input
                    type="text"
                    dir="auto"
                    name={`label.${name}`}
                    value={lineOf(sheet, `label.${name}`)}
                    placeholder={labelOf(name)}
                    aria-label={of(columns[3] ?? "")}
                    autocomplete="off"
                  />
                </td>
                <td data-label={columns[4]}>
                  <input
                    type="text"
                    dir="auto"
                    name={`help.${name}`}
                    value={lineOf(sheet, `help.${name}`)}
                    aria-label={of(columns[4] ?? "")}
                    autocomplete="off"
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

/** As they are asked; what has no place comes last. */
function inOrder(fields: readonly CompiledField[], sheet: Sheet): readonly CompiledField[] {
  const place = ({ name }: CompiledField) => Number.parseFloat(lineOf(sheet, `at.${name}`)) || Number.POSITIVE_INFINITY;
  return fields.toSorted((left, right) => {
    const [one, other] = [place(left), place(right)];
    return one === other ? 0 : one - other;
  });
}

/** What each sign of spam weighs. */
export function Weights({ t, signs, sheet }: { t: Words; signs: ShieldFacts["signs"]; sheet: Sheet }): VNode | null {
  if (signs.length === 0) return null;
  return (
    <details>
      <summary>{t("form_edit_shield_weights")}</summary>
      <table class="choices weights">
        <thead>
          <tr>
            <th scope="col">{t("form_edit_shield_reason")}</th>
            <th scope="col">{t("form_edit_shield_weight")}</th>
          </tr>
        </thead>
        <tbody>
          {signs.map(({ reason, words: says, weight }) => (
            <tr>
              <td id={`sign-${reason}`}>{says}</td>
              <td data-label={t("form_edit_shield_weight")}>
                <input
                  type="number"
                  class="short"
                  name={`weight.${reason}`}
                  value={lineOf(sheet, `weight.${reason}`)}
                  placeholder={String(weight)}
                  step="any"
                  aria-labelledby={`sign-${reason}`}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
