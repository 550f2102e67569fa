import type { Member } from '../../db/generated/prisma/client.ts';
import type { AssignSeatInput } from '../inputs.ts';
import type { AssignmentDecision, AssignmentFacts, CustomerFacts } from './assignment.ts';

/** What earlier decisions of a batch have changed, for the later ones. */
export interface EarlierDecisions {
  /** The facts as the earlier decisions leave them. */
  apply(recipient: AssignSeatInput['recipient'], facts: AssignmentFacts): AssignmentFacts;
  /** Records a decision made on these facts. */
  add(facts: AssignmentFacts, decision: AssignmentDecision): void;
}

/** Starts without decisions, for requests with these facts. */
export function createEarlierDecisions(all: readonly AssignmentFacts[]): EarlierDecisions {
  const revokedSeats = revokedByPool(all);
  const given = new Map<string, { seats: number; revoked: number }>();
  /** Members and customers who were created or changed, by the keys built below. */
  const members = new Map<string, Member>();
  const customers = new Map<string, CustomerFacts>();
  /** The assigned seats, by pool and holder. */
  const seated = new Map<string, string>();
  const seatsOfLinked = new Map<string, AssignmentFacts['seatsOfAddressee']>();

  return {
    apply(recipient, facts) {
      const { pool, address } = facts;
      if (pool === null) return facts;
      const team = `${pool.organizationId} ${pool.customerId}`;
      const current = (member: Member | null) =>
        member && (members.get(`id ${member.id}`) ?? member);
      const namedMember =
        current(facts.namedMember) ??
        (recipient.kind === 'externalMember'
          ? (members.get(`external ${team} ${recipient.externalMemberId}`) ?? null)
          : null);
      const addressee =
        current(facts.addressee) ?? members.get(`address ${team} ${address}`) ?? null;
      const customer = facts.customer ?? customers.get(`${pool.organizationId} ${address}`) ?? null;
      const { seats, revoked } = given.get(pool.id) ?? { seats: 0, revoked: 0 };
      const seatOf = (key: string | null | undefined) =>
        key ? (seated.get(`${pool.id} ${key}`) ?? null) : null;
      return {
        ...facts,
        pool: { ...pool, seatsUsed: pool.seatsUsed + seats },
        namedMember,
        addressee,
        customer,
        seatId:
          facts.seatId ??
          seatOf(namedMember?.id) ??
          seatOf(addressee?.id) ??
          seatsOfLinked.get(namedMember?.id ?? '')?.[pool.id] ??
          seatOf(address),
        customerSeatId: facts.customerSeatId ?? seatOf(customer?.id),
        revokedSeats: revokedSeats.get(pool.id)?.slice(revoked, revoked + 1) ?? [],
      };
    },
    add(
      { address, seatsOfAddressee },
      { pool, seat, isReassigned, newCustomer, newMember, linkedMember },
    ) {
      const counts = given.get(pool.id) ?? { seats: 0, revoked: 0 };
      counts.seats += 1;
      if (isReassigned) counts.revoked += 1;
      given.set(pool.id, counts);
      for (const key of [seat.memberId, address, seat.customerId]) {
        if (key !== null) seated.set(`${pool.id} ${key}`, seat.id);
      }
      const team = `${pool.organizationId} ${pool.customerId}`;
      if (newCustomer !== undefined)
        customers.set(`${pool.organizationId} ${address}`, newCustomer);
      for (const member of [newMember, linkedMember]) {
        if (member === undefined) continue;
        members.set(`id ${member.id}`, member);
        members.set(`address ${team} ${address}`, member);
        seatsOfLinked.set(member.id, seatsOfAddressee);
        if (member.externalId !== null)
          members.set(`external ${team} ${member.externalId}`, member);
      }
    },
  };
}

/** Returns the revoked seats of each pool, the oldest first; the facts of any request for the pool may list them. */
function revokedByPool(all: readonly AssignmentFacts[]) {
  const pools = new Map<string, AssignmentFacts['revokedSeats']>();
  for (const { pool, revokedSeats } of all) {
    if (pool === null) continue;
    const known = pools.get(pool.id) ?? [];
    if (revokedSeats.length > known.length) pools.set(pool.id, revokedSeats);
  }
  return pools;
}
