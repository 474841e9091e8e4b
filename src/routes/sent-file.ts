import { asItIs } from "../http/faults.ts";
import { sendRangedByRoute } from "../http/ranged.ts";
import type { Answer } from "../http/reply.ts";
import { contentType, dispositionOf } from "../files/disposition.ts";
import { kindOf } from "../files/kinds.ts";
import type { StoredFile } from "../files/storage.ts";

export interface Sending {
  readonly name: string;
  readonly file: StoredFile;
  readonly download: boolean;
  /** Only who asked may keep it. */
  readonly own: boolean;
}

/** Nothing of what somebody uploaded runs, whatever it is; pictures and sounds are shown (API.md 1.6). */
const policy = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
/** What is stored under a name never changes. */
const lasting = "max-age=2592000, stale-while-revalidate=86400";

/** Answers with a file that somebody uploaded, which may hold anything. */
export async function sendFile(
  request: Request,
  set: Answer,
  { name, file, download, own }: Sending,
): Promise<Response> {
  const mime = kindOf(await file.head());
  const headers = {
    "content-type": contentType(mime),
    "content-disposition": dispositionOf(name, mime, download),
    "content-security-policy": policy,
    "cache-control": own ? `private, ${lasting}` : lasting,
  };
  // A page may show a PDF in a frame; whoever is signed in has been given a `no-store`, which files do not need.
  delete set.headers["x-frame-options"];
  delete set.headers["cache-control"];
  const { size, modified } = file;
  const response = sendRangedByRoute(request, { size, modified, headers, body: (start, end) => file.body(start, end) });
  const answer = asItIs(set, response);
  set.status = response.status;
  return answer;
}
