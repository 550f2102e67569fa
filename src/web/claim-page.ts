import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Ctx } from '../context.ts';
import { FeatureNotEnabled, InvalidInvitationToken } from '../domain/errors.ts';
import { claimSeat } from '../seats/claim.ts';
import {
  describeFirst,
  describeInvitation,
  type InvitationDescription,
} from '../seats/invitation/describe-invitation.ts';
import { claimedPage, deadEndPage, openPage, refusedPage } from './claim-view.ts';
import { LARGEST_FORM, onlyFor, readForm, tooLargePage } from './form.ts';
import { PAGE_HEADERS, sendPage } from './layout.ts';
import { fromLink } from './link-token.ts';
import { returnAddress, withSession } from './return-address.ts';

const PATH = '/claim';

/**
 * Adds the page to which an invitation's link leads. It works with and without scripts. A GET changes nothing. The button
 * claims the seat and redirects to the organization's return address, with the session's token in the fragment.
 */
export function mountClaimPage(app: Hono, ctxOf: (c: Context) => Ctx): void {
  app.get(PATH, async c => {
    const ctx = ctxOf(c);
    const { token, invitation } = await findInvitation(ctx, c.req.query('token') ?? '');
    if (invitation.state !== 'open') return await sendDeadEnd(c, invitation);
    return await sendPage(c, openPage(invitation, token, ctx.now()));
  });

  app.post(PATH, bodyLimit({ maxSize: LARGEST_FORM, onError: tooLargePage }), async c => {
    // CSRF protection is unnecessary: the token in the form is the only credential, and a site that has the token can
    // claim the seat itself.
    const form = await readForm(c);
    if (form instanceof Response) return form;
    const ctx = ctxOf(c);
    const { token, invitation } = await findInvitation(ctx, form.get('token') ?? '');
    if (invitation.state !== 'open') return await sendDeadEnd(c, invitation);
    const sessionToken = await claim(ctx, token);
    if (sessionToken === undefined) {
      const now = await describeInvitation(ctx, token);
      return now.state === 'open'
        ? await sendPage(c, refusedPage(now), 409)
        : await sendDeadEnd(c, now);
    }
    const address = returnAddress(invitation.returnUrl);
    if (!address) return await sendPage(c, claimedPage(invitation));
    return c.body(null, 303, { ...PAGE_HEADERS, location: withSession(address, sessionToken) });
  });

  app.all(PATH, onlyFor(['GET', 'HEAD', 'POST']));
}

/**
 * Finds the invitation of a link's token: first by the unchanged token, since an imported one may be any text, then by the
 * cleaned one.
 */
function findInvitation(ctx: Ctx, given: string) {
  return describeFirst(ctx, given, fromLink(given));
}

/** Claims the seat and returns the session token of its holder; undefined if the seat could not be claimed. */
async function claim(ctx: Ctx, invitationToken: string): Promise<string | undefined> {
  try {
    const { session } = await claimSeat(ctx, invitationToken);
    return session.token;
  } catch (error) {
    if (error instanceof InvalidInvitationToken || error instanceof FeatureNotEnabled) return;
    throw error;
  }
}

async function sendDeadEnd(
  c: Context,
  invitation: Exclude<InvitationDescription, { state: 'open' }>,
): Promise<Response> {
  return await sendPage(c, deadEndPage(invitation), invitation.state === 'unknown' ? 404 : 410);
}
