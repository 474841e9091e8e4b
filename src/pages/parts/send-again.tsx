/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Typed } from "./form-field.tsx";
import type { Words } from "./words.ts";

export interface SendAgainProps {
  readonly t: Words;
  /** Where it is sent to. */
  readonly action: string;
  readonly typed: Typed;
  /** Under which the files lie that go with it. */
  readonly token?: string;
}

/** One button that sends what was sent in vain. */
export function SendAgain({ t, action, typed, token }: SendAgainProps): VNode {
  return (
    <form action={action} method="post" accept-charset="utf-8">
      {token === undefined ? null : <input type="hidden" name="_draft" value={token} />}
      {[...typed].flatMap(([name, texts]) =>
        texts.map((text, at) => <input key={`${name} ${at}`} type="hidden" name={name} value={text} />),
      )}
      <p class="actions">
        <button type="submit">{t("page_resend_send")}</button>
      </p>
    </form>
  );
}

/** Of what was typed as much as is shown: not what pages say for themselves, and nothing that was left blank. */
export function shownOf(typed: Typed): [name: string, text: string][] {
  return [...typed].flatMap(([name, texts]): [string, string][] => {
    const text = texts.filter((it) => it !== "").join(", ");
    return /^[_@]/.test(name) || text === "" ? [] : [[name, text]];
  });
}
