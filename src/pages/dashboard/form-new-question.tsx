/** @jsxImportSource preact */
import { questionKinds } from "../../forms/new-question.ts";
import { lineOf, type Sheet } from "../../forms/sheet.ts";
import { marks, textareaText } from "../../html/index.ts";
import type { FormField } from "../parts/form-field.tsx";
import type { Words } from "../parts/words.ts";

/** What is asked about a question that a form does not ask yet. */
export function newQuestionFields(t: Words, sheet: Sheet): FormField[] {
  const text = (name: string) => lineOf(sheet, name);
  return [
    {
      name: "new.label",
      label: t("form_edit_new_label"),
      help: t("form_edit_new_label_help"),
      required: false,
      draw: (control) => (
        <input
          {...marks(control)}
          type="text"
          name="new.label"
          dir="auto"
          value={text("new.label")}
          maxLength={400}
          autocomplete="off"
        />
      ),
    },
    {
      name: "new.kind",
      label: t("form_edit_new_kind"),
      required: false,
      draw: (control) => (
        <select {...marks(control)} name="new.kind">
          {questionKinds.map((kind) => (
            <option key={kind} value={kind} selected={kind === (text("new.kind") || "line")}>
              {t(`form_edit_new_kind_${kind}`)}
            </option>
          ))}
        </select>
      ),
    },
    {
      name: "new.choices",
      label: t("form_edit_new_choices"),
      help: t("form_edit_new_choices_help"),
      required: false,
      draw: (control) => (
        <textarea {...marks(control)} class="lines" name="new.choices" rows={2} dir="auto" autocomplete="off">
          {textareaText(text("new.choices"))}
        </textarea>
      ),
    },
    {
      name: "new.required",
      label: t("form_edit_new_required"),
      required: false,
      draw: (control) => (
        <input
          {...marks(control)}
          type="checkbox"
          name="new.required"
          value="true"
          checked={text("new.required") === "true"}
        />
      ),
    },
  ];
}
