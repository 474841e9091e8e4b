import { cors } from "@elysiajs/cors";
import { Elysia } from "elysia";
import { type Faults, faults } from "./faults.ts";
import { type Front, front } from "./front.ts";
import { corsSettings } from "./guard.ts";
import { elysiaOptions } from "./options.ts";

/** What every request goes through, in this order: CORS, what answers faults, and who is let in as whom. */
export function entrance(parts: Front & Faults) {
  return new Elysia(elysiaOptions).use(cors(corsSettings(parts.origins))).use(faults(parts)).use(front(parts));
}

/** The app as routes meet it: every request has been let in, and its viewer is known. */
export type Entrance = ReturnType<typeof entrance>;
