/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Words } from "./words.ts";

interface WayOutProps {
  readonly t: Words;
  /** The page they came from. */
  readonly back?: string | undefined;
  /** Where else to go than back or home. */
  readonly next?: { readonly href: string; readonly label: string } | undefined;
}

/** Where to go from a page that has nothing to do: where they came from if that is known, and home. */
export function WayOut({ t, back, next }: WayOutProps): VNode {
  const home = { href: "/", label: t("page_home") };
  const first = next ?? (back ? { href: back, label: t("page_back") } : home);
  return (
    <p class="actions">
      <a class="button" href={first.href}>
        {first.label}
      </a>
      {back && !next ? <a href={home.href}>{home.label}</a> : null}
    </p>
  );
}
