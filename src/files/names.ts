import { randomText } from "../lib/ids.ts";

/** How much of the name somebody gave is kept: characters, and bytes, since folders count those (255 with all the rest). */
const longest = 100;
const mostBytes = 200;

/**
 * The name under which an upload is stored: `my_photo_k2j4h5k2j4.jpg` of `My Photo.JPG`. Letters and digits of any language stay;
 * whatever else a name may hold (paths, control characters, what turns the direction of writing) becomes `_` or goes. The ten random
 * characters make that no two are alike, and that nobody guesses one.
 */
export function storedName(given: string): string {
  const visible = given.toWellFormed().replace(/\p{Cc}/gu, "");
  const name = visible.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const extension = /(?<=.)\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase();
  const base = snakeCased(extension === undefined ? name : name.slice(0, -extension.length - 1));
  return `${cut(base) || "file"}_${randomText(10)}${extension === undefined ? "" : `.${extension}`}`;
}

/** `my_photo` of `MyPhoto`, `My photo` and `my-photo`. */
function snakeCased(text: string): string {
  const words = text.slice(0, 10 * longest).replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, "_");
  return words.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, "_");
}

function cut(text: string): string {
  let kept = "";
  let bytes = 0;
  for (const character of Array.from(text.replace(/^_|^\p{M}+/gu, "")).slice(0, longest)) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    kept += character;
  }
  return kept.replace(/_$/, "");
}
