import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import type { Ctx } from '../context.ts';
import { describeOptOut, type OptOut, type OptOutLink, optOut } from '../mail/opt-out.ts';
import { ResourceNotFound } from '../seats/errors.ts';
import { badge } from './badge.ts';
import { LARGEST_FORM, onlyFor, tooLargePage } from './form.ts';
import { type Page, sendPage } from './layout.ts';
import { fromLink } from './link-token.ts';

const PATH = '/unsubscribe';

/**
 * The page that a mail's last link leads to. Looking changes nothing; its button, or a POST by a mail program to the
 * same address (RFC 8058, one click), takes the recipient off the organization's invitations.
 */
export function mountUnsubscribePage(app: Hono, ctxOf: (c: Context) => Ctx): void {
  app.get(PATH, async c => {
    const link = linkOf(c);
    const described = await orUnknown(describeOptOut(ctxOf(c), link));
    return described
      ? await sendPage(c, askPage(described, link))
      : await sendPage(c, UNKNOWN, 404);
  });

  // The address alone says all: a form's body is read by nobody, in whichever of its types a mail program sends it.
  app.post(PATH, bodyLimit({ maxSize: LARGEST_FORM, onError: tooLargePage }), async c => {
    const done = await orUnknown(optOut(ctxOf(c), linkOf(c)));
    return done ? await sendPage(c, donePage(done)) : await sendPage(c, UNKNOWN, 404);
  });

  app.all(PATH, onlyFor(['GET', 'HEAD', 'POST']));
}

function linkOf(c: Context): OptOutLink {
  return {
    organizationId: c.req.query('organization') ?? '',
    mailId: c.req.query('mail') ?? '',
    // The last of a link.
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

function askPage({ organizationName, email }: OptOut, link: OptOutLink): Page {
  const { organizationId: organization, mailId: mail, token } = link;
  const query = new URLSearchParams({ organization, mail, token });
  return {
    title: `Stop invitations – ${organizationName}`,
    formAction: ["'self'"],
    body: html`<p class="from">${badge('minus')} <bdi>${organizationName}</bdi></p>
<h1>Stop invitations from <bdi>${organizationName}</bdi>?</h1>
<p><bdi>${email}</bdi> will get no more invitations from <bdi>${organizationName}</bdi>, and no reminders of them. Seats that you have stay yours.</p>
<form method="post" action="${PATH}?${query.toString()}">
<button>Stop invitations</button>
</form>
<p class="fine">Changed your mind? Close the page; nothing happens until you press the button.</p>`,
  };
}

function donePage({ organizationName, email }: OptOut): Page {
  return {
    title: `Invitations stopped – ${organizationName}`,
    body: html`<p class="from">${badge('check')} <bdi>${organizationName}</bdi></p>
<h1>No more invitations</h1>
<p><bdi>${organizationName}</bdi> no longer sends invitations to <bdi>${email}</bdi>.</p>
<p>If you are offered a seat there later, ask whoever invited you for the link.</p>`,
  };
}

const UNKNOWN: Page = {
  title: 'Unknown link',
  body: html`<p class="from">${badge('question')}</p>
<h1>We don’t know this link</h1>
<p>Check that you copied the whole link: mail programs sometimes break long ones in two.</p>
<p>The link in a very old mail no longer works; the one in a newer mail does.</p>`,
};
