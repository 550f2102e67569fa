import { randomUUID } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { isInTheWay } from '../db/constraints.ts';
import type { KnownActor } from './access.ts';
import { assignOne, type Target } from './assign-statement.ts';
import type { Assigned, AssignedState } from './assigned.ts';
import type { AssignSeatInput } from './inputs.ts';
import { NO_INVITATION, newInvitation } from './invitation.ts';
import { type InvitedSeat, invitationLink } from './invitation-link.ts';
import { reachable } from './read-pool.ts';
import { type ResolvedAssignment, resolveAssignment } from './resolve-assignment.ts';

/**
 * `assignUnderLock` as one statement for what is asked most: a pool by its id, a person by e-mail address or as a member.
 * Two, where a revoked seat is given again, where the recipient or the pool has to be looked up first, and where it is to
 * be said why not; a few more where others are quicker. Undefined, with nothing changed, where all that leads to nothing:
 * then the long way does it, or says why not.
 *
 * Exact under READ COMMITTED: whoever has waited for the pool's row sees its newest version, and the conditions on it are
 * looked at again. That nobody gets two live seats is the unique indexes' to see to.
 */
export async function assignAtOnce(
  ctx: Ctx,
  actor: KnownActor,
  input: AssignSeatInput,
): Promise<InvitedSeat | undefined> {
  const direct = directTarget(actor, input);
  const assigned = direct && (await unlessInTheWay(() => assignDirectly(ctx, input, direct)));
  if (assigned) return assigned;
  const resolved = await resolveAssignment(ctx.sql, actor, input);
  if (resolved === undefined) return undefined;
  return await unlessInTheWay(async () =>
    invited(ctx, await assignAlone(ctx, input, targetOf(actor, resolved))),
  );
}

/** Undefined where one of the database's promises was in the way, or somebody who waited for us. */
async function unlessInTheWay<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isInTheWay(error)) return undefined;
    throw error;
  }
}

/** What can be tried without a look. */
function directTarget(
  actor: KnownActor,
  { source, recipient }: AssignSeatInput,
): Target | undefined {
  if (source.kind === 'checkout') return undefined;
  const { kind } = source;
  const pool = reachable(actor, source.id);
  switch (recipient.kind) {
    case 'email':
      return { kind, pool, by: 'email', holder: recipient.email.trim() };
    case 'member':
      return { kind, pool, by: 'member', holder: recipient.memberId };
    default:
      return undefined;
  }
}

async function assignDirectly(
  ctx: Ctx,
  input: AssignSeatInput,
  target: Target,
): Promise<InvitedSeat | undefined> {
  const first = await assignNew(ctx, input, target);
  const second = afterFirst(target, first);
  return invited(ctx, second ? await assignAlone(ctx, input, second) : first);
}

/** What to try once more, after what the first attempt has said. */
function afterFirst(target: Target, first: Assigned): Target | undefined {
  if (first.kind === 'again') return { ...target, revokedSeatId: first.revokedSeatId };
  if (first.kind === 'memberless' && target.by === 'email') {
    return { ...target, by: 'customerEmail', revokedSeatId: first.revokedSeatId };
  }
  return undefined;
}

function targetOf(
  actor: KnownActor,
  { source, recipient, revokedSeatId }: ResolvedAssignment,
): Target {
  const { kind } = source;
  const target = { kind, pool: reachable(actor, source.id), revokedSeatId };
  switch (recipient.by) {
    case 'member':
      return { ...target, by: 'member', holder: recipient.member.id };
    case 'email': {
      const { email, externalMemberId } = recipient;
      const by = externalMemberId === undefined ? 'email' : 'externalMember';
      return { ...target, by, holder: email, externalMemberId };
    }
    case 'customer':
      return { ...target, by: 'customer', holder: recipient.customer.id };
    case 'customerEmail':
      return { ...target, by: 'customerEmail', holder: recipient.email };
  }
}

function invited(ctx: Ctx, assigned: Assigned): InvitedSeat | undefined {
  if (assigned.kind !== 'assigned') return undefined;
  const { seat, sendsInvitations } = assigned;
  return { ...seat, invitationUrl: invitationLink(ctx, seat, { sendsInvitations }) };
}

async function assignNew(ctx: Ctx, input: AssignSeatInput, target: Target): Promise<Assigned> {
  const { kind, by, pool, holder: email } = target;
  const [[organizationId, ...others], poolId, customerId] = pool;
  if (by !== 'email' || organizationId === undefined || others.length > 0) {
    return await assignAlone(ctx, input, target);
  }
  const seatId = randomUUID();
  const written = stateOf(ctx, input, seatId);
  const wanted = { kind, organizationId, poolId, customerId, email, memberId: randomUUID() };
  return await ctx.assignTogether({ ...wanted, ...written });
}

const assignAlone = (ctx: Ctx, input: AssignSeatInput, target: Target) =>
  assignOne(ctx.sql, target, seatId => stateOf(ctx, input, seatId));

function stateOf(
  ctx: Ctx,
  { metadata, immediateClaim }: AssignSeatInput,
  seatId: string,
): AssignedState {
  const at = ctx.now();
  const facts = { seatId, eventId: randomUUID(), metadata: JSON.stringify(metadata ?? {}), at };
  return immediateClaim
    ? {
        ...facts,
        ...NO_INVITATION,
        eventType: 'customer_seat.claimed',
        status: 'claimed',
        claimedAt: at,
        invitationTokenExpiresAt: null,
      }
    : {
        ...facts,
        ...newInvitation(ctx.secretKey, seatId, at),
        eventType: 'customer_seat.assigned',
        status: 'pending',
        claimedAt: null,
      };
}
