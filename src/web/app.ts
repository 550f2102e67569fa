import { type Context, Hono } from 'hono';
import type { Ctx } from '../context.ts';
import { serveHashedAssets } from '../hashed-assets.ts';
import { TooManyRequests } from '../rate-limits/too-many-requests.ts';
import { ASSET_FOLDER, CLAIM_SCRIPT, STYLE } from './assets.ts';
import { mountClaimPage } from './claim-page.ts';
import { sendPage } from './layout.ts';
import { mountMailbox } from './mailbox-page.ts';
import { messagePage } from './message.ts';
import { mountUnsubscribePage } from './unsubscribe-page.ts';

export interface PagesOptions {
  /** The context of a request: nobody is signed in to these pages, and no header can change that. */
  ctxOf: (c: Context) => Ctx;
  /** The folder of the local mailbox, where mail goes there. */
  mailbox?: string | undefined;
  /** Logs what nobody foresaw, and says what to tell people where the database was too busy; undefined for a fault of ours. */
  report: (error: Error, c: Context) => string | undefined;
}

/** The pages for people. */
export function createPages({ ctxOf, mailbox, report }: PagesOptions): Hono {
  const pages = new Hono();
  serveHashedAssets(pages, ASSET_FOLDER, async () => [STYLE, CLAIM_SCRIPT]);
  mountClaimPage(pages, ctxOf);
  mountUnsubscribePage(pages, ctxOf);
  if (mailbox !== undefined) mountMailbox(pages, mailbox);
  pages.onError(async (error, c) => {
    if (error instanceof TooManyRequests)
      return await sendPage(c, messagePage('Too many requests', error.message), 429, error.headers);
    const busy = report(error, c);
    return busy === undefined
      ? await sendPage(c, BROKEN, 500)
      : await sendPage(c, messagePage('We’re very busy', busy), 503, { 'retry-after': '1' });
  });
  return pages;
}

const BROKEN = messagePage(
  'Something went wrong',
  'The fault is ours. Please go back and try again in a moment; your link stays good.',
);
