import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { AssignSeatDocument, type AssignSeatInput } from '../support/operations/graphql.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 50 });
});
afterAll(() => usher.close());

async function assign(
  recipient: AssignSeatInput['recipient'],
  rest: Partial<AssignSeatInput> = {},
  token: string | undefined = fixture.tokens.organization,
) {
  const source = { subscriptionId: fixture.ids.subscription };
  return await usher.graphql(AssignSeatDocument, { input: { source, recipient, ...rest } }, token);
}

test('every kind of actor assigns with the same mutation', async () => {
  const { organization, personal, customer, owner, manager } = fixture.tokens;
  for (const [i, token] of [organization, personal, customer, owner, manager].entries()) {
    const { status, data } = await assign({ email: `actor${i}@globex.example` }, {}, token);
    expect(status).toBe(200);
    expect(data?.assignSeat).toMatchObject({
      __typename: 'AssignSeatSuccess',
      seat: {
        status: 'PENDING',
        email: `actor${i}@globex.example`,
        subscriptionId: fixture.ids.subscription,
        member: { email: `actor${i}@globex.example` },
      },
    });
  }
});

test('metadata and an immediate claim arrive', async () => {
  const { data } = await assign(
    { email: 'meta@globex.example' },
    { metadata: { team: { name: 'Ω' } }, immediateClaim: true },
  );
  expect(data?.assignSeat).toMatchObject({
    seat: { status: 'CLAIMED', metadata: { team: { name: 'Ω' } }, invitationTokenExpiresAt: null },
  });
});

describe('what REST answers with 400, 403, 404 or 422 is a member of the union', () => {
  test.each<[string, AssignSeatInput['recipient'], Partial<AssignSeatInput>, string, string]>([
    ['member', { memberId: randomUUID() }, {}, 'MemberNotFoundError', 'MEMBER_NOT_FOUND'],
    [
      'external member',
      { externalMember: { externalId: 'usr_jane', email: 'x@y.com' } },
      {},
      'MemberEmailMismatchError',
      'MEMBER_EMAIL_MISMATCH',
    ],
    [
      'customer',
      { customerId: randomUUID() },
      {},
      'InvalidSeatAssignmentRequestError',
      'INVALID_SEAT_ASSIGNMENT_REQUEST',
    ],
    [
      'source',
      { email: 'a@b.com' },
      { source: { orderId: randomUUID() } },
      'ResourceNotFoundError',
      'RESOURCE_NOT_FOUND',
    ],
    [
      'metadata of eleven keys',
      { email: 'a@b.com' },
      { metadata: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [i, i])) },
      'InvalidInputError',
      'INVALID_INPUT',
    ],
    [
      'an address that the scalar takes and the domain does not',
      { email: 'a@localhost' },
      {},
      'InvalidInputError',
      'INVALID_INPUT',
    ],
  ])('%s', async (_name, recipient, rest, __typename, code) => {
    const { status, data, errors } = await assign(recipient, rest);
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data?.assignSeat).toMatchObject({ __typename, code, message: expect.any(String) });
  });

  test('a seat twice', async () => {
    await assign({ email: 'twice@globex.example' });
    const { data } = await assign({ email: 'TWICE@globex.example' });
    expect(data?.assignSeat).toMatchObject({
      __typename: 'SeatAlreadyAssignedError',
      message: 'Seat already assigned to customer twice@globex.example',
    });
  });

  test('a role or a scope that is too small', async () => {
    for (const token of [fixture.tokens.member, fixture.tokens.reader, fixture.tokens.scopeless]) {
      const { status, data } = await assign({ email: 'no@globex.example' }, {}, token);
      expect(status).toBe(200);
      expect(data?.assignSeat).toMatchObject({
        __typename: 'NotPermittedError',
        code: 'NOT_PERMITTED',
      });
    }
  });

  test('the flag is off, the pool is full', async () => {
    const off = await usher.addFixture({ seatBasedPricingEnabled: false });
    const full = await usher.addFixture({ seats: 0 });
    for (const [other, type] of [
      [off, 'FeatureNotEnabledError'],
      [full, 'SeatNotAvailableError'],
    ] as const) {
      const { data } = await assign(
        { email: 'sam@globex.example' },
        { source: { subscriptionId: other.ids.subscription } },
        other.tokens.organization,
      );
      expect(data?.assignSeat?.__typename).toBe(type);
    }
  });

  test('invalid input names the field', async () => {
    const { data } = await assign({ externalMember: { externalId: 'x\0y' } });
    expect(data?.assignSeat).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['recipient', 'externalMember', 'externalId'] }],
    });
  });
});

