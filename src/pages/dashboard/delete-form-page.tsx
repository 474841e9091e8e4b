/** @jsxImportSource preact */
import type { VNode } from "preact";
import { words } from "../parts/words.ts";
import { FormLayout, formPath, type FormPageProps } from "./form-layout.tsx";

export interface DeleteFormPageProps extends FormPageProps {
  /** How many submissions go with it. */
  readonly count: number;
  /** Where its accepted answers stay; absent where that is gone. */
  readonly collection?: string | undefined;
}

/** Asks once more before a form is deleted. */
export function DeleteFormPage({ count, collection, ...frame }: DeleteFormPageProps): VNode {
  const t = words(frame.language);
  const title = t("form_delete_title", { title: frame.form.title });
  const here = formPath(frame.form.slug);
  return (
    <FormLayout {...frame} title={title}>
      <div class="narrow">
        <h2>{title}</h2>
        <p>{t("form_delete_lead", { count })}</p>
        {collection ? <p>{t("form_delete_kept", { collection })}</p> : null}
        <form action={`${here}/delete`} method="post">
          <p class="actions">
            <button type="submit" class="grave">
              {t("form_delete_submit")}
            </button>
            <a href={here}>{t("form_delete_keep")}</a>
          </p>
        </form>
      </div>
    </FormLayout>
  );
}
