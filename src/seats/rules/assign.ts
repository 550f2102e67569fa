import { type KnownActor, mayRead } from '../../auth/access.ts';
import type { RecordedActor } from '../../auth/recorded-actor.ts';
import type { Member } from '../../db/generated/prisma/client.ts';
import {
  type FeatureNotEnabled,
  type InvalidInput,
  ResourceNotFound,
  SeatAlreadyAssigned,
  type SeatNotAvailable,
  UserError,
} from '../../domain/errors.ts';
import type { AssignSeatInput, SeatRecipientInput } from '../inputs.ts';
import type { Invitation } from '../invitation-token.ts';
import { inStoredOrder } from '../metadata.ts';
import type { SeatView } from '../view.ts';
import type {
  AssignmentDecision,
  AssignmentFacts,
  AssignmentPool,
  CustomerFacts,
} from './assignment.ts';
import { noChanges, type SeatChanges } from './changes.ts';
import { createEarlierDecisions } from './earlier-decisions.ts';
import { hasMemberModel, requireFreeSeat, requireOpenPool } from './pool.ts';
import {
  identifierOf,
  type Recipient,
  type RecipientError,
  resolveRecipient,
} from './recipient.ts';

/** A request to assign a seat. The caller may manage seats. */
export interface AssignmentRequest {
  actor: KnownActor;
  /** The actor as the event records it. */
  by: RecordedActor;
  input: AssignSeatInput;
}

/** What a decision takes from outside: the time, and new secrets and ids. */
export interface DecisionContext {
  now: Date;
  newId(): string;
  newInvitation(seatId: string): Invitation;
}

/** The outcome of a request: a seat, or the reason for its refusal. */
export type AssignmentOutcome =
  | { kind: 'assigned'; seat: SeatView; pool: AssignmentPool; isNewMember: boolean }
  | { kind: 'refused'; error: AssignmentError; pool: AssignmentPool | null }
  /** Valid, in a batch that changed nothing because another request was refused. */
  | { kind: 'voided'; pool: AssignmentPool };

/** What `decideAssignment` throws. */
export type AssignmentError =
  | ResourceNotFound
  | FeatureNotEnabled
  | InvalidInput
  | SeatNotAvailable
  | RecipientError
  | SeatAlreadyAssigned;

/** Returns the outcomes of a batch that changes nothing, without the seats, which are not written. */
export function voidAssignments(outcomes: readonly AssignmentOutcome[]): AssignmentOutcome[] {
  return outcomes.map(outcome =>
    outcome.kind === 'assigned' ? { kind: 'voided', pool: outcome.pool } : outcome,
  );
}

/**
 * Decides on requests in order: what one takes is gone for the next. Throws no error that a caller has to expect; each
 * outcome says what happened to its request.
 */
export function decideAssignments(
  requests: readonly { request: AssignmentRequest; facts: AssignmentFacts }[],
  context: DecisionContext,
): { outcomes: AssignmentOutcome[]; changes: SeatChanges } {
  const changes = noChanges();
  const earlier = createEarlierDecisions(requests.map(({ facts }) => facts));
  const outcomes = requests.map(({ request, facts }): AssignmentOutcome => {
    try {
      const current = earlier.apply(request.input.recipient, facts);
      const decision = decideAssignment(request, current, context);
      earlier.add(current, decision);
      collect(changes, decision, request.by);
      const { seat, pool, newMember } = decision;
      return { kind: 'assigned', seat, pool, isNewMember: newMember !== undefined };
    } catch (error) {
      if (error instanceof UserError) {
        // The rules throw no other errors.
        return { kind: 'refused', error: error as AssignmentError, pool: facts.pool };
      }
      throw error;
    }
  });
  return { outcomes, changes };
}

/**
 * The rules of an assignment, in the reference's order. Throws ResourceNotFound, InvalidInput, what `requireFreeSeat`
 * throws, what `resolveRecipient` throws, and SeatAlreadyAssigned. For a repeatable request, the check for a free seat comes
 * last.
 */
