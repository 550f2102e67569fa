import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import type { Ctx } from '../context.ts';
import { ResourceNotFound } from '../domain/errors.ts';
import { describeOptOut, type OptOut, type OptOutLink, optIn, optOut } from '../mail/opt-out.ts';
import { withAddresses } from './address.ts';
import { badge } from './badge.ts';
import { LARGEST_FORM, onlyFor, tooLargePage } from './form.ts';
import { PAGE_HEADERS, type Page, sendPage } from './layout.ts';
import { fromLink } from './link-token.ts';

const PATH = '/unsubscribe';
const UNDO_PATH = `${PATH}/undo`;

/**
 * Adds the page to which a mail's unsubscribe link leads. A GET changes nothing. Its button, or a POST of a mail client to
 * the same address (RFC 8058, one click), unsubscribes the recipient from the organization's invitations. After that, the
 * page has a button that reverts it, at another address, so that mail clients cannot do so.
 */
export function mountUnsubscribePage(app: Hono, ctxOf: (c: Context) => Ctx): void {
  app.get(PATH, async c => {
    const link = linkOf(c);
    const described = await orUnknown(describeOptOut(ctxOf(c), link));
    if (!described) return await sendPage(c, UNKNOWN, 404);
    return await sendPage(c, (described.isOptedOut ? donePage : askPage)(described, link));
  });

  // The address has all parameters. The body is ignored, because its content type depends on the mail client.
  app.post(PATH, bodyLimit({ maxSize: LARGEST_FORM, onError: tooLargePage }), async c => {
    const link = linkOf(c);
    const done = await orUnknown(optOut(ctxOf(c), link));
    return done ? await sendPage(c, donePage(done, link)) : await sendPage(c, UNKNOWN, 404);
  });

  app.post(UNDO_PATH, bodyLimit({ maxSize: LARGEST_FORM, onError: tooLargePage }), async c => {
    const undone = await orUnknown(optIn(ctxOf(c), linkOf(c)));
    return undone ? await sendPage(c, undonePage(undone)) : await sendPage(c, UNKNOWN, 404);
  });
  // For a reload of the page after reverting.
  app.get(UNDO_PATH, c =>
    c.body(null, 303, { ...PAGE_HEADERS, location: `..${PATH}?${queryOf(linkOf(c))}` }),
  );

  app.all(PATH, onlyFor(['GET', 'HEAD', 'POST']));
  app.all(UNDO_PATH, onlyFor(['GET', 'HEAD', 'POST']));
}

function linkOf(c: Context): OptOutLink {
  return {
    organizationId: c.req.query('organization') ?? '',
    mailId: c.req.query('mail') ?? '',
    // The token is the last parameter, so it gets the characters after a copied link.
    token: fromLink(c.req.query('token') ?? ''),
  };
}

async function orUnknown(work: Promise<OptOut>): Promise<OptOut | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ResourceNotFound) return undefined;
    throw error;
  }
}

function queryOf({ organizationId: organization, mailId: mail, token }: OptOutLink): string {
  return new URLSearchParams({ organization, mail, token }).toString();
}

function askPage({ organizationName, email }: OptOut, link: OptOutLink): Page {
  return {
    title: `Stop invitations – ${organizationName}`,
    formAction: ["'self'"],
    body: html`<p class="from">${badge('minus')} <bdi>${organizationName}</bdi></p>
<h1>Stop invitations from <bdi>${organizationName}</bdi>?</h1>
<p><bdi>${withAddresses(email)}</bdi> will get no more invitations from <bdi>${organizationName}</bdi>, and no reminders of them. Seats that you have stay yours.</p>
<form method="post" action="${PATH}?${queryOf(link)}">
<button>Stop invitations</button>
</form>
<p class="fine">Changed your mind? Close the page; nothing happens until you press the button.</p>`,
  };
}

function donePage({ organizationName, email }: OptOut, link: OptOutLink): Page {
  return {
    title: `Invitations stopped – ${organizationName}`,
    formAction: ["'self'"],
    body: html`<p class="from">${badge('check')} <bdi>${organizationName}</bdi></p>
<h1>No more invitations</h1>
<p><bdi>${organizationName}</bdi> no longer sends invitations to <bdi>${withAddresses(email)}</bdi>.</p>
<p>If you are offered a seat there later, you will not hear of it by mail.</p>
<form method="post" action="${UNDO_PATH}?${queryOf(link)}">
<button class="quiet">Get invitations again</button>
</form>`,
  };
}

function undonePage({ organizationName, email }: OptOut): Page {
  return {
    title: `Invitations are on – ${organizationName}`,
    body: html`<p class="from">${badge('check')} <bdi>${organizationName}</bdi></p>
<h1>You get invitations again</h1>
<p><bdi>${organizationName}</bdi> sends invitations to <bdi>${withAddresses(email)}</bdi> again.</p>
<p>Mails from the time in between are not sent afterwards. If you wait for an invitation, ask whoever invited you to send it again.</p>`,
  };
}

const UNKNOWN: Page = {
  title: 'Unknown link',
  body: html`<p class="from">${badge('question')}</p>
<h1>We don’t know this link</h1>
<p>Check that you copied the whole link: mail programs sometimes break long ones in two.</p>
<p>The link in a very old mail no longer works; the one in a newer mail does.</p>`,
};
