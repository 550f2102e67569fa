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
  /** Returns the context of a request. It is anonymous and ignores all headers. */
  ctxOf: (c: Context) => Ctx;
  /** Folder of the local mailbox, if it is used. */
  mailbox?: string | undefined;
  /** Logs an unexpected error. Returns the message to show if the database was too busy; undefined for an internal error. */
  report: (error: Error, c: Context) => string | undefined;
}

/** Returns the app that serves the pages for people. */
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
  'The error is on our side. Please go back and try again in a moment; your link stays good.',
);