export function decideAssignment(
  { actor, input }: Pick<AssignmentRequest, 'actor' | 'input'>,
  facts: AssignmentFacts,
  context: DecisionContext,
): AssignmentDecision {
  const pool = requirePool(actor, input.source, facts.pool);
  const named = requireReadable(input.recipient);
  if (input.isRepeatable) requireOpenPool(pool);
  else requireFreeSeat(pool);
  const holder = decideHolder(actor, pool, named, facts, context);
  requireFreeSeat(pool);
  const [revokedSeat] = facts.revokedSeats;
  return { pool, ...giveSeat(pool, holder, input, revokedSeat, context), ...holder.made };
}

/**
 * Decides who a recipient is in a pool, and what must be created for them. Throws what `resolveRecipient` throws, and
 * SeatAlreadyAssigned for somebody who has a live seat of the pool.
 */
export function decideHolder(
  actor: KnownActor,
  pool: AssignmentPool,
  named: SeatRecipientInput,
  facts: AssignmentFacts,
  context: DecisionContext,
): Holder {
  const recipient = resolveRecipient(actor, pool.organization, named, facts);
  const holder = holderOf(pool, recipient, named, facts, context);
  requireNoSeat(pool, facts, holder);
  return holder;
}

/** Throws InvalidInput for an item that cannot be read. */
function requireReadable(recipient: AssignSeatInput['recipient']): SeatRecipientInput {
  if (recipient.kind === 'unreadable') throw recipient.error;
  return recipient;
}

/** Throws the same ResourceNotFound for a pool that does not exist and for one that the actor cannot reach. */
function requirePool(
  actor: KnownActor,
  { kind }: AssignSeatInput['source'],
  pool: AssignmentPool | null,
): AssignmentPool {
  if (pool !== null && mayRead(actor, pool)) return pool;
  if (kind !== 'checkout') throw new ResourceNotFound(POOL_NOT_FOUND[kind]);
  throw new ResourceNotFound(
    'customerId' in actor
      ? 'No subscription or order found for this checkout'
      : 'Checkout not found',
  );
}

const POOL_NOT_FOUND = {
  subscription: 'Subscription not found',
  order: 'Order not found',
} as const;

/** The holder of the seat, as its row stores them. */
export interface Holder {
  /** With the member model the billing customer; without it, the holder's own customer. */
  customerId: string;
  member: Member | null;
  email: string | null;
  /** The name of the holder in SeatAlreadyAssigned. */
  label: string;
  made: Pick<AssignmentDecision, 'newCustomer' | 'newMember' | 'linkedMember'>;
}

const NOTHING_MADE = { newCustomer: undefined, newMember: undefined, linkedMember: undefined };

/** Finds the holder, or creates the member or customer for the address. */
function holderOf(
  pool: AssignmentPool,
  recipient: Recipient<Member, CustomerFacts>,
  input: SeatRecipientInput,
  { addressee }: AssignmentFacts,
  context: DecisionContext,
): Holder {
  switch (recipient.by) {
    case 'member':
      return asMember(pool, recipient.member, {});
    case 'email': {
      const { email, externalMemberId } = recipient;
      if (addressee === null) {
        const newMember = makeMember(pool, email, context, externalMemberId);
        return asMember(pool, newMember, { newMember });
      }
      if (externalMemberId === undefined) return asMember(pool, addressee, {});
      const linkedMember = { ...addressee, externalId: externalMemberId, modifiedAt: context.now };
      return asMember(pool, linkedMember, { linkedMember });
    }
    case 'customer':
      return asCustomer(pool, recipient.customer, input, addressee, context, {});
    case 'newCustomer': {
      const newCustomer = { id: context.newId(), email: recipient.email };
      return asCustomer(pool, newCustomer, input, addressee, context, { newCustomer });
    }
  }
}

function asMember(pool: AssignmentPool, member: Member, made: Partial<Holder['made']>): Holder {
  const { email } = member;
  const { customerId } = pool;
  return { customerId, member, email, label: email, made: { ...NOTHING_MADE, ...made } };
}

