import { afterAll, beforeAll } from "bun:test";
import { type Browser, chromium, type Locator, type Page, type Request, type Response } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Runs in every page before anything else. */
const tellsRefusals = `addEventListener("securitypolicyviolation", (it) =>
  console.error("Content Security Policy:", it.violatedDirective, it.blockedURI))`;

export interface Look {
  /** On unless said. */
  readonly javaScript?: boolean;
  readonly dark?: boolean;
  /** Whether pages may move; off unless said, since a click waits until nothing moves. */
  readonly motion?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** What the browser asks for; American English unless said. */
  readonly language?: string;
}

/** Somebody with a browser profile of their own and one page open. */
export class Visitor implements AsyncDisposable {
  /** What the browser refused because of a page's policy. */
  readonly refused: string[] = [];
  readonly #trail: string[] = [];

  constructor(readonly page: Page) {
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.refused.push(message.text());
    });
    page.on("response", (response) => {
      const request = response.request();
      const goes = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (!goes && !isEnhanced(request)) return;
      // What a browser is told by 303, forms.js is told by 204.
      const status = leadsOn(response) ? 303 : response.status();
      this.#trail.push(`${request.method()} ${pathOf(response.url())} ${status}`);
    });
  }

  /** Opens an address and answers what was asked on the way there: `["GET /_/ 303", "GET /_/login 200"]`. */
  async open(address: string): Promise<string[]> {
    return this.#travel(() => this.page.goto(address));
  }

  /** Presses a button and answers what was asked on the way to the next page. */
  async press(button: string): Promise<string[]> {
    return this.#travel(() => this.page.getByRole("button", { name: button, exact: true }).click());
  }

  /** Follows a link and answers what was asked on the way. */
  async follow(link: string): Promise<string[]> {
    return this.#travel(() => this.page.getByRole("link", { name: link, exact: true }).click());
  }

  /** Fills in fields by their names. */
  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await this.field(name).fill(value);
  }

  field(name: string): Locator {
    return this.page.locator(`[name="${name}"]`);
  }

  /** What is typed in fields, by their names. */
  async typed(...names: string[]): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const name of names) values[name] = await this.field(name).inputValue();
    return values;
  }

  /** What a field is described by: help, and what is wrong with it. */
  async description(name: string): Promise<string> {
    const ids = (await this.field(name).getAttribute("aria-describedby")) ?? "";
    const texts = ids
      .split(" ")
      .filter(Boolean)
      .map((id) => this.page.locator(`#${id}`).innerText());
    return (await Promise.all(texts)).join(" ");
  }

  /** The text of the page, as it is read. */
  async text(): Promise<string> {
    return this.page.locator("body").innerText();
  }

  /** The cells of the table on the page, row by row. */
  async rows(): Promise<string[][]> {
    const rows = await this.page.locator("tbody tr").all();
    return Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
  }

  /** The names of the cookies that the visitor holds. */
  async cookies(): Promise<string[]> {
    return (await this.page.context().cookies()).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }

  /** Waits until an act has led to a page and the page is whole, or until its answer is shown in place. */
  async #travel(act: () => Promise<unknown>): Promise<string[]> {
    const from = this.#trail.length;
    const arrived = Promise.race([this.page.waitForEvent("load"), this.#answered()]);
    await act();
    await arrived;
    return this.#trail.slice(from);
  }

  async #answered(): Promise<void> {
    await this.page.waitForResponse((response) => isEnhanced(response.request()) && !leadsOn(response));
    await this.page.locator("[aria-busy]").waitFor({ state: "detached" });
  }
}

/** Sent by forms.js on a page of ours. */
function isEnhanced(request: Request): boolean {
  return request.headers()["x-requested-with"] === "forms.js";
}

function leadsOn(response: Response): boolean {
  return response.status() === 204 && "location" in response.headers();
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

/** A real Chromium for all tests of a file; the answer opens visitors in it. */
export function useChromium(): (look?: Look) => Promise<Visitor> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: Bun.which("chromium") ?? "/usr/bin/chromium",
      args: flags,
      // Pages that were left are kept, as in everybody's browser.
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
  });
  afterAll(() => browser?.close());
  return async ({
    javaScript = true,
    dark = false,
    motion = false,
    width = 1280,
    height = 800,
    language = "en-US",
  } = {}) => {
    if (!browser) throw new Error("Chromium is not open yet.");
    const context = await browser.newContext({
      javaScriptEnabled: javaScript,
      colorScheme: dark ? "dark" : "light",
      reducedMotion: motion ? "no-preference" : "reduce",
      viewport: { width, height },
      locale: language,
    });
    await context.addInitScript({ content: tellsRefusals });
    return new Visitor(await context.newPage());
  };
}

/**
 * Waits until an expression holds in the page. Asked from outside each time: Playwright's own waiting evaluates text inside the
 * page, which the policy of our pages forbids. While the page changes there is nobody to ask.
 */
export async function until(page: Page, expression: string, milliseconds = 10_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await page.evaluate<boolean>(`Boolean(${expression})`).catch(() => false))) {
    if (performance.now() > end) throw new Error(`The page did not come to hold: ${expression}`);
    await Bun.sleep(20);
  }
}
