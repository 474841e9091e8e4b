import { afterAll, beforeAll } from "bun:test";
import { type Browser, chromium, type Page } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Look {
  /** On unless said. */
  readonly javaScript?: boolean;
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** Somebody with a browser profile of their own and one page open. */
export class Visitor implements AsyncDisposable {
  /** What the browser refused because of a page's policy. */
  readonly refused: string[] = [];

  constructor(readonly page: Page) {
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.refused.push(message.text());
    });
  }

  /** The text of the page, as it is read. */
  async text(): Promise<string> {
    return this.page.locator("body").innerText();
  }

  /** Fills in fields by their labels. */
  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) await this.page.getByLabel(label, { exact: true }).fill(value);
  }

  /** Presses a button and waits for the page it leads to; answers the status of that page. */
  async press(button: string): Promise<number> {
    return this.#arriving(() => this.page.getByRole("button", { name: button, exact: true }).click());
  }

  /** Follows a link and answers the status of the page it leads to. */
  async follow(link: string): Promise<number> {
    return this.#arriving(() => this.page.getByRole("link", { name: link, exact: true }).click());
  }

  /** Opens an address and answers its status. */
  async open(address: string): Promise<number> {
    return (await this.page.goto(address))?.status() ?? 0;
  }

  /** Path and query of where the visitor is. */
  get path(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** The names of the cookies that the visitor holds. */
  async cookies(): Promise<string[]> {
    return (await this.page.context().cookies()).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }

  /** The status of the page that an act leads to; redirects on the way are followed. */
  async #arriving(act: () => Promise<void>): Promise<number> {
    const arrived = this.page.waitForResponse((response) => {
      const request = response.request();
      return request.isNavigationRequest() && request.frame() === this.page.mainFrame() && !isRedirect(response.status());
    });
    await act();
    const response = await arrived;
    await this.page.waitForLoadState("load");
    return response.status();
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** A real Chromium for all tests of a file; the answer opens visitors in it. */
export function useChromium(): (look?: Look) => Promise<Visitor> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  });
  afterAll(() => browser?.close());
  return async ({ javaScript = true, dark = false, width = 1280, height = 800 } = {}) => {
    if (!browser) throw new Error("Chromium is not open yet.");
    const context = await browser.newContext({
      javaScriptEnabled: javaScript,
      colorScheme: dark ? "dark" : "light",
      viewport: { width, height },
      locale: "en-US",
    });
    return new Visitor(await context.newPage());
  };
}
