import type { Ctx } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { type KnownActor, requireSeatManager } from './access.ts';
import { changeAtOnce } from './change-at-once.ts';
import { type FoundSeat, lockSeat, requireFound } from './find.ts';
import { SPENT_INVITATION } from './invitation.ts';
import { recordEvents } from './outbox.ts';
import { readSeat } from './read-seat.ts';
import { requireSeatFeature } from './source.ts';
import type { SeatView } from './view.ts';

/**
 * Takes a seat from its holder, or withdraws its invitation, and frees its place in the pool. The answer still names
 * the former holder (`member`, e-mail address), whose ids are gone from the row. A revoked seat is answered as it is.
 * The claim of a seat begins a session, in which a member sees their team's seats. So a member who loses their last claimed
 * seat, and has no role beyond that of a member, loses their sessions too.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, FeatureNotEnabled.
 */
export async function revokeSeat(ctx: Ctx, seatId: string): Promise<SeatView> {
  const actor = requireSeatManager(ctx.actor);
  const revoked =
    (await revokeAtOnce(ctx, actor, seatId)) ?? (await revokeUnderLock(ctx, actor, seatId));
  ctx.changes.announce(seatId);
  return revoked;
}

/** Reads and then writes, one statement each; undefined where the seat changed in between. */
async function revokeAtOnce(
  ctx: Ctx,
  actor: KnownActor,
  seatId: string,
): Promise<SeatView | undefined> {
  const found = requireFound(await readSeat(ctx.sql, actor, seatId), actor);
  const { seat } = found;
  if (!isToBeRevoked(found, actor)) return seat;
  const at = ctx.now();
  const changed = { ...seat, ...revocation(at) };
  const event = 'customer_seat.revoked';
  const isDone = await changeAtOnce(ctx, found, { changed, event, at, freesPlace: true });
  return isDone ? changed : undefined;
}

async function revokeUnderLock(ctx: Ctx, actor: KnownActor, seatId: string): Promise<SeatView> {
  const { answer, team } = await transaction(ctx.db, async tx => {
    const found = await lockSeat(tx, actor, seatId);
    if (!isToBeRevoked(found, actor)) return { answer: found.seat, team: found.source };
    const [answer = found.seat] = await revokeLocked(tx, [found.seat], ctx.now());
    return { answer, team: found.source };
  });
  ctx.actors.forgetTeam(team);
  return answer;
}

/** Whether the seat is live. Throws FeatureNotEnabled. */
function isToBeRevoked({ seat, source }: FoundSeat, actor: KnownActor): boolean {
  const isRevoked = seat.status === 'revoked';
  // The reference lets a customer see its revoked seat, whatever the organization has switched off since.
  if (isRevoked && 'customerId' in actor) return false;
  requireSeatFeature(source.organization);
  return !isRevoked;
}

/** What a seat loses. */
function revocation(at: Date) {
  return {
    status: 'revoked',
    revokedAt: at,
    modifiedAt: at,
    customerId: null,
    memberId: null,
    email: null,
    ...SPENT_INVITATION,
  } as const;
}

/** Revokes live seats of one organization whose pools and rows are locked, in their order, with an event each. */
export async function revokeLocked(
  tx: Tx,
  seats: readonly SeatView[],
  now: Date,
): Promise<SeatView[]> {
  const [first] = seats;
  if (first === undefined) return [];
  const change = revocation(now);
  const { count } = await tx.customerSeat.updateMany({
    where: {
      organizationId: first.organizationId,
      id: { in: seats.map(({ id }) => id) },
      status: { not: 'revoked' },
    },
    data: change,
  });
  if (count !== seats.length) throw new Error('A seat changed that was locked.');
  return await recordRevocations(tx, seats, now);
}

/**
 * Records that live seats of one organization, as they were, are revoked, and ends the sessions of who has none left. Who
 * held them is still told, though the rows forget.
 */
export async function recordRevocations(
  tx: Tx,
  seats: readonly SeatView[],
  now: Date,
): Promise<SeatView[]> {
  const revoked = seats.map(seat => ({ ...seat, ...revocation(now) }));
  const [first] = revoked;
  if (first === undefined) return [];
  await recordEvents(tx, 'customer_seat.revoked', revoked, now);
  await endSessionsOfHolders(tx, first.organizationId, seats, now);
  return revoked;
}

/** Ends the sessions that claims began, of those who have lost their last seat. */
async function endSessionsOfHolders(
  tx: Tx,
  organizationId: string,
  seats: readonly SeatView[],
  now: Date,
): Promise<void> {
  const claimed = seats.filter(({ status, memberId }) => status === 'claimed' && memberId !== null);
  if (claimed.length === 0) return;
  const holders = [...new Set(claimed.map(({ memberId }) => memberId))];
  await tx.$queryRaw`
    SELECT end_sessions_without_seat(${organizationId}::uuid, holder.id, ${now}::timestamptz)
      FROM unnest(${holders}::uuid[]) AS holder (id)`;
}
