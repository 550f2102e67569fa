import { requireSeatManager } from '../auth/access.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import type { Ctx } from '../context.ts';
import { StaleLook } from '../db/constraints.ts';
import { type InvitedSeat, withInvitationLink } from './invitation/invitation-link.ts';
import { decideTransfer, type TransferInput } from './rules/transfer.ts';
import { decisionContext } from './store/assignments.ts';
import { changeSeats } from './store/change-seats.ts';
import { lookQueries, readFacts } from './store/look.ts';
import { POOL_LOCKS, readSeatFacts, seatQueries } from './store/seat-facts.ts';
import type { SeatHolder } from './view.ts';

/** A seat that changed hands, and its former holder. */
export interface TransferredSeat {
  seat: InvitedSeat;
  formerHolder: SeatHolder;
}

/**
 * Gives a live seat to somebody else in one step. The seat keeps its id, and its pool may be full. The former holder loses
 * the seat as if it were revoked. Throws Unauthenticated, NotPermitted, and what `decideTransfer` throws.
 */
export async function transferSeat(ctx: Ctx, input: TransferInput): Promise<TransferredSeat> {
  const actor = requireSeatManager(ctx.actor);
  const by = recordActor(actor, ctx.channel);
  const { seatId, recipient } = input;
  const requests = [{ actor, input: { source: { kind: 'seat' as const, id: seatId }, recipient } }];
  // The seat's pool and rows are locked before the recipient's member, as everywhere.
  const ofSeat = seatQueries(actor, [seatId], 'pools');
  const ofRecipient = lookQueries(requests, 'wait');
  const { seat, formerHolder, pool } = await changeSeats(
    ctx.sql,
    [...ofSeat, ...ofRecipient],
    looked => {
      const pools = looked.slice(0, POOL_LOCKS);
      const seats = looked.slice(0, ofSeat.length);
      const facts = readSeatFacts(seats).get(seatId);
      const [found] = readFacts([...pools, ...looked.slice(ofSeat.length)], requests, 'wait');
      if (!found) throw new StaleLook();
      const context = decisionContext(ctx);
      const { changes, ...result } = decideTransfer(
        { actor, by, input },
        { seat: facts, recipient: found },
        context,
      );
      return { now: context.now, changes, result };
    },
  );
  ctx.actors.forgetMembers(pool);
  ctx.changes.announce(seat.id);
  return { seat: withInvitationLink(ctx, seat, pool.organization), formerHolder };
}
