import { randomUUID } from 'node:crypto';
import { type NewSession, newSession, stored } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import type { ActorChannel } from '../db/generated/prisma/enums.ts';
import { lookUpInvitation } from './invitation/look-up-invitation.ts';
import { noChanges } from './rules/changes.ts';
import { type ClaimDecision, decideClaim } from './rules/seat.ts';
import { changeSeats } from './store/change-seats.ts';
import { invitationQueries, readSeatFacts } from './store/seat-facts.ts';
import { holderEmail, type SeatView } from './view.ts';

/** A seat that was just claimed, and its holder's new session. */
export interface ClaimedSeat {
  seat: SeatView;
  session: NewSession;
}

/**
 * Gives a pending seat to the person who has its invitation token, and starts their portal session of one hour. The token is
 * the only right that a claim needs. Of any number of claims with one token, exactly one succeeds. Throws what `decideClaim`
 * throws.
 */
export async function claimSeat(ctx: Ctx, invitationToken: string): Promise<ClaimedSeat> {
  const claim = () =>
    changeSeats(ctx.sql, invitationQueries(invitationToken), looked => {
      const [facts] = readSeatFacts(looked).values();
      // An unknown token throws below, after it was counted as wrong; every other refusal throws here, uncounted.
      if (facts === undefined) return { result: undefined, changes: noChanges(), now: ctx.now() };
      const now = ctx.now();
      const decision = decideClaim(facts, { now, newId: randomUUID });
      return { now, ...begin(decision, ctx.channel, now) };
    });
  const claimed = await lookUpInvitation(ctx, invitationToken, claim);
  // Always throws: no seat has this token.
  if (claimed === undefined) return decideUnknown(ctx.now());
  ctx.changes.announce(claimed.seat.id);
  return claimed;
}

function decideUnknown(now: Date): never {
  decideClaim(null, { now, newId: randomUUID });
  throw new Error('A claim of nothing.');
}

/** Returns the session that starts with a claim, and everything that the claim writes. */
function begin(
  { seat, newMember, session: holder }: ClaimDecision,
  channel: ActorChannel,
  now: Date,
) {
  const session = newSession(holder.memberId === null ? 'customerSession' : 'memberSession', now);
  const { organizationId } = seat;
  const id = holder.memberId ?? holder.customerId;
  const by = { kind: 'invitee', id, label: holderEmail(seat), channel } as const;
  return {
    result: { seat, session },
    changes: {
      ...noChanges(),
      members: newMember === undefined ? [] : [newMember],
      changedSeats: [seat],
      events: [{ type: 'customer_seat.claimed' as const, seat, by }],
      sessions: [{ ...stored(session), ...holder, organizationId }],
    },
  };
}
