import {
  type AccessTokenActor,
  organizationsInReach,
  requireSessionManager,
} from '../auth/access.ts';
import { recordActor } from '../auth/recorded-actor.ts';
import { endSessionsOf, type SessionHolder } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { InvalidInput, ResourceNotFound } from '../domain/errors.ts';

/** The holder whose sessions end: a customer with all its members, or one member. */
export type EndSessionsInput =
  | { customerId: string }
  | { externalCustomerId: string }
  | { memberId: string };

/**
 * Ends the open sessions of a customer and all its members, or of one member, and returns their number. Every process
 * refuses their tokens from then on.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput if several customers have the external id.
 */
export async function endSessions(ctx: Ctx, input: EndSessionsInput): Promise<number> {
  const actor = requireSessionManager(ctx.actor);
  const holder = await findHolder(ctx, actor, input);
  const by = recordActor(actor, ctx.channel);
  const count = await transaction(ctx.db, tx => endSessionsOf(tx, holder, by, ctx.now()));
  ctx.actors.forgetMembers(holder);
  return count;
}

/** Returns the customer or member of the actor's organizations. A deleted one may still have sessions. */
async function findHolder(
  { db }: Ctx,
  actor: AccessTokenActor,
  input: EndSessionsInput,
): Promise<SessionHolder> {
  const organizationId = { in: [...organizationsInReach(actor)] };
  if ('memberId' in input) {
    const member = await db.member.findFirst({ where: { organizationId, id: input.memberId } });
    if (member === null) throw new ResourceNotFound('Member not found');
    return { ...member, memberId: member.id };
  }
  const [customer, another] = await db.customer.findMany({
    where:
      'customerId' in input
        ? { organizationId, id: input.customerId }
        : { organizationId, externalId: input.externalCustomerId, deletedAt: null },
    take: 2,
  });
  if (customer === undefined) throw new ResourceNotFound('Customer not found');
  // A user may act for several organizations, each with its own external ids.
  if (another !== undefined) {
    const [name = ''] = Object.keys(input);
    const message = 'Several customers have this id.';
    throw new InvalidInput([{ path: [name], code: 'AMBIGUOUS', message }]);
  }
  return { organizationId: customer.organizationId, customerId: customer.id, memberId: null };
}
