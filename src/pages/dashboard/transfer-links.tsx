/** @jsxImportSource preact */
import type { VNode } from "preact";
import { addressWith } from "../parts/record-list.tsx";
import type { Words } from "../parts/words.ts";

interface TransferLinksProps {
  readonly t: Words;
  /** Below this address are the exports and the import. */
  readonly here: string;
  /** What is listed, and therefore exported; absent where there is nothing. */
  readonly asked: Readonly<Record<string, string | undefined>> | undefined;
  /** There is no way in. */
  readonly fixed?: boolean | undefined;
}

/** The ways out for what is listed above, and the way in. */
export function TransferLinks({ t, here, asked, fixed = false }: TransferLinksProps): VNode {
  return (
    <>
      {asked ? (
        <p class="actions">
          {t("page_export")}:
          {["csv", "json", "ndjson"].map((kind) => (
            <a href={addressWith(`${here}/export.${kind}`, asked)} download>
              {kind.toUpperCase()}
            </a>
          ))}
          <a href={addressWith(`${here}/export.csv`, { ...asked, separator: ";" })} download>
            {t("page_export_semicolons")}
          </a>
        </p>
      ) : null}
      {fixed ? null : (
        <p>
          <a href={`${here}/import`}>{t("page_import")}</a>
        </p>
      )}
    </>
  );
}
