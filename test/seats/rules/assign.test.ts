import { describe, expect, test } from 'vitest';
import type { KnownActor } from '../../../src/auth/access.ts';
import type { AssignSeatInput } from '../../../src/seats/inputs.ts';
import { decideAssignment, decideAssignments } from '../../../src/seats/rules/assign.ts';
import type { AssignmentFacts } from '../../../src/seats/rules/assignment.ts';
import {
  aMember,
  aPool,
  BY_TOKEN,
  byEmail,
  context,
  customerSession,
  facts,
  input,
  NOW,
  organizationToken,
} from './facts.ts';

type Recipient = AssignSeatInput['recipient'];

function decide(
  recipient: Recipient,
  known: Partial<AssignmentFacts> = {},
  actor: KnownActor = organizationToken,
) {
  return decideAssignment({ actor, input: input(recipient) }, facts(known), context());
}

/** The name and message of what a decision throws, or `assigned`. */
function answer(
  recipient: Recipient,
  known: Partial<AssignmentFacts> = {},
  actor: KnownActor = organizationToken,
): string {
  try {
    decide(recipient, known, actor);
    return 'assigned';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

const WITHOUT_MEMBERS = { pool: aPool({}, { memberModelEnabled: false }) };
const initech = { id: 'initech', email: 'info@initech.example' };

describe('a pool', () => {
  test.each([
    [
      'of another customer, for a session',
      { pool: aPool({ customerId: 'initech' }) },
      customerSession,
      'ResourceNotFound: Subscription not found',
    ],
    [
      'of another organization',
      { pool: aPool({ organizationId: 'other' }) },
      organizationToken,
      'ResourceNotFound: Subscription not found',
    ],
    [
      'that does not exist',
      { pool: null },
      organizationToken,
      'ResourceNotFound: Subscription not found',
    ],
    [
      'without a product',
      { pool: aPool({ productId: null }) },
      organizationToken,
      'SeatNotAvailable: Container has no associated product',
    ],
    [
      'of an organization that does not sell by the seat',
      { pool: aPool({}, { seatBasedPricingEnabled: false }) },
      organizationToken,
      /^FeatureNotEnabled/,
    ],
    [
      'of a deleted organization',
      { pool: aPool({}, { deletedAt: NOW }) },
      organizationToken,
      /^FeatureNotEnabled/,
    ],
    [
      'that has ended',
      { pool: aPool({ status: 'canceled' }) },
      organizationToken,
      'SeatNotAvailable: Subscription is canceled and takes no new seats',
    ],
    [
      'that is full',
      { pool: aPool({ seatsUsed: 5 }) },
      organizationToken,
      'SeatNotAvailable: No available seats for pool',
    ],
    [
      'that is not sold by the seat',
      { pool: aPool({ seats: null, seatsUsed: 0 }) },
      organizationToken,
      'SeatNotAvailable: No available seats for pool',
    ],
    ['with its last seat free', { pool: aPool({ seatsUsed: 4 }) }, organizationToken, 'assigned'],
    ['that is past due', { pool: aPool({ status: 'past_due' }) }, organizationToken, 'assigned'],
  ] as const)('%s', (_, known, actor, expected) => {
    expect(answer(byEmail, known, actor)).toMatch(expected);
  });

  test('is not found by its checkout in the words of the caller’s side', () => {
    const checkout = {
      actor: organizationToken,
      input: input(byEmail, { source: { kind: 'checkout', id: 'c' } }),
    };
    const decideOn = (actor: KnownActor) => () =>
      decideAssignment({ ...checkout, actor }, facts({ pool: null }), context());
    expect(decideOn(organizationToken)).toThrow('Checkout not found');
    expect(decideOn(customerSession)).toThrow('No subscription or order found for this checkout');
  });
});

describe('with the member model', () => {
  test('an unknown address makes a member of the billing customer', () => {
    const { seat, newMember, event } = decide({ kind: 'email', email: ' Sam@globex.example ' });
    expect(newMember).toMatchObject({
      id: 'new-1',
      customerId: 'globex',
      email: 'Sam@globex.example',
      role: 'member',
    });
    expect(seat).toMatchObject({
      id: 'new-2',
      memberId: 'new-1',
      customerId: 'globex',
      email: 'Sam@globex.example',
      status: 'pending',
      claimedAt: null,
      createdAt: NOW,
      modifiedAt: null,
    });
    expect(seat.invitationTokenExpiresAt).toEqual(new Date('2026-03-02T12:00:00Z'));
    expect(event).toBe('customer_seat.assigned');
  });

  test('a known address is its member', () => {
    const { seat, newMember } = decide(byEmail, { addressee: aMember() });
    expect(newMember).toBeUndefined();
    expect(seat).toMatchObject({ memberId: 'mia', email: 'mia@globex.example' });
  });

  test('an external id that nobody has goes to the member with the address, or to a new one', () => {
    const recipient = {
      kind: 'externalMember',
      externalMemberId: 'usr_new',
      email: 'sam@globex.example',
    } as const;
    const { linkedMember } = decide(recipient, { addressee: aMember({ externalId: null }) });
    expect(linkedMember).toMatchObject({ id: 'mia', externalId: 'usr_new', modifiedAt: NOW });
    const { newMember, seat } = decide(recipient);
    expect(newMember).toMatchObject({ externalId: 'usr_new', email: 'sam@globex.example' });
    expect(seat.memberId).toBe(newMember?.id);
  });

  const UNUSABLE =
    'InvalidSeatAssignmentRequest: At least one of email, external_member_id, or member_id must be provided when member_model_enabled is true.';
  test.each<[string, Recipient, Partial<AssignmentFacts>, string]>([
    ['a member by id', { kind: 'member', memberId: 'mia' }, { namedMember: aMember() }, 'assigned'],
    [
      'nobody by id',
      { kind: 'member', memberId: 'tom' },
      {},
      'MemberNotFound: Member not found: tom',
    ],
    [
      'a member by external id',
      { kind: 'externalMember', externalMemberId: 'usr_mia' },
      { namedMember: aMember() },
      'assigned',
    ],
    [
      'a member by external id and address',
      { kind: 'externalMember', externalMemberId: 'usr_mia', email: 'MIA@globex.example' },
      { namedMember: aMember() },
      'assigned',
    ],
    [
      'a member by external id and another address',
      { kind: 'externalMember', externalMemberId: 'usr_mia', email: 'sam@globex.example' },
      { namedMember: aMember() },
      /^MemberEmailMismatch/.source,
    ],
    [
      'nobody by external id',
      { kind: 'externalMember', externalMemberId: 'usr_tom' },
      {},
      'MemberNotFound: Member not found: usr_tom',
    ],
    [
      'a new external id for a member who has another',
      { kind: 'externalMember', externalMemberId: 'usr_new', email: 'mia@globex.example' },
      { addressee: aMember() },
      /^MemberEmailMismatch/.source,
    ],
    ['a customer', { kind: 'customer', customerId: 'initech' }, { customer: initech }, 'assigned'],
    [
      'an unknown customer',
      { kind: 'customer', customerId: 'nobody' },
      {},
      'InvalidSeatAssignmentRequest: Customer not found for the provided customer_id or external_customer_id.',
    ],
    [
      'a customer without an address',
      { kind: 'customer', customerId: 'initech' },
      { customer: { ...initech, email: null } },
      UNUSABLE,
    ],
    [
      'an empty external customer id',
      { kind: 'externalCustomer', externalCustomerId: '' },
      {},
      UNUSABLE,
    ],
    [
      'somebody who has a seat',
      byEmail,
      { addressee: aMember(), seatId: 'seat' },
      'SeatAlreadyAssigned: Seat already assigned to customer mia@globex.example',
    ],
    [
      'somebody of the billing customer, who has other seats',
      byEmail,
      { customerSeatId: 'seat' },
      'assigned',
    ],
  ])('%s', (_, recipient, known, expected) => {
    expect(answer(recipient, known)).toMatch(
      expected.startsWith('^') ? new RegExp(expected) : expected,
    );
  });
});

describe('without the member model', () => {
  test('an unknown address makes a customer, and a member of the billing customer', () => {
    const { seat, newCustomer, newMember } = decide(byEmail, WITHOUT_MEMBERS);
    expect(newCustomer).toEqual({ id: 'new-1', email: 'sam@globex.example' });
    expect(newMember).toMatchObject({ customerId: 'globex', email: 'sam@globex.example' });
    expect(seat).toMatchObject({ customerId: 'new-1', memberId: newMember?.id });
  });

  test('a customer without an address holds the seat by itself', () => {
    const customer = { id: 'initech', email: null };
    const recipient = { kind: 'customer', customerId: 'initech' } as const;
    const { seat, newMember } = decide(recipient, { ...WITHOUT_MEMBERS, customer });
    expect(newMember).toBeUndefined();
    expect(seat).toMatchObject({ customerId: 'initech', memberId: null, email: null });
  });

  test('a blocked organization has no member model', () => {
    const pool = aPool({}, { status: 'blocked' });
    expect(answer({ kind: 'member', memberId: 'mia' }, { pool })).toMatch(
      /^InvalidSeatAssignmentRequest/,
    );
  });

  const MEMBERS_UNSUPPORTED =
    'InvalidSeatAssignmentRequest: external_member_id and member_id are only supported when member_model_enabled is true.';
  test.each<[string, Recipient, Partial<AssignmentFacts>, string]>([
    [
      'a customer by id',
      { kind: 'customer', customerId: 'initech' },
      { customer: initech },
      'assigned',
    ],
    ['a customer by address', byEmail, { customer: initech }, 'assigned'],
    [
      'an unknown customer',
      { kind: 'customer', customerId: 'nobody' },
      {},
      'CustomerNotFound: Customer not found: nobody',
    ],
    [
      'an empty external customer id',
      { kind: 'externalCustomer', externalCustomerId: '' },
      { customer: initech },
      'CustomerNotFound: Customer not found: None',
    ],
    [
      'a member',
      { kind: 'member', memberId: 'mia' },
      { namedMember: aMember() },
      MEMBERS_UNSUPPORTED,
    ],
    [
      'a member by external id',
      { kind: 'externalMember', externalMemberId: 'usr_mia' },
      { namedMember: aMember() },
      MEMBERS_UNSUPPORTED,
    ],
    [
      'an empty external id beside an address',
      { kind: 'externalMember', externalMemberId: '', email: 'a@b.co' },
      {},
      'assigned',
    ],
    [
      'an empty external id alone',
      { kind: 'externalMember', externalMemberId: '' },
      {},
      'InvalidSeatAssignmentRequest: Exactly one of email, external_customer_id, or customer_id must be provided',
    ],
    [
      'a customer who has a seat',
      { kind: 'customer', customerId: 'initech' },
      { customer: initech, customerSeatId: 'seat' },
      'SeatAlreadyAssigned: Seat already assigned to customer initech',
    ],
    [
      'a customer whose member has a seat',
      { kind: 'customer', customerId: 'initech' },
      { customer: initech, addressee: aMember(), seatId: 'seat' },
      'SeatAlreadyAssigned: Seat already assigned to customer initech',
    ],
  ])('%s', (_, recipient, known, expected) => {
    expect(answer(recipient, { ...WITHOUT_MEMBERS, ...known })).toBe(expected);
  });
});

describe('a session (decision 18)', () => {
  test.each([
    ['names its own customer', 'globex', 'assigned'],
    ['does not know any other', 'initech', /^InvalidSeatAssignmentRequest: Customer not found/],
  ] as const)('%s', (_, id, expected) => {
    const customer = { id, email: `info@${id}.example` };
    expect(answer({ kind: 'customer', customerId: id }, { customer }, customerSession)).toMatch(
      expected,
    );
    const recipient = { kind: 'externalCustomer', externalCustomerId: id } as const;
    expect(answer(recipient, { customer }, customerSession)).toMatch(expected);
  });
});

test('the oldest revoked seat is given again before a new one is made', () => {
  const createdAt = new Date('2026-01-01T00:00:00Z');
  const revokedSeats = [
    { id: 'oldest', createdAt },
    { id: 'newer', createdAt: NOW },
  ];
  const { seat, isReassigned } = decide(byEmail, { revokedSeats });
  expect(isReassigned).toBe(true);
  expect(seat).toMatchObject({ id: 'oldest', createdAt, modifiedAt: NOW, revokedAt: null });
});

test('an immediate claim needs no invitation', () => {
  const request = { actor: organizationToken, input: input(byEmail, { immediateClaim: true }) };
  const { seat, event } = decideAssignment(request, facts(), context());
  expect(event).toBe('customer_seat.claimed');
  expect(seat).toMatchObject({
    status: 'claimed',
    claimedAt: NOW,
    invitationTokenHash: null,
    invitationTokenExpiresAt: null,
  });
});

test('metadata has the order in which the database keeps it', () => {
  const metadata = { bb: 1, a: { dd: 1, c: 2 }, '10': 3 };
  const request = { actor: organizationToken, input: input(byEmail, { metadata }) };
  const { seat } = decideAssignment(request, facts(), context());
  expect(JSON.stringify(seat.metadata)).toBe('{"10":3,"a":{"c":2,"dd":1},"bb":1}');
});

describe('several requests', () => {
  const email = (name: string) => ({ kind: 'email', email: `${name}@globex.example` }) as const;
  function decideAll(requests: readonly (readonly [Recipient, Partial<AssignmentFacts>])[]) {
    const { outcomes, changes } = decideAssignments(
      requests.map(([recipient, known]) => ({
        request: { actor: organizationToken, by: BY_TOKEN, input: input(recipient) },
        facts: facts(known),
      })),
      context(),
    );
    const words = outcomes.map(outcome =>
      outcome.kind === 'refused' ? outcome.error.name : outcome.kind,
    );
    return { words, outcomes, changes };
  }

  test('never take more than the pool has', () => {
    const pool = aPool({ seatsUsed: 3 });
    const of = (name: string) =>
      [email(name), { pool, address: `${name}@globex.example` }] as const;
    const { words, changes } = decideAll([of('a'), of('b'), of('c')]);
    expect(words).toEqual(['assigned', 'assigned', 'SeatNotAvailable']);
    expect(changes.newSeats).toHaveLength(2);
    expect(changes.events).toHaveLength(2);
  });

  test('never give one person two seats, and make them once', () => {
    const address = 'sam@globex.example';
    const { words, changes } = decideAll([
      [email('sam'), { address }],
      [email('SAM'), { address }],
      [{ kind: 'externalMember', externalMemberId: 'usr_sam', email: address }, { address }],
    ]);
    expect(words).toEqual(['assigned', 'SeatAlreadyAssigned', 'SeatAlreadyAssigned']);
    expect(changes.members).toHaveLength(1);
  });

  test('know a person by id and by address', () => {
    const { words } = decideAll([
      [{ kind: 'member', memberId: 'mia' }, { namedMember: aMember() }],
      [email('mia'), { addressee: aMember(), address: 'mia@globex.example' }],
    ]);
    expect(words).toEqual(['assigned', 'SeatAlreadyAssigned']);
  });

  test('give one external id to one person', () => {
    const linked = (name: string) =>
      ({
        kind: 'externalMember',
        externalMemberId: 'usr_new',
        email: `${name}@globex.example`,
      }) as const;
    const { words } = decideAll([
      [linked('a'), { address: 'a@globex.example' }],
      [linked('b'), { address: 'b@globex.example' }],
    ]);
    expect(words).toEqual(['assigned', 'MemberEmailMismatch']);
  });

  test('keep the external id of somebody whom an earlier request makes', () => {
    const address = 'sam@globex.example';
    const order = aPool({ kind: 'order', id: 'order' });
    const linked = { kind: 'externalMember', externalMemberId: 'usr_sam', email: address } as const;
    const { words, changes } = decideAll([
      [email('sam'), { address }],
      [linked, { address, pool: order }],
    ]);
    expect(words).toEqual(['assigned', 'assigned']);
    expect(changes.members).toMatchObject([{ externalId: 'usr_sam' }]);
    expect(changes.linkedMembers).toEqual([]);
  });

  test('give each revoked seat once, the oldest first, and skip refused requests', () => {
    const revokedSeats = ['one', 'two'].map(id => ({ id, createdAt: NOW }));
    const { words, outcomes } = decideAll([
      [email('a'), { address: 'a', revokedSeats }],
      [{ kind: 'member', memberId: 'nobody' }, {}],
      [email('b'), { address: 'b' }],
      [email('c'), { address: 'c' }],
    ]);
    expect(words).toEqual(['assigned', 'MemberNotFound', 'assigned', 'assigned']);
    const ids = outcomes.flatMap(outcome => (outcome.kind === 'assigned' ? [outcome.seat.id] : []));
    expect(ids.slice(0, 2)).toEqual(['one', 'two']);
    expect(ids[2]).toMatch(/^new-/);
  });

  test('make one customer for one address without the member model', () => {
    const known = { ...WITHOUT_MEMBERS, address: 'sam@globex.example' };
    const { words, changes } = decideAll([
      [email('sam'), known],
      [email('sam'), known],
    ]);
    expect(words).toEqual(['assigned', 'SeatAlreadyAssigned']);
    expect(changes.customers).toHaveLength(1);
  });
});
