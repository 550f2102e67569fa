import { type AccessTokenActor, organizationsOf, requireSessionMaker } from '../auth/access.ts';
import { endSessionsOf, type SessionHolder } from '../auth/sessions.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { InvalidInput, ResourceNotFound } from '../domain/errors.ts';

/** Whose sessions end: a customer's with those of all its members, or one member's. */
export type EndSessionsInput =
  | { customerId: string }
  | { externalCustomerId: string }
  | { memberId: string };

/**
 * Ends the open sessions of a customer and all of its members, or of one member, and returns how many there were. Their
 * tokens are refused from then on, in every process.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput for an external id that several customers have.
 */
export async function endSessions(ctx: Ctx, input: EndSessionsInput): Promise<number> {
  const actor = requireSessionMaker(ctx.actor);
  const holder = await findHolder(ctx, actor, input);
  const count = await transaction(ctx.db, tx => endSessionsOf(tx, holder, ctx.now()));
  ctx.actors.forgetTeam(holder);
  return count;
}

/** The customer or member within reach. One that was deleted may still have sessions. */
async function findHolder(
  { db }: Ctx,
  actor: AccessTokenActor,
  input: EndSessionsInput,
): Promise<SessionHolder> {
  const organizationId = { in: [...organizationsOf(actor)] };
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
  // A person may act for several organizations, each with external ids of its own.
  if (another !== undefined) {
    const [name = ''] = Object.keys(input);
    const message = 'Several customers have this id.';
    throw new InvalidInput([{ path: [name], code: 'AMBIGUOUS', message }]);
  }
  return { organizationId: customer.organizationId, customerId: customer.id, memberId: null };
}
