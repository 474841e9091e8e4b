import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { inferredBody, usualLimit } from "../http/incoming.ts";
import { json, problemsJson } from "../http/reply.ts";
import { bad, type Outcome, problem } from "../lib/errors.ts";
import { isNetwork, openNetworks } from "../lib/networks.ts";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
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
        const outcome = shutsOut(patch, machine(request)) ?? (await settings.change(patch));
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

/** Nobody shuts themselves out by a list in which their own address is missing. */
function shutsOut(
  { superuserIPs: list }: Readonly<Record<string, unknown>>,
  address: string,
): Outcome<never> | undefined {
  const networks = Array.isArray(list) ? list.filter((it) => typeof it === "string" && isNetwork(it)) : [];
  if (address === "" || networks.length === 0 || openNetworks(networks).has(address)) return undefined;
  return bad({ superuserIPs: problem("validation_superuser_ips", { address }) });
}
