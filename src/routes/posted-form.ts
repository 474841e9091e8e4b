import type { Viewer } from "../filter/scope.ts";
import { noteForeign } from "../forms/foreign-sites.ts";
import type { Form } from "../forms/form.ts";
import type { Visit } from "../forms/shield/visit.ts";
import { submit } from "../forms/submission.ts";
import type { Limits } from "../http/arriving.ts";
import { askOf } from "../http/ask.ts";
import { formMayPost } from "../http/guard.ts";
import type { Incoming } from "../http/incoming.ts";
import { clock } from "../lib/dates.ts";
import { type Outcome, Refusal } from "../lib/errors.ts";
import type { Project } from "../project.ts";
import { closedTo } from "../records/rules.ts";
import type { RecordJson } from "../records/shape.ts";
import { joinDraft, type JoinedNow } from "./drafting.ts";
import { limitsOf } from "./place.ts";

/** A request that sends a form. */
export interface Posting {
  readonly request: Request;
  /** The form's slug. */
  readonly slug: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Incoming;
  readonly viewer: Viewer;
  /** Where on the network it came from. */
  readonly address: string;
}

export interface Posted extends JoinedNow {
  readonly form: Form;
  readonly outcome: Outcome<RecordJson>;
}

/** The code of the Refusal of what comes from a site that the form does not list. */
export const foreignOrigin = "form_foreign_origin";

/** Takes what was sent to a form. A Refusal where it cannot be: what was sent can then still be read from the body. */
export function receive(project: Project, { request, slug, query, body, viewer, address }: Posting): Promise<Posted> {
  return project.collections.write(async (collections) => {
    await project.together();
    const form = await project.knownForms.find(collections, slug);
    if (!formMayPost(request, form.origins)) {
      noteForeign(project, form, "send", request.headers.get("origin") ?? "");
      throw new Refusal("forbidden", foreignOrigin);
    }
    if (closedTo(form.collection, "create", { viewer })) throw new Refusal("forbidden", "form_closed");
    const joined = await readJoined(project, form, body);
    project.collections.mustHold(collections);
    const place = { set: collections, ask: askOf(request, viewer, query) };
    const visit = visitOf(request, project.hashAddress(address));
    return { form, ...joined, outcome: await submit(project, form, place, joined, visit) };
  });
}

/** What was sent, with the files that were kept of the last time. */
export async function readJoined(
  project: Project,
  form: Form,
  body: Incoming,
  limits = limitsIn(form),
): Promise<JoinedNow> {
  return joinDraft(project, await body.read(limits), form.id);
}

const limits = new WeakMap<Form, Limits>();

/** What a form takes at most. */
export function limitsIn(form: Form): Limits {
  let its = limits.get(form);
  if (!its) limits.set(form, (its = limitsOf(form.fields.map(({ field }) => field))));
  return its;
}

function visitOf({ headers }: Request, address: string): Visit {
  const said = (name: string) => headers.get(name) ?? "";
  return {
    origin: said("origin"),
    referrer: said("referer"),
    agent: said("user-agent"),
    language: said("accept-language"),
    address,
    moment: clock(),
  };
}