function asCustomer(
  pool: AssignmentPool,
  { id, email }: CustomerFacts,
  input: SeatRecipientInput,
  addressee: Member | null,
  context: DecisionContext,
  made: Partial<Holder['made']>,
): Holder {
  const newMember =
    email !== null && addressee === null ? makeMember(pool, email.trim(), context) : undefined;
  return {
    customerId: id,
    member: email === null ? null : (addressee ?? newMember ?? null),
    email,
    label: identifierOf(input),
    made: { ...NOTHING_MADE, ...made, newMember },
  };
}

function makeMember(
  { organizationId, customerId }: AssignmentPool,
  email: string,
  { now, newId }: DecisionContext,
  externalId?: string,
): Member {
  return {
    organizationId,
    id: newId(),
    createdAt: now,
    modifiedAt: externalId === undefined ? null : now,
    deletedAt: null,
    customerId,
    email,
    name: null,
    externalId: externalId ?? null,
    role: 'member',
  };
}

/** Throws SeatAlreadyAssigned for somebody who has a live seat of the pool. */
function requireNoSeat(
  { organization, organizationId }: AssignmentPool,
  { seatId, customerSeatId }: AssignmentFacts,
  { label }: Holder,
): void {
  const id = seatId ?? (hasMemberModel(organization) ? null : customerSeatId);
  if (id !== null) throw new SeatAlreadyAssigned(label, { organizationId, id });
}

/** Returns the seat as assigned: in a row that was another holder's, or in a new row. */
export function giveSeat(
  { kind, id: poolId, organizationId }: AssignmentPool,
  { customerId, member, email }: Holder,
  { metadata, immediateClaim }: Pick<AssignSeatInput, 'metadata' | 'immediateClaim'>,
  former: { id: string; createdAt: Date } | undefined,
  { now, newId, newInvitation }: DecisionContext,
): Pick<AssignmentDecision, 'seat' | 'isReassigned' | 'event'> {
  const id = former?.id ?? newId();
  const invitation = immediateClaim
    ? { invitationNonce: null, invitationTokenHash: null, invitationTokenExpiresAt: null }
    : newInvitation(id);
  const seat: SeatView = {
    organizationId,
    id,
    createdAt: former?.createdAt ?? now,
    assignedAt: now,
    modifiedAt: former === undefined ? null : now,
    subscriptionId: kind === 'subscription' ? poolId : null,
    orderId: kind === 'order' ? poolId : null,
    status: immediateClaim ? 'claimed' : 'pending',
    customerId,
    memberId: member?.id ?? null,
    email,
    metadata: inStoredOrder(metadata ?? {}) as SeatView['metadata'],
    claimedAt: immediateClaim ? now : null,
    revokedAt: null,
    ...invitation,
    member,
    customer: null,
  };
  const event = immediateClaim ? 'customer_seat.claimed' : 'customer_seat.assigned';
  return { seat, isReassigned: former !== undefined, event };
}

/** Adds what an assignment writes to the changes. */
export function collect(
  changes: SeatChanges,
  decision: AssignmentDecision,
  by: RecordedActor,
): void {
  const { pool, seat, isReassigned, event, newCustomer, newMember, linkedMember } = decision;
  if (newCustomer !== undefined) {
    const { organizationId } = pool;
    const { id, email } = newCustomer;
    changes.customers.push({ organizationId, id, email: email ?? '', createdAt: seat.createdAt });
  }
  if (newMember !== undefined) changes.members.push(newMember);
  if (linkedMember !== undefined) {
    // A statement cannot update a row that it inserts.
    const made = changes.members.findIndex(({ id }) => id === linkedMember.id);
    if (made === -1) changes.linkedMembers.push(linkedMember);
    else changes.members[made] = linkedMember;
  }
  (isReassigned ? changes.changedSeats : changes.newSeats).push(seat);
  changes.events.push({ type: event, seat, by });
}
