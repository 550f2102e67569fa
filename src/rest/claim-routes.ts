import type { Context } from 'hono';
import { claimSeat } from '../seats/claim.ts';
import { seatClaimInfo } from '../seats/invitation/claim-info.ts';
import { watchClaim } from '../seats/invitation/watch-claim.ts';
import { representSeat } from '../seats/view.ts';
import { claimStream } from './claim-stream.ts';
import { json } from './errors.ts';
import * as docs from './openapi/claim-operations.ts';
import { parseClaim } from './parse.ts';
import { type AppEnv, notFound, type Route, readBody } from './routing.ts';

/** Endpoints for people with an invitation. They need no access token. */
export const claims: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/customer-seats/claim/:invitation_token',
    docs: docs.getSeatClaimInfo,
    async handler(c) {
      const token = invitationToken(c);
      if (token === undefined) return notFound();
      const info = await seatClaimInfo(c.get('ctx'), token);
      return json({
        product_name: info.productName,
        product_id: info.productId,
        organization_name: info.organizationName,
        organization_slug: info.organizationSlug,
        customer_email: info.customerEmail,
        can_claim: info.canClaim,
      });
    },
  },
  {
    method: 'GET',
    path: '/v1/customer-seats/claim/:invitation_token/stream',
    docs: docs.streamSeatClaim,
    async handler(c) {
      const token = invitationToken(c);
      if (token === undefined) return notFound();
      const ctx = c.get('ctx');
      return claimStream(await watchClaim(ctx, token), ctx.stopping);
    },
  },
  {
    method: 'POST',
    path: '/v1/customer-seats/claim',
    docs: docs.claimSeat,
    async handler(c) {
      const { invitationToken } = parseClaim(await readBody(c));
      const { seat, session } = await claimSeat(c.get('ctx'), invitationToken);
      return json({ seat: representSeat(seat), customer_session_token: session.token });
    },
  },
];

/** Returns the decoded token of the path; undefined if it has a slash, which makes another path in the reference. */
function invitationToken(c: Context<AppEnv>): string | undefined {
  const token = c.req.param('invitation_token') ?? '';
  return token.includes('/') ? undefined : token;
}
