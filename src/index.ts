/// <reference path="../db/types/hooks.d.ts" />
/**
 * Formstead as a library: `import { createApp, openProject } from "formstead"`. Open a project on a folder, and answer requests with
 * its app, in a test of your own or inside an app of your own.
 */
import { Refusal } from "./lib/errors.ts";
import { sentence } from "./phrases/index.ts";
import { openProject as open, type Project, type ProjectOptions } from "./project.ts";

export { type AppOptions, createApp } from "./app.ts";
export * from "./collections/schema/declare.ts";
export type { Project, ProjectOptions } from "./project.ts";

/**
 * Opens the project in a folder, making what is missing; close it when you are done. Everything but `dir` has a standard:
 * `openProject({ dir, schema })`. Throws an error whose message says in one sentence why it cannot be.
 */
export async function openProject(options: ProjectOptions): Promise<Project> {
  try {
    return await open(options);
  } catch (error) {
    if (error instanceof Refusal) error.message = sentence("en", error.code, error.params);
    throw error;
  }
}
