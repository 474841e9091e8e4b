import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { inferredBody, usualLimit } from "../http/incoming.ts";
import { json, problemsJson } from "../http/reply.ts";
import { bad, type Outcome, problem } from "../lib/errors.ts";
import { openNetworks } from "../lib/networks.ts";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import type { Settings } from "../settings/settings.ts";
import { AnswerQuery } from "./schemas.ts";

const described = (summary: string) => door("superusers", { summary, tags: ["settings"] });

/** The settings, for superusers (API.md 1.8). Secrets are taken and never shown. */
export function settingsRoutes(app: Entrance, { settings }: Project) {
  return app
    .get("/api/settings", ({ set, query }) => json(set, settings.shown(), query.fields), {
      ...described("Shows the settings, without secrets"),
      query: AnswerQuery,
    })
    .patch(
      "/api/settings",
      async ({ request, set, query, body, machine }) => {
        const patch = inferredBody(await body.read({ size: usualLimit }));
        const next = await settings.change(patch, { rehearse: true });
        const outcome = shutsOut(next, (trusted) => machine(request, trusted)) ?? (await settings.change(patch));
        if (outcome.ok) return json(set, settings.shown(), query.fields);
        const language = languageOf(request.headers.get("accept-language"));
        return problemsJson(set, language, "failed_to_save_settings", outcome.problems);
      },
      {
        ...described("Changes settings: what is named, and nothing else"),
        ...takesPayload,
        query: AnswerQuery,
      },
    );
}

/** Nobody shuts themselves out: by a list without their own address, or by having their address read elsewhere. */
function shutsOut(
  next: Outcome<Settings>,
  addressBy: (trusted: Settings["trustedProxy"]) => string,
): Outcome<never> | undefined {
  if (!next.ok || next.value.superuserIPs.length === 0) return undefined;
  const { superuserIPs, trustedProxy } = next.value;
  const address = addressBy(trustedProxy);
  if (address === "" || openNetworks(superuserIPs).has(address)) return undefined;
  return bad({ superuserIPs: problem("validation_superuser_ips", { address }) });
}
