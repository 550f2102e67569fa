import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { canRun, findProgram } from '../support/debian-programs.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser to test with: the one that CHROMIUM names, or the first that is installed under a usual name. */
const executable = findExecutable();

const WAIT_MS = 15_000;

const NO_BROWSER =
  'no Chromium: install one (Debian: apt-get install chromium), or set CHROMIUM to its path';

/** Whether the tests in a browser can run (`canRun`). */
export function hasBrowser(): boolean {
  return canRun(executable !== undefined, 'Tests in a browser', NO_BROWSER);
}

/** Starts the browser; it looks up and calls nothing by itself. */
export async function launch(): Promise<Browser> {
  if (executable === undefined) throw new Error(NO_BROWSER);
  return await chromium.launch({
    executablePath: executable,
    args: [
      // Chromium's own sandbox refuses to run as root, as containers do.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** A tab, and what should not happen in it. */
export interface Tab {
  page: Page;
  /** What was asked for anywhere but at `origin`. */
  foreign: string[];
  /** Errors of the page's policy, its scripts and the browser. A page that reports 404 is no error. */
  problems: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a tab of its own, with nothing of any other's. */
export async function openTab(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', ...options });
  // Short of the tests' own limit, so that what is waited for in vain is named.
  context.setDefaultTimeout(WAIT_MS);
  const foreign: string[] = [];
  const problems: string[] = [];
  context.on('request', request => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol !== 'data:' && asked !== origin) foreign.push(request.url());
  });
  context.on('console', message => {
    const isOfPage = message.location().url === message.page()?.url();
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (!(isOfPage && message.text().startsWith('Failed to load resource')))
      problems.push(message.text());
  });
  context.on('weberror', ({ error }) => void problems.push(String(error())));
  const page = await context.newPage();
  return { page, foreign, problems, [Symbol.asyncDispose]: () => context.close() };
}

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with the page as it is now, one line for each place. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    'axe.run(document, { preload: false, iframes: false, resultTypes: ["violations"] })',
    // Axe's own types stand in a script that is loaded for its effect.
  )) as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** How many pixels of the page stick out to the right, where one has to scroll to read them. */
export async function overflow(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
}

function findExecutable(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) return named;
  return NAMES.map(findProgram).find(path => path !== undefined);
}
