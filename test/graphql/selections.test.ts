import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../support/invitations.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

// A mutation has done its work when its selection is resolved, so no selection may fail.

let usher: TestUsher;
let world: World;
beforeAll(async () => {
  usher = await startUsher();
  world = await usher.addWorld({ seats: 100 });
});
afterAll(() => usher.close());

const SEAT = [
  '__typename',
  'id status customerEmail',
  'member { id customer { id } seats { totalCount nodes { id } } }',
  'subscription { availableSeats product { name } customer { id } seats { nodes { id member { id } } } } order { id }',
];

/** Selections of a mutation's result that reach less and less, and more and more, into the seat. */
function selections(success: string): string[] {
  return [
    '__typename',
    `... on ${success} { __typename }`,
    '... on SeatError { code }',
    ...SEAT.map(seat => `__typename ... on ${success} { seat { ${seat} } }`),
  ];
}

let people = 0;
async function assign(): Promise<string> {
  people += 1;
  const { body } = await usher.rest('POST', '/v1/customer-seats', {
    token: world.tokens.organization,
    body: { subscription_id: world.ids.subscription, email: `person-${people}@globex.example` },
  });
  return body.id;
}

async function mutate(text: string) {
  const answer = await usher.graphql<Record<string, unknown>, object>(
    `mutation { ${text} }`,
    {},
    world.tokens.organization,
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.status).toBe(200);
  return answer.data;
}

describe('every selection is answered', () => {
  test.each(selections('AssignSeatSuccess'))('assignSeat { %s }', async selection => {
    people += 1;
    const source = `{ subscriptionId: "${world.ids.subscription}" }`;
    const recipient = `{ email: "person-${people}@globex.example" }`;
    await mutate(
      `assignSeat(input: { source: ${source}, recipient: ${recipient} }) { ${selection} }`,
    );
  });

  test.each(selections('ResendSeatInvitationSuccess'))(
    'resendSeatInvitation { %s }',
    async selection => {
      await mutate(`resendSeatInvitation(input: { seatId: "${await assign()}" }) { ${selection} }`);
    },
  );

  test.each(selections('ClaimSeatSuccess'))('claimSeat { %s }', async selection => {
    const token = await tokenOf(usher, await assign());
    await mutate(`claimSeat(input: { invitationToken: "${token}" }) { ${selection} }`);
  });

  test.each(selections('RevokeSeatSuccess'))('revokeSeat { %s }', async selection => {
    await mutate(`revokeSeat(input: { seatId: "${await assign()}" }) { ${selection} }`);
  });

  test.each([
    '__typename',
    '... on CreateCustomerSessionSuccess { customer { id } member { id customer { id } } }',
  ])('createCustomerSession { %s }', async selection => {
    const customer = `{ customerId: "${world.ids.customer}" }`;
    await mutate(`createCustomerSession(input: { customer: ${customer} }) { ${selection} }`);
  });
});

test('the former holder of a seat comes with their customer', async () => {
  const selection = '... on RevokeSeatSuccess { seat { member { customer { id } } } }';
  const data = await mutate(`revokeSeat(input: { seatId: "${await assign()}" }) { ${selection} }`);
  expect(data).toEqual({
    revokeSeat: { seat: { member: { customer: { id: world.ids.customer } } } },
  });
});
