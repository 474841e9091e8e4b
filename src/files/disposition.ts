/** Kinds that a browser shows without running anything that is in them. */
const safe =
  /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|x-icon|heic|heif|tiff)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf)$/;

/**
 * How a browser is to treat a file of this kind that somebody uploaded: shown only where that is safe, otherwise saved
 * (`Content-Disposition`). Pages show an SVG in an `<img>` all the same, where it runs nothing.
 */
export function dispositionOf(name: string, mime: string, download: boolean): string {
  const ascii = name.replace(/[^\w.-]/g, "_");
  const plain = `${safe.test(mime) && !download ? "inline" : "attachment"}; filename="${ascii}"`;
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${encodeURIComponent(name)}`;
}

/** Texts say that they are UTF-8, as what people upload mostly is; otherwise a browser guesses. */
export function contentType(mime: string): string {
  return mime.startsWith("text/") ? `${mime}; charset=utf-8` : mime;
}
