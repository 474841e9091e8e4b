import { Type } from "@sinclair/typebox";
import { findFormById } from "../forms/form.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { loose } from "../http/loose.ts";
import { type Answer, page, seeOther } from "../http/reply.ts";
import type { Job } from "../jobs/job.ts";
import { Refusal } from "../lib/errors.ts";
import type { Mail } from "../mail/mail.ts";
import { keptHere } from "../mail/post.ts";
import type { MailFate } from "../pages/dashboard/mailbox-fate.ts";
import { formPath } from "../pages/dashboard/form-layout.tsx";
import { MailboxPage } from "../pages/dashboard/mailbox-page.tsx";
import { MailPage } from "../pages/dashboard/mail-page.tsx";
import type { Project } from "../project.ts";
import { frame, show, toSignIn } from "./owner.ts";
import { NoQuery, takesNothing } from "./schemas.ts";

const number = /^\d{1,15}$/;
const JobParams = loose({ id: Type.String({ maxLength: 100, description: "A job's number." }) });
const MailboxQuery = loose({
  state: Type.Optional(Type.String({ maxLength: 20 })),
  before: Type.Optional(Type.String({ pattern: number.source })),
});

const described = (summary: string) => ({ summary, tags: ["dashboard"] });
const perPage = 50;

/** The mails of the project, and doing a job once more. */
export function mailboxRoutes(app: Entrance, project: Project) {
  const { jobs, post, settings } = project;

  async function findJob(id: string, kind?: string): Promise<Job> {
    const [job] = number.test(id) ? await jobs.list({ id: Number(id), kind, limit: 1 }) : [];
    if (!job) throw new Refusal("not found", "not_found");
    return job;
  }

  /** The page on which it stands. */
  async function homeOf({ id, kind, about, form }: Job): Promise<string> {
    if (kind === "mail") return `/_/mailbox/${id}`;
    if (about !== "") return `/_/submissions/${about}`;
    const { slug } = await project.collections.read((set) => findFormById(project, set, form));
    return `${formPath(slug)}/webhook`;
  }

  return app
    .get(
      "/_/mailbox",
      async ({ request, set, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const state = ["waiting", "done", "failed"].find((it) => it === query.state);
        const before = query.before === undefined ? undefined : Number(query.before);
        const found = await jobs.list({ kind: "mail", state, before, limit: perPage + 1 });
        const shown = found.slice(0, perPage);
        const mails = await Promise.all(
          shown.map(async (job) => {
            const mail = await post.read(job);
            return {
              ...fateOf(job),
              ...(mail ? { subject: mail.subject } : {}),
              to: receiversOf(mail),
              replyTo: mail?.replyTo ?? "",
            };
          }),
        );
        const facts = { mails, state: state ?? "", sends: settings.current.smtp.enabled, later: before !== undefined };
        const older = found.length > perPage ? shown.at(-1)?.id : undefined;
        return show(set, MailboxPage({ ...frame(request, viewer), ...facts, older }));
      },
      { ...door("owners", described("All mails and what became of them")), query: MailboxQuery },
    )
    .get(
      "/_/mailbox/:id",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const job = await findJob(params.id, "mail");
        const { senderName, senderAddress } = settings.current.meta;
        const facts = { fate: fateOf(job), mail: await post.read(job), about: job.about };
        const from = `${senderName} <${senderAddress}>`;
        const shown = show(set, MailPage({ ...frame(request, viewer), ...facts, from }));
        addPolicy(set, "frame-src 'self'");
        return shown;
      },
      { ...door("owners", described("One mail")), params: JobParams, query: NoQuery },
    )
    .get(
      "/_/mailbox/:id/html",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const mail = await post.read(await findJob(params.id, "mail"));
        if (!mail) throw new Refusal("not found", "not_found");
        const shown = page(set, mail.html);
        // Mails may hold what strangers typed: nothing runs in one, nothing is loaded, and it belongs to no origin.
        set.headers["content-security-policy"] =
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox";
        return shown;
      },
      { ...door("owners", described("One mail as HTML")), params: JobParams, query: NoQuery },
    )
    .post(
      "/_/jobs/:id/again",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, "/_/mailbox"));
        const job = await findJob(params.id);
        await jobs.again(job.id);
        return seeOther(set, await homeOf(job));
      },
      { ...door("owners", described("Does a job once more")), ...takesNothing, params: JobParams, query: NoQuery },
    );
}

function addPolicy({ headers }: Answer, directive: string): void {
  headers["content-security-policy"] = `${headers["content-security-policy"]}; ${directive}`;
}

function fateOf({ id, state, tries, due, created, ended, outcome }: Job): MailFate {
  return { id, state, kept: outcome === keptHere, tries, due, created, ended, outcome };
}

function receiversOf(mail: Mail | undefined): readonly string[] {
  return mail ? [...mail.to, ...(mail.cc ?? [])] : [];
}
