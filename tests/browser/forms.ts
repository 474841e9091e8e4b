import { afterAll, beforeAll, expect } from "bun:test";
import { Server } from "../server.ts";
import type { Visitor } from "./browser.ts";

export const owner = { email: "owner@example.com", password: "a few words in a row" };

type Body = Record<string, unknown>;

/** A server with an owner, and pages of somebody else's on another port, for all tests of a file. */
export class Setting {
  readonly #pages = new Map<string, { readonly html: string; readonly headers: Record<string, string> }>();
  #server: Server | undefined;
  #elsewhere: Bun.Server<undefined> | undefined;
  #token = "";

  /** `prepare` makes what the tests need. */
  constructor(prepare: (it: Setting) => Promise<void>) {
    beforeAll(async () => {
      this.#server = await Server.start();
      this.#elsewhere = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => this.#answer(request) });
      await this.#becomeOwner();
      await prepare(this);
    }, 60_000);
    afterAll(async () => {
      await this.#elsewhere?.stop(true);
      await this.#server?.[Symbol.asyncDispose]();
    });
  }

  get server(): Server {
    if (!this.#server) throw new Error("The server is not there yet.");
    return this.#server;
  }

  /** Of the server, without a path. */
  get address(): string {
    return this.server.address;
  }

  /** Of the other site, without a path. */
  get elsewhere(): string {
    return `http://127.0.0.1:${this.#elsewhere?.port}`;
  }

  /** Asks the API as the owner. */
  async api(method: string, path: string, body?: Body): Promise<Body> {
    const answer = await fetch(`${this.address}/api/${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: this.#token },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    expect([method, path, answer.ok, answer.ok ? "" : text]).toEqual([method, path, true, ""]);
    return text === "" ? {} : JSON.parse(text);
  }

  /** Makes a form on a collection; programs that test are fast. Answers its id. */
  async form(slug: string, collection: string, values: Body = {}): Promise<string> {
    const form = { slug, collection, title: slug, shield: { seconds: 0 }, ...values };
    return String((await this.api("POST", "collections/_forms/records", form))["id"]);
  }

  /** The records of a collection, oldest first. */
  async records(collection: string, filter = ""): Promise<Body[]> {
    const query = new URLSearchParams({ filter, sort: "@rowid", perPage: "200" });
    const { items } = await this.api("GET", `collections/${collection}/records?${query}`);
    return Array.isArray(items) ? items : [];
  }

  /** Puts a page on the other site; answers its address. */
  page(html: string, headers: Record<string, string> = {}): string {
    return this.put(`/page-${this.#pages.size}`, html, headers);
  }

  /** The same at a path that is known before. */
  put(path: string, html: string, headers: Record<string, string> = {}): string {
    this.#pages.set(path, { html: `<!doctype html><html lang="en"><title>Elsewhere</title>${html}`, headers });
    return this.elsewhere + path;
  }

  /** What a page loads. */
  get script(): string {
    return `<script src="${this.address}/forms.js" defer></script>`;
  }

  async signIn(visitor: Visitor): Promise<void> {
    await visitor.open(`${this.address}/_/login`);
    await visitor.fill(owner);
    expect((await visitor.press("Sign in"))[0]).toBe("POST /_/login 303");
  }

  async #becomeOwner(): Promise<void> {
    const link = new URL(await this.server.setupLink());
    const token = link.searchParams.get("token") ?? "";
    const body = new URLSearchParams({ token, ...owner, passwordConfirm: owner.password });
    await fetch(link, { method: "POST", body, redirect: "manual" });
    const session = { identity: owner.email, password: owner.password };
    this.#token = String((await this.api("POST", "collections/_superusers/auth-with-password", session))["token"]);
  }

  #answer(request: Request): Response {
    const { html, headers } = this.#pages.get(new URL(request.url).pathname) ?? { html: "<h1>Hello</h1>", headers: {} };
    return new Response(html, { headers: { "content-type": "text/html;charset=utf-8", ...headers } });
  }
}

/** Holds what is sent to forms back for so many milliseconds. */
export async function slowly({ page }: Visitor, milliseconds: number): Promise<void> {
  await page.route(/\/(forms|f)\/[^/]+$/, async (route) => {
    if (route.request().method() === "POST") await Bun.sleep(milliseconds);
    await route.continue();
  });
}

/** Lets the server judge what the browser would not send. */
export async function unchecked({ page }: Visitor): Promise<void> {
  await page.evaluate("void (document.querySelector('main form').noValidate = true)");
}
