import type { KnownActor } from '../../../src/auth/access.ts';
import { recordActor } from '../../../src/auth/recorded-actor.ts';
import type { Member } from '../../../src/db/generated/prisma/client.ts';
import type { AssignSeatInput } from '../../../src/seats/inputs.ts';
import type { DecisionContext } from '../../../src/seats/rules/assign.ts';
import type { AssignmentFacts, AssignmentPool } from '../../../src/seats/rules/assignment.ts';
import type { SeatFacts } from '../../../src/seats/rules/seat.ts';
import type { SeatView } from '../../../src/seats/view.ts';

export const NOW = new Date('2026-03-01T12:00:00Z');

export const organizationToken: KnownActor = {
  kind: 'organization',
  label: 'token',
  tokenId: 'token',
  organizationId: 'acme',
  scopes: ['customer_seats:write'],
};

export const customerSession: KnownActor = {
  kind: 'customer',
  label: 'billing@globex.example',
  organizationId: 'acme',
  customerId: 'globex',
};

/** A paid subscription of Globex with one of five seats taken. */
export function aPool(
  change: Partial<Omit<AssignmentPool, 'organization'>> = {},
  organization: Partial<AssignmentPool['organization']> = {},
): AssignmentPool {
  return {
    kind: 'subscription',
    organizationId: 'acme',
    id: 'pool',
    customerId: 'globex',
    productId: 'product',
    seats: 5,
    seatsUsed: 1,
    status: 'active',
    organization: {
      status: 'active',
      deletedAt: null,
      seatBasedPricingEnabled: true,
      memberModelEnabled: true,
      sendsInvitations: true,
      ...organization,
    },
    ...change,
  };
}

/** Mia, a member of Globex's team. */
export function aMember(change: Partial<Member> = {}): Member {
  return {
    organizationId: 'acme',
    id: 'mia',
    createdAt: NOW,
    modifiedAt: null,
    deletedAt: null,
    customerId: 'globex',
    email: 'mia@globex.example',
    name: 'Mia',
    externalId: 'usr_mia',
    role: 'member',
    ...change,
  };
}

/** An assignment about which nothing is known but its pool. */
export function facts(change: Partial<AssignmentFacts> = {}): AssignmentFacts {
  return {
    pool: aPool(),
    namedMember: null,
    addressee: null,
    customer: null,
    address: null,
    seatId: null,
    customerSeatId: null,
    seatsOfAddressee: {},
    revokedSeats: [],
    ...change,
  };
}

/** The token as an event records it. */
export const BY_TOKEN = recordActor(organizationToken, 'graphql');

export const byEmail = { kind: 'email', email: 'sam@globex.example' } as const;

export function input(
  recipient: AssignSeatInput['recipient'] = byEmail,
  change: Partial<AssignSeatInput> = {},
): AssignSeatInput {
  return {
    source: { kind: 'subscription', id: 'pool' },
    recipient,
    immediateClaim: false,
    ...change,
  };
}

/** New ids are `new-1`, `new-2` and so on. */
export function context(): DecisionContext {
  let ids = 0;
  return {
    now: NOW,
    newId: () => `new-${++ids}`,
    newInvitation: () => ({
      invitationNonce: new Uint8Array([1]),
      invitationTokenHash: new Uint8Array([2]),
      invitationTokenExpiresAt: new Date('2026-03-02T12:00:00Z'),
    }),
  };
}

/** Mia's pending seat. */
export function aSeat(change: Partial<SeatView> = {}): SeatView {
  const member = 'member' in change ? (change.member ?? null) : aMember();
  return {
    organizationId: 'acme',
    id: 'seat',
    createdAt: NOW,
    assignedAt: NOW,
    modifiedAt: null,
    subscriptionId: 'pool',
    orderId: null,
    status: 'pending',
    customerId: 'globex',
    memberId: member?.id ?? null,
    email: member?.email ?? null,
    metadata: {},
    claimedAt: null,
    revokedAt: null,
    invitationNonce: new Uint8Array([1]),
    invitationTokenHash: new Uint8Array([2]),
    invitationTokenExpiresAt: new Date('2026-03-02T12:00:00Z'),
    member,
    customer: null,
    ...change,
  };
}

export function seatFacts(change: Partial<SeatFacts> = {}): SeatFacts {
  return {
    seat: aSeat(),
    pool: { ...aPool(), deletedAt: null },
    customer: { email: 'billing@globex.example', deletedAt: null },
    billingCustomer: { deletedAt: null },
    addressee: null,
    hasOtherSeat: false,
    resends: null,
    isOptedOut: false,
    ...change,
  };
}
