import type { Member } from '../../db/generated/prisma/client.ts';
import type { SeatView } from '../view.ts';
import type { SeatEventType } from './changes.ts';
import type { PoolFacts } from './pool.ts';

/** A seat pool as an assignment needs it. */
export interface AssignmentPool extends PoolFacts {
  kind: 'subscription' | 'order';
  organizationId: string;
  /** The billing customer. */
  customerId: string;
  organization: PoolFacts['organization'] & { sendsInvitations: boolean };
}

/** A customer whom a recipient may name. */
export interface CustomerFacts {
  id: string;
  email: string | null;
}

/** All facts that the rules need about one assignment, as they are while the pool is locked. */
export interface AssignmentFacts {
  /** Null for a pool that does not exist or is out of reach. */
  pool: AssignmentPool | null;
  /** The member of the billing customer's team whom the recipient names by id or external id. */
  namedMember: Member | null;
  /** The team's member with the recipient's address. */
  addressee: Member | null;
  /** The customer whom the recipient names by id, external id or address. */
  customer: CustomerFacts | null;
  /** The recipient's address in lower case, as PostgreSQL writes it. */
  address: string | null;
  /** The live seat of the pool that one of these members, or somebody with one of these addresses, holds. */
  seatId: string | null;
  /** The live seat of the pool that the customer holds. With the member model every seat is the billing customer's. */
  customerSeatId: string | null;
  /**
   * The live seats that the addressee, or somebody with the address, holds, by pool id. Read only if another request of the
   * batch may name the addressee by the external id that this request gives them.
   */
  seatsOfAddressee: Readonly<Record<string, string>>;
  /** Revoked seats of the pool, the oldest first. */
  revokedSeats: readonly { id: string; createdAt: Date }[];
}

/** One assigned seat, and what must be created for it. */
export interface AssignmentDecision {
  pool: AssignmentPool;
  seat: SeatView;
  isReassigned: boolean;
  event: SeatEventType;
  newCustomer: CustomerFacts | undefined;
  newMember: Member | undefined;
  linkedMember: Member | undefined;
}
