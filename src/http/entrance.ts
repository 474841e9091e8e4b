import { cors } from "@elysiajs/cors";
import { Elysia } from "elysia";
import { type Faults, faults } from "./faults.ts";
import { type Front, front } from "./front.ts";
import { corsSettings, lendCredentials } from "./guard.ts";
import { elysiaOptions } from "./options.ts";

/** What every request goes through, in this order: CORS, what answers faults, and who is let in as whom. */
export function entrance(parts: Front & Faults) {
  const { origins } = parts;
  const app = new Elysia(elysiaOptions);
  // A hook costs every request, and only few servers need this one.
  if (origins.everyone && origins.some) app.onRequest(lendCredentials(origins));
  return app
    .use(cors(corsSettings(origins)))
    .use(faults(parts))
    .use(front(parts));
}

/** The app as routes meet it: every request has been let in, and its viewer is known. */
export type Entrance = ReturnType<typeof entrance>;
