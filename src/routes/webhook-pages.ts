import { Type } from "@sinclair/typebox";
import { findForm } from "../forms/form.ts";
import { sendersOf } from "../forms/webhook-events.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { loose } from "../http/loose.ts";
import { seeOther } from "../http/reply.ts";
import { isPrivateTarget } from "../jobs/private-addresses.ts";
import { webhookTry } from "../jobs/webhooks.ts";
import { Refusal } from "../lib/errors.ts";
import { recordId } from "../lib/ids.ts";
import { formPath } from "../pages/dashboard/form-layout.tsx";
import { WebhookPage } from "../pages/dashboard/webhook-page.tsx";
import { sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { frame, show, toSignIn, typedIn } from "./owner.ts";
import { FormParams, NoQuery } from "./schemas.ts";

const number = Type.Optional(Type.String({ pattern: "^\\d{1,15}$" }));
const WebhookQuery = loose({ before: number, done: Type.Optional(Type.String({ maxLength: 20 })) });
const described = (summary: string) => door("owners", { summary, tags: ["dashboard"] });
const perPage = 50;

/** The owner's page about a form's webhook: its log, a try, and sending again. */
export function webhookPageRoutes(app: Entrance, project: Project) {
  const { config, jobs, store } = project;
  const find = (slug: string) => project.collections.read((set) => findForm(project, set, slug));

  return app
    .get(
      "/_/forms/:form/webhook",
      async ({ request, set, params, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { id, slug, title, webhook } = await find(params.form);
        const before = query.before === undefined ? undefined : Number(query.before);
        const found = await jobs.list({ kind: "webhook", form: id, before, limit: perPage + 1 });
        const shown = found.slice(0, perPage);
        const senders = await sendersOf(
          store,
          shown.map(({ about }) => about),
        );
        const deliveries = shown.map((job) => ({ ...job, sender: senders.get(job.about) ?? "" }));
        const its = frame(request, viewer);
        const [newest] = deliveries;
        const isUnderWay = query.done === "sent" && newest?.state === "waiting" && newest.tries === 0;
        if (isUnderWay) set.headers["refresh"] = "2";
        const done = isUnderWay ? sentence(its.language, "page_webhook_sent") : undefined;
        const closed = webhook !== undefined && !config.allowPrivateAddresses && isPrivateTarget(webhook.url);
        const older = found.length > perPage ? deliveries.at(-1)?.id : undefined;
        return show(set, WebhookPage({ ...its, form: { slug, title }, webhook, deliveries, older, done, closed }));
      },
      { ...described("A form's webhook and what it delivered"), params: FormParams, query: WebhookQuery },
    )
    .post(
      "/_/forms/:form/webhook",
      async ({ request, set, params, body, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const form = await find(params.form);
        const again = (await typedIn(body)).get("again")?.at(-1);
        if (again === undefined) {
          await store.write((tx) => jobs.add(tx, webhookTry(form, recordId())));
        } else {
          const [job] = await jobs.list({ id: Number(again) || 0, kind: "webhook", form: form.id, limit: 1 });
          if (!job) throw new Refusal("not found", "not_found");
          await jobs.again(job.id);
        }
        return seeOther(set, `${formPath(form.slug)}/webhook?done=sent`);
      },
      {
        ...described("Tries a form's webhook, or delivers something once more"),
        ...takesPayload,
        params: FormParams,
        query: NoQuery,
      },
    );
}
