import { realpathSync, type Stats, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { sendRanged } from "./ranged.ts";

/** The user's own folder, as a site. Both answer `undefined` where the folder has nothing to say. */
export interface Site {
  /** The file of a path: `/x` is `x`, `x.html` or `x/index.html`. Only for GET and HEAD. */
  find(request: Request, path: string): Response | undefined;
  /** The folder's `index.html`, for a page nobody knows. */
  fallback(request: Request, path: string): Response | undefined;
}

/** Paths that are ours whatever lies in the folder; there the disk is not asked. */
const reserved = ["/api", "/_", "/forms", "/f"];

/** Looks at the folder anew for each request, so that what is put there counts at once; it need not exist. */
export function openSite(folder: string, indexFallback: boolean): Site {
  const root = resolve(folder);

  /** A file inside the folder, wherever its links lead. */
  function fileAt(path: string): Found | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) return undefined;
    const inside = realpathSync(root) + sep;
    return realpathSync(path).startsWith(inside) ? { path, stats } : undefined;
  }

  function search(names: readonly string[], folderOnly: boolean): Found | undefined {
    const path = join(root, ...names);
    const index = join(path, "index.html");
    if (folderOnly || names.length === 0) return fileAt(index);
    return fileAt(path) ?? fileAt(`${path}.html`) ?? fileAt(index);
  }

  return {
    find: (request, path) => {
      if (!reads(request) || isReserved(path)) return undefined;
      const names = namesOf(path);
      const found = names && quietly(() => search(names, path.endsWith("/")));
      return found && answer(request, found);
    },
    fallback: (request, path) => {
      if (!indexFallback || !reads(request) || isReserved(path)) return undefined;
      if (!request.headers.get("accept")?.includes("text/html") || isFileName(path)) return undefined;
      const found = quietly(() => search([], true));
      return found && answer(request, found);
    },
  };
}

interface Found {
  readonly path: string;
  readonly stats: Stats;
}

/** `/abuot.html` names a file, and a mistyped one is told so; `/orders/17` may be a page of the user's own router. */
function isFileName(path: string): boolean {
  return /\.[a-z0-9]{1,8}$/i.test(path);
}

function reads({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

function isReserved(path: string): boolean {
  return reserved.some(
    (prefix) => path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/"),
  );
}

/** The names a path is made of; `undefined` where one of them may not be asked for. */
function namesOf(path: string): string[] | undefined {
  let text: string;
  try {
    text = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const names = text.split("/").slice(1);
  if (names.at(-1) === "") names.pop();
  return names.every(isAllowed) ? names : undefined;
}

/** No names that lead elsewhere, and none that are hidden, but for the folder that certificates and apps are proved by. */
function isAllowed(name: string, at: number): boolean {
  if (name === "" || /[\\\0:]/.test(name)) return false;
  return !name.startsWith(".") || (at === 0 && name === ".well-known");
}

/** A name too long, a loop of links, a folder we may not enter: there is no such file. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function answer(request: Request, { path, stats }: Found): Response {
  const file = Bun.file(path);
  return sendRanged(request, {
    size: stats.size,
    modified: stats.mtimeMs,
    headers: { "content-type": file.type, "cache-control": "no-cache" },
    body: (start, end) => (start === undefined ? file : file.slice(start, end)),
  });
}
