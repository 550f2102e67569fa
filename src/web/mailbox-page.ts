import type { Context, Hono, Next } from 'hono';
import { isLocalCaller } from '../hosts/local-caller.ts';
import { listMailbox, readMailbox } from '../mail/mailbox.ts';
import { PAGE_HEADERS, sendPage } from './layout.ts';
import { framedMail, MAILBOX_PATH, mailboxPage, mailPage, SANDBOX } from './mailbox-view.ts';

// Mails have inline styles. They may embed images, but not load, run or send anything.
const MAIL_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  `sandbox ${SANDBOX}`,
].join('; ');

/**
 * Adds the pages of the mailbox in the folder `dir`. Its mails have claim links, so the pages exist for local callers only.
 */
export function mountMailbox(app: Hono, dir: string): void {
  const locally = (show: (c: Context) => Promise<Response | undefined>) => {
    return async (c: Context, next: Next) =>
      (isLocalCaller(c) ? await show(c) : undefined) ?? (await next());
  };

  app.get(
    MAILBOX_PATH,
    locally(async c => await sendPage(c, mailboxPage(await listMailbox(dir)))),
  );
  app.get(
    `${MAILBOX_PATH}/:id`,
    locally(async c => {
      const mail = await readMailbox(dir, c.req.param('id') ?? '');
      return mail && (await sendPage(c, mailPage(mail)));
    }),
  );
  app.get(
    `${MAILBOX_PATH}/:id/html`,
    locally(async c => {
      const mail = await readMailbox(dir, c.req.param('id') ?? '');
      const headers = {
        ...PAGE_HEADERS,
        'content-security-policy': MAIL_POLICY,
        'x-frame-options': 'SAMEORIGIN',
      };
      return mail && c.html(framedMail(mail), 200, headers);
    }),
  );
}
