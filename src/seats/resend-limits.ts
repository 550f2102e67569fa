import type { Tx } from '../db/client.ts';
import { addressKey } from '../email/address-key.ts';
import { InvitationsDeclined, RateLimited } from './errors.ts';
import type { FoundSeat } from './find.ts';
import type { Invitation } from './invitation.ts';
import { holderEmail } from './view.ts';

/** How often one seat's invitation can be resent. */
export interface ResendLimits {
  /** How many milliseconds lie between two resends at least; 0 for no limit. */
  intervalMs: number;
  /** How many resends there are within an hour at most; 0 for any number. */
  perHour: number;
}

/** The limits where none are configured. */
export const RESEND_LIMITS: ResendLimits = { intervalMs: 60_000, perHour: 5 };

const HOUR_MS = 60 * 60_000;

/**
 * Whether resending mails the holder. Where the organization sends no invitations, the caller gets the link and no
 * mailbox is bothered: then neither the limits nor an opt-out are a reason to refuse.
 */
export function mailsHolder({ source }: FoundSeat): boolean {
  return source.organization.sendsInvitations;
}

/** What a statement that resends has to know of the limits: the values of `RESEND_IF_ALLOWED`, from $27 on. */
export function resendValues({ seat }: FoundSeat, limits: ResendLimits): unknown[] {
  return [addressKey(holderEmail(seat) ?? ''), limits.perHour, limits.intervalMs];
}

/**
 * Counts a resend of the seat in `held`, if its holder takes invitations and the limits allow it; the row is locked
 * before it is looked at, so that of several at once only as many pass as the limits allow.
 */
export const RESEND_IF_ALLOWED = `
  INSERT INTO recent_resends AS r (organization_id, seat_id, times, token_hash)
  SELECT $1::uuid, held.id, ARRAY[$18::timestamptz], $14::bytea FROM held
   WHERE NOT EXISTS (SELECT FROM mail_opt_outs o WHERE o.organization_id = $1::uuid AND o.email = $27::text)
  ON CONFLICT (organization_id, seat_id) DO UPDATE
    SET token_hash = $14::bytea,
        times = CASE WHEN r.token_hash = $8::bytea
          THEN (r.times || $18::timestamptz)[greatest(1, cardinality(r.times) + 2 - greatest(1, $28::int)):]
          ELSE ARRAY[$18::timestamptz]
        END
   WHERE r.token_hash IS DISTINCT FROM $8::bytea
      OR ($29::float = 0 OR r.times[cardinality(r.times)] <= $18::timestamptz - $29::float * interval '1 ms')
     AND ($28::int = 0 OR cardinality(r.times) < $28::int
          OR r.times[cardinality(r.times) + 1 - $28::int] <= $18::timestamptz - interval '1 hour')
  RETURNING r.seat_id AS id`;

/**
 * Counts the resend of a seat that the transaction has locked, as this invitation. Throws InvitationsDeclined where its
 * holder wants none, and RateLimited, which says when to try again.
 */
export async function countResend(
  tx: Tx,
  { seat }: FoundSeat,
  { invitationTokenHash: tokenHash }: Pick<Invitation, 'invitationTokenHash'>,
  { intervalMs, perHour }: ResendLimits,
  now: Date,
): Promise<void> {
  const { organizationId, id: seatId } = seat;
  const email = addressKey(holderEmail(seat) ?? '');
  const optOut = await tx.mailOptOut.findUnique({
    where: { organizationId_email: { organizationId, email } },
  });
  if (optOut) throw new InvitationsDeclined();
  const where = { organizationId_seatId: { organizationId, seatId } };
  const latest = await tx.recentResends.findUnique({ where });
  const isOfLatest =
    latest && Buffer.compare(latest.tokenHash, seat.invitationTokenHash ?? Buffer.alloc(0)) === 0;
  const before = isOfLatest ? latest.times : [];
  const retryAt = Math.max(
    intervalMs === 0 ? 0 : endOf(before.at(-1), intervalMs),
    perHour === 0 ? 0 : endOf(before.at(-perHour), HOUR_MS),
  );
  if (retryAt > now.getTime()) {
    throw new RateLimited('The invitation was resent too often.', new Date(retryAt), now);
  }
  const counted = { times: [...before, now].slice(-Math.max(1, perHour)), tokenHash };
  await tx.recentResends.upsert({
    where,
    create: { organizationId, seatId, ...counted },
    update: counted,
  });
}

/** When so much time has passed since then. */
function endOf(date: Date | undefined, ms: number): number {
  return date === undefined ? 0 : date.getTime() + ms;
}