describe('what is no outcome of a mutation is a top-level error', () => {
  test('no token: 401', async () => {
    const { status, headers, data, errors } = await usher.graphql(AssignSeatDocument, {
      input: {
        source: { subscriptionId: fixture.ids.subscription },
        recipient: { email: 'a@b.com' },
      },
    });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="usher"');
    expect(data).toEqual({ assignSeat: null });
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });

  test('a bad token: 401, whatever is asked', async () => {
    for (const token of [
      'usher_oat_unknown',
      fixture.tokens.expired,
      fixture.tokens.expiredSession,
    ]) {
      const { status, data, errors } = await usher.graphql('{ __typename }', undefined, token);
      expect(status).toBe(401);
      expect(data).toBeUndefined();
      expect(errors?.[0]?.extensions?.code).toBe('INVALID_TOKEN');
    }
  });

  test('what a scalar refuses is a request error', async () => {
    const refused = { memberId: {} } as unknown as AssignSeatInput['recipient'];
    const { status, data, errors } = await assign(refused);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors?.[0]?.message).toMatch('Variable "$input" got invalid value');
  });

  test('a malformed address is an outcome with the path of its field', async () => {
    for (const email of ['not an address', '@', 'a@b', 'a@xn--0.com']) {
      const { data, errors } = await assign({ email });
      expect(errors).toBeUndefined();
      expect(data?.assignSeat).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [{ path: ['recipient', 'email'] }],
      });
    }
  });

  test('exactly one source and one recipient', async () => {
    const { errors } = await assign({ email: 'a@b.com', memberId: fixture.ids.member } as never);
    expect(errors?.[0]?.message).toMatch(/exactly one key/i);
  });

  test.each([
    ['a body past 256 KiB without a token', 413, 262_144, 0, undefined],
    ['a body past 2 MiB', 413, 0, 2_097_152, 'organization'],
    // A request error, which is 200 for the clients who accept plain JSON.
    ['a document past 256 KiB', 200, 262_144, 0, 'organization'],
  ] as const)('%s: %s', async (_, expected, document, variables, who) => {
    const { status, errors } = await usher.graphql(
      `{ __typename } #${'x'.repeat(document)}`,
      { text: 'x'.repeat(variables) },
      who && fixture.tokens[who],
    );
    expect(errors?.[0]?.extensions?.code).toBe('PAYLOAD_TOO_LARGE');
    expect(status).toBe(expected);
  });

  test('variables of almost 2 MiB are read with a token', async () => {
    const variables = { text: 'x'.repeat(2_090_000) };
    const answer = await usher.graphql('{ __typename }', variables, fixture.tokens.organization);
    expect(answer.data).toEqual({ __typename: 'Query' });
  });
});

test('one mutation that is refused does not undo its sibling', async () => {
  const { data } = await usher.graphql<Record<string, { __typename: string }>, object>(
    `mutation ($a: AssignSeatInput!, $b: AssignSeatInput!) {
      a: assignSeat(input: $a) { __typename }
      b: assignSeat(input: $b) { __typename }
    }`,
    {
      a: {
        source: { subscriptionId: fixture.ids.subscription },
        recipient: { email: 's1@globex.example' },
      },
      b: { source: { orderId: randomUUID() }, recipient: { email: 's2@globex.example' } },
    },
    fixture.tokens.organization,
  );
  expect(data).toEqual({
    a: { __typename: 'AssignSeatSuccess' },
    b: { __typename: 'ResourceNotFoundError' },
  });
});
