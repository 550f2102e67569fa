import { type KnownActor, mayRead } from '../../auth/access.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
import {
  InvalidInvitationToken,
  InvitationsDeclined,
  RateLimited,
  ResourceNotFound,
  SeatNotPending,
} from '../../domain/errors.ts';
import { hasExpired, type Invitation, SPENT_INVITATION } from '../invitation-token.ts';
import { holderEmail, type SeatView } from '../view.ts';
import { type Invitee, inviteeOf } from './invitee.ts';
import { type OrganizationFacts, requireSeatFeature } from './pool.ts';

/** The pool of a seat, as the rules for one seat need it. */
export interface SeatPoolFacts {
  kind: 'subscription' | 'order';
  organizationId: string;
  id: string;
  /** The billing customer. */
  customerId: string;
  productId: string | null;
  deletedAt: Date | null;
  organization: OrganizationFacts & { sendsInvitations: boolean };
}

/** All facts that the rules need about one seat, as they are while the seat is locked. */
export interface SeatFacts {
  seat: SeatView;
  pool: SeatPoolFacts;
  /** The seat's customer. */
  customer: { email: string | null; deletedAt: Date | null } | null;
  billingCustomer: { deletedAt: Date | null } | null;
  /** The team's member with the address that a seat without a member is for. */
  addressee: Member | null;
  /** Whether the addressee holds another live seat of the pool, by membership or address. */
  hasOtherSeat: boolean;
  /** When the invitation with this token was resent, the latest last. */
  resends: { times: Date[]; tokenHash: Uint8Array } | null;
  /** Whether the holder has unsubscribed from the organization's invitations. */
  isOptedOut: boolean;
}

/** Limits on the resends of one seat's invitation. */
export interface ResendLimits {
  /** The least number of milliseconds between two resends; 0 for no limit. */
  intervalMs: number;
  /** The most resends within an hour; 0 for no limit. */
  perHour: number;
}

/** The default limits. */
export const RESEND_LIMITS: ResendLimits = { intervalMs: 60_000, perHour: 5 };

/**
 * Accepts a seat that the actor can reach. Throws the same ResourceNotFound for a seat that does not exist and for somebody
 * else's. The reference finds an admin's seat through its product.
 */
export function requireSeat(actor: KnownActor, facts: SeatFacts | undefined): SeatFacts {
  const isReachable =
    facts !== undefined &&
    mayRead(actor, facts.pool) &&
    (facts.pool.productId !== null || 'customerId' in actor);
  if (!isReachable) throw new ResourceNotFound('Seat not found');
  return facts;
}

/** Who gets a claimed seat, and whose session starts with it. */
export interface ClaimDecision {
  seat: SeatView;
  newMember: Member | undefined;
  session: { customerId: string; memberId: string | null };
}

/**
 * Decides on the claim of an invitation. Throws InvalidInvitationToken for an invitation that is unknown, has expired, or
 * cannot be claimed by anybody, and FeatureNotEnabled.
 */
export function decideClaim(
  facts: SeatFacts | null,
  { now, newId }: { now: Date; newId: () => string },
): ClaimDecision {
  if (facts === null || hasExpired(facts.seat, now)) throw new InvalidInvitationToken();
  requireSeatFeature(facts.pool.organization);
  const { seat, pool, addressee } = facts;
  const invitee = requireInvitee(facts);
  const claimed = {
    ...seat,
    status: 'claimed',
    claimedAt: now,
    modifiedAt: now,
    ...SPENT_INVITATION,
  } as const;
  switch (invitee.by) {
    case 'customer':
      return {
        seat: claimed,
        newMember: undefined,
        session: { customerId: invitee.customerId, memberId: null },
      };
    case 'member': {
      const { member } = seat;
      if (member === null) throw new InvalidInvitationToken();
      return {
        seat: claimed,
        newMember: undefined,
        session: { customerId: member.customerId, memberId: member.id },
      };
    }
    case 'address': {
      if (facts.hasOtherSeat) throw new InvalidInvitationToken();
      const { email } = invitee;
      const { organizationId, customerId } = pool;
      const member: Member = addressee ?? {
        organizationId,
        id: newId(),
        createdAt: now,
        modifiedAt: null,
        deletedAt: null,
        customerId,
        email: email.trim(),
        name: null,
        externalId: null,
        role: 'member',
      };
      return {
        seat: { ...claimed, memberId: member.id, member, email },
        newMember: addressee === null ? member : undefined,
        session: { customerId, memberId: member.id },
      };
    }
  }
}

/** What a resend changes. */
export interface ResendDecision {
  seat: SeatView;
  /** The resends that count against the limits; undefined if no mail goes out. */
  resends: Date[] | undefined;
}

/**
 * Decides to send an invitation again. Throws FeatureNotEnabled, SeatNotPending, InvalidInvitationToken if nobody can claim
 * the seat or it has no address to send to, InvitationsDeclined, and RateLimited. An organization that sends no invitations
 * passes on the link itself; neither an opt-out nor the limits apply to it.
 */
export function decideResend(
  facts: SeatFacts,
  invitation: Invitation,
  limits: ResendLimits,
  now: Date,
): ResendDecision {
  const { seat, pool } = facts;
  requireSeatFeature(pool.organization);
  if (seat.status !== 'pending') throw new SeatNotPending();
  if (holderEmail(seat) === null) throw new InvalidInvitationToken();
  requireInvitee(facts);
  const resent = { ...seat, ...invitation, modifiedAt: now };
  if (!pool.organization.sendsInvitations) return { seat: resent, resends: undefined };
  if (facts.isOptedOut) throw new InvitationsDeclined();
  return { seat: resent, resends: countResend(facts, limits, now) };
}

const HOUR_MS = 60 * 60_000;

function countResend({ seat, resends }: SeatFacts, limits: ResendLimits, now: Date): Date[] {
  const { intervalMs, perHour } = limits;
  const isOfThisInvitation =
    resends !== null &&
    Buffer.compare(resends.tokenHash, seat.invitationTokenHash ?? Buffer.alloc(0)) === 0;
  const before = isOfThisInvitation ? resends.times : [];
  const retryAt = Math.max(
    intervalMs === 0 ? 0 : endOf(before.at(-1), intervalMs),
    perHour === 0 ? 0 : endOf(before.at(-perHour), HOUR_MS),
  );
  if (retryAt > now.getTime()) {
    throw new RateLimited('The invitation was resent too often.', new Date(retryAt), now);
  }
  return [...before, now].slice(-Math.max(1, perHour));
}

/** Returns the time `ms` milliseconds after a date; 0 without a date. */
function endOf(date: Date | undefined, ms: number): number {
  return date === undefined ? 0 : date.getTime() + ms;
}

/** Returns whom the seat is for. Throws InvalidInvitationToken if nobody can claim it. */
function requireInvitee({ seat, pool, customer, billingCustomer }: SeatFacts): Invitee {
  const { organization } = pool;
  const invitee = inviteeOf({ seat, customer, pool, billingCustomer, organization });
  if (invitee === undefined) throw new InvalidInvitationToken();
  return invitee;
}
