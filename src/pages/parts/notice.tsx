/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";

export interface NoticeProps {
  /** `problem` is announced at once, the others when it is their turn. */
  readonly kind: "good" | "problem" | "info";
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A few words that stand out from the page. */
export function Notice({ kind, title, children }: NoticeProps): VNode {
  return (
    <div class={`notice ${kind}`} role={kind === "problem" ? "alert" : "status"}>
      {title ? <h2>{title}</h2> : null}
      {children}
    </div>
  );
}
