import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashToken } from '../src/auth/token.ts';
import { createRetentionJob } from '../src/events/retention.ts';
import { lock } from '../src/idempotency/keyed-sql.ts';
import { ask } from './support/ask.ts';
import { addEndpoint } from './support/deliveries.ts';
import type { Fixture } from './support/fixture.ts';
import { checkPool } from './support/invariants.ts';
import { untilWaiting } from './support/locks.ts';
import { range } from './support/parallel.ts';
import { runProgram } from './support/program.ts';
import { givenSeat, historyOf } from './support/seats.ts';
import { type SecondServer, startSecond } from './support/second-server.ts';
import { SECRET_KEY, startUsher, type TestUsher } from './support/usher.ts';
import { addDelivery } from './support/webhooks.ts';

// A request with an idempotency key is carried out once, whoever sends it again and wherever.

let usher: TestUsher;
let second: SecondServer;
beforeAll(async () => {
  usher = await startUsher({ resendLimits: { intervalMs: 0, perHour: 0 } });
  second = await startSecond(usher);
});
afterAll(async () => {
  await second.close();
  await usher.close();
});

const newFixture = () => usher.addFixture({ seats: 30 });
const samOf = ({ ids }: Fixture, email = 'sam@globex.example') => ({
  subscription_id: ids.subscription,
  email,
});

interface Options {
  url?: string;
  path?: string;
  method?: string;
  token?: string;
}

/** A REST request with a key. */
async function send(
  fixture: Fixture,
  key: string,
  body: object | undefined,
  options: Options = {},
) {
  const { url = usher.url, path = '/v1/customer-seats', method = 'POST' } = options;
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? fixture.tokens.organization}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    isReplay: response.headers.get('idempotency-replayed') === 'true',
    // biome-ignore lint/suspicious/noExplicitAny: the answer of a wire under test.
    body: (await response.json()) as any,
  };
}

const eventCount = ({ ids }: Fixture) =>
  usher.db.outboxEvent.count({ where: { organizationId: ids.organization } });

/** Mutations by their input, each with the parts of the answer that a test compares. */
const MUTATIONS = {
  assignSeat: '... on AssignSeatSuccess { seat { id status email } }',
  revokeSeat: '... on RevokeSeatSuccess { seat { id status email } formerHolder { email } }',
  resendSeatInvitation:
    '... on ResendSeatInvitationSuccess { seat { id invitationTokenExpiresAt } }',
  transferSeat: '... on TransferSeatSuccess { isReplay seat { id email } formerHolder { email } }',
  updateSeat: '... on UpdateSeatSuccess { seat { id metadata } }',
  assignSeats: `... on AssignSeatsSuccess { isReplay isCommitted assignedCount refusedCount pool { availableSeats }
    results { __typename ... on AssignSeatSuccess { seat { id } } ... on UserError { message }
      ... on SeatAlreadyAssignedError { holder existingSeat { id } } ... on InvalidInputError { issues { path code } } } }`,
  revokeSeats: `... on RevokeSeatsSuccess { isReplay revokedCount pools { id } results { __typename ... on UserError { message }
    ... on RevokeSeatSuccess { seat { id status } formerHolder { email } } } }`,
} as const;

async function mutate(
  fixture: Fixture,
  name: keyof typeof MUTATIONS,
  input: object,
  token = fixture.tokens.organization,
): Promise<Record<string, unknown>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const text = `mutation Run($input: ${type}!) { result: ${name}(input: $input) { __typename ${MUTATIONS[name]} ... on UserError { code } } }`;
  const { result } = await ask<{ result: Record<string, unknown> }>(usher, text, token, { input });
  return result;
}

describe('by REST', () => {
  test('the same key and input: one seat, and the same answer', async () => {
    const fixture = await newFixture();
    const key = randomUUID();
    const first = await send(fixture, key, samOf(fixture));
    const again = await send(fixture, key, samOf(fixture), { url: second.url });
    expect([first.status, first.isReplay]).toEqual([200, false]);
    expect(again).toEqual({ ...first, isReplay: true });
    expect(await eventCount(fixture)).toBe(1);
  });

  test('20 concurrent requests with one key at two servers: one seat', async () => {
    const fixture = await newFixture();
    const key = randomUUID();
    const answers = await Promise.all(
      range(20).map(i =>
        send(fixture, key, samOf(fixture), { url: i % 2 ? usher.url : second.url }),
      ),
    );
    const done = answers.filter(({ status }) => status === 200);
    expect(done.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
    for (const { status, body } of answers) {
      if (status !== 200) expect([status, body.error]).toEqual([409, 'IdempotencyInProgress']);
    }
    expect(await eventCount(fixture)).toBe(1);
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });

  test('a first request that takes too long: the second says that it is in progress', async () => {
    const fixture = await newFixture();
    const { organization: organizationId } = fixture.ids;
    const { id: callerId } = await usher.db.accessToken.findFirstOrThrow({
      where: { organizationId, tokenHash: new Uint8Array(hashToken(fixture.tokens.organization)) },
    });
    const key = randomUUID();
    const { statement, values } = lock({
      scopeId: organizationId,
      callerId,
      operation: 'rest assign',
      key,
      inputHash: Buffer.alloc(32),
    });
    const { status, body } = await usher.db.$transaction(
      async tx => {
        await tx.$executeRawUnsafe(statement.text, ...values);
        return await send(fixture, key, samOf(fixture));
      },
      { timeout: 30_000 },
    );
    expect([status, body.error]).toEqual([409, 'IdempotencyInProgress']);
    expect((await send(fixture, key, samOf(fixture))).isReplay).toBe(false);
  });

  test('a batch of assignments, and one of revocations', async () => {
    const fixture = await newFixture();
    const key = randomUUID();
    const seats = [
      { email: 'sam@globex.example' },
      { email: 'no address' },
      { member_id: randomUUID() },
    ];
    const body = { subscription_id: fixture.ids.subscription, mode: 'best_effort', seats };
    const assign = () => send(fixture, key, body, { path: '/v1/customer-seats/batch' });
    const first = await assign();
    expect(first.body).toMatchObject({ assigned_count: 1, refused_count: 2 });
    expect(await assign()).toEqual({ ...first, isReplay: true });
    const ids = { seat_ids: [first.body.results[0].seat.id, 'x'], mode: 'best_effort' };
    const revoke = () => send(fixture, key, ids, { path: '/v1/customer-seats/revoke-batch' });
    const revoked = await revoke();
    expect(revoked.body).toMatchObject({ revoked_count: 1, refused_count: 1 });
    const again = await revoke();
    expect(again).toMatchObject({ isReplay: true, body: { revoked_count: 1, refused_count: 1 } });
    expect(await eventCount(fixture)).toBe(2);
  });

  test('another input: 422, and nothing is changed', async () => {
    const fixture = await newFixture();
    const key = randomUUID();
    await send(fixture, key, samOf(fixture));
    const other = await send(fixture, key, samOf(fixture, 'kim@globex.example'));
    expect([other.status, other.body.error]).toEqual([422, 'IdempotencyKeyReused']);
    expect(await eventCount(fixture)).toBe(1);
  });

  test('a refusal is the outcome too', async () => {
    const fixture = await usher.addFixture({ seats: 1 });
    const { id } = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const key = randomUUID();
    const refused = await send(fixture, key, samOf(fixture));
    expect([refused.status, refused.body.error]).toEqual([400, 'SeatNotAvailable']);
    const { organization: token } = fixture.tokens;
    await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
    expect((await send(fixture, key, samOf(fixture))).body).toEqual(refused.body);
    expect((await send(fixture, randomUUID(), samOf(fixture))).status).toBe(200);
  });

  test('each verb, caller and API has keys of its own', async () => {
    const fixture = await newFixture();
    const key = randomUUID();
    const { body: seat } = await send(fixture, key, samOf(fixture));
    const path = `/v1/customer-seats/${seat.id}`;
    const resent = await send(fixture, key, undefined, { path: `${path}/resend` });
    expect([resent.status, resent.isReplay]).toEqual([200, false]);
    const revoked = await send(fixture, key, undefined, { path, method: 'DELETE' });
    expect([revoked.body.status, revoked.isReplay]).toEqual(['revoked', false]);
    const portal = { path: '/v1/customer-portal/seats', token: fixture.tokens.manager };
    expect((await send(fixture, key, samOf(fixture), portal)).isReplay).toBe(false);
    const other = await usher.addFixture();
    expect((await send(other, key, samOf(other))).isReplay).toBe(false);
    const input = { source: { orderId: fixture.ids.order }, recipient: { email: 'a@b.example' } };
    expect(await mutate(fixture, 'assignSeat', { ...input, idempotencyKey: key })).toMatchObject({
      __typename: 'AssignSeatSuccess',
    });
    expect(await historyOf(usher, seat.id)).toEqual([
      'assigned',
      'invitation_resent',
      'revoked',
      'assigned',
    ]);
  });

  test('a seat is answered as it is now', async () => {
    const fixture = await newFixture();
    const key = randomUUID();
    const { body: seat } = await send(fixture, key, samOf(fixture));
    const { organization: token } = fixture.tokens;
    await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
    const again = await send(fixture, key, samOf(fixture));
    expect(again).toMatchObject({ isReplay: true, body: { id: seat.id, status: 'revoked' } });
  });

  test.each(['', ' ', 'a b', 'x'.repeat(256)])('a malformed key: %j', async key => {
    const fixture = await newFixture();
    const { status, body } = await send(fixture, key, samOf(fixture));
    expect([status, body.error]).toEqual([400, 'BadRequest']);
    expect(await eventCount(fixture)).toBe(0);
  });
});

test('a process that is killed between the commit and the answer: another one answers', async () => {
  const fixture = await newFixture();
  const key = randomUUID();
  const program = runProgram('main', [], {
    DATABASE_URL: usher.databaseUrl,
    SECRET_KEY,
    WORKER: 'false',
    HOME: tmpdir(),
  });
  // Has the commit of an event wait for an advisory lock.
  await usher.db.$executeRaw`
    CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END'`;
  await usher.db.$executeRaw`
    CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON outbox_events DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait_at_commit()`;
  try {
    const url = await program.up();
    const lost = await usher.db.$transaction(
      async tx => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(4711)`;
        const asked = send(fixture, key, samOf(fixture), { url }).catch(() => 'no answer');
        await untilWaiting(usher);
        await program.stop('SIGKILL');
        return await asked;
      },
      { timeout: 30_000 },
    );
    expect(lost).toBe('no answer');
    await expect.poll(() => eventCount(fixture)).toBe(1);
    const again = await send(fixture, key, samOf(fixture));
    expect([again.status, again.isReplay]).toEqual([200, true]);
    expect(await eventCount(fixture)).toBe(1);
  } finally {
    await program.stop('SIGKILL');
    await usher.db.$executeRaw`DROP FUNCTION wait_at_commit CASCADE`;
  }
});

describe('by GraphQL, each mutation with a key is carried out once', () => {
  test.each(Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[])('%s', async name => {
    const fixture = await newFixture();
    const { id: seatId } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const source = { subscriptionId: fixture.ids.subscription };
    const recipient = { email: 'kim@globex.example' };
    const inputs = {
      assignSeat: { source, recipient },
      revokeSeat: { seatId },
      resendSeatInvitation: { seatId },
      transferSeat: { seatId, recipient },
      updateSeat: { seatId, metadata: { a: 1 } },
      assignSeats: {
        source,
        seats: [
          { recipient },
          { recipient: { email: 'sam@globex.example' } },
          { recipient: { email: '?' } },
        ],
        mode: 'BEST_EFFORT',
      },
      revokeSeats: { seatIds: [seatId, randomUUID()], mode: 'BEST_EFFORT' },
    };
    const input = { ...inputs[name], idempotencyKey: randomUUID() };
    const before = await eventCount(fixture);
    const first = await mutate(fixture, name, input);
    const after = await eventCount(fixture);
    expect(first.__typename).toMatch(/Success$/);
    expect(after).toBeGreaterThan(before);
    const again = await mutate(fixture, name, input);
    expect(again).toEqual('isReplay' in first ? { ...first, isReplay: true } : first);
    expect(await eventCount(fixture)).toBe(after);
    const other = await mutate(fixture, name, { ...input, ...OTHER[name] });
    expect(other).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const without = await mutate(fixture, name, inputs[name], fixture.tokens.reader);
    expect(without).toMatchObject({ code: 'NOT_PERMITTED' });
  });

  const OTHER: Record<keyof typeof MUTATIONS, object> = {
    assignSeat: { immediateClaim: true },
    revokeSeat: { seatId: randomUUID() },
    resendSeatInvitation: { seatId: randomUUID() },
    transferSeat: { immediateClaim: true },
    updateSeat: { metadata: { a: 2 } },
    assignSeats: { mode: 'ALL_OR_NOTHING' },
    revokeSeats: { mode: 'ALL_OR_NOTHING' },
  };
});

describe('changes of members, settings and webhooks with a key are carried out once', () => {
  const RESULTS = {
    updateMember: 'UpdateMemberSuccess { member { id name } }',
    removeMember: 'RemoveMemberSuccess { member { id } revokedSeats { id status } }',
    updateOrganizationSettings:
      'UpdateOrganizationSettingsSuccess { organization { id settings { reminderHours } } }',
    updateWebhookEndpoint: 'UpdateWebhookEndpointSuccess { endpoint { id url } }',
    disableWebhookEndpoint: 'DisableWebhookEndpointSuccess { endpoint { id disabledAt } }',
    enableWebhookEndpoint: 'EnableWebhookEndpointSuccess { endpoint { id disabledAt } }',
    deleteWebhookEndpoint: 'DeleteWebhookEndpointSuccess { endpoint { id } }',
    sendTestWebhook: 'SendTestWebhookSuccess { delivery { id } }',
    redeliverWebhook: 'RedeliverWebhookSuccess { delivery { id } }',
    endMembership: 'EndMembershipSuccess { userId organization { id } }',
  } as const;
  type Name = keyof typeof RESULTS;

  /** What a change leaves: its records, and the deliveries that are to be sent. */
  const traces = async ({ ids: { organization: organizationId } }: Fixture) => [
    await usher.db.auditEvent.count({ where: { organizationId } }),
    await usher.db.webhookDelivery.count({ where: { organizationId } }),
    await usher.db.webhookDelivery.count({ where: { organizationId, status: 'pending' } }),
  ];

  async function call(fixture: Fixture, name: Name, input: object, token?: string) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const text = `mutation Run($input: ${type}!) { result: ${name}(input: $input) { __typename ... on ${RESULTS[name]} ... on UserError { code } } }`;
    const caller = token ?? fixture.tokens.organization;
    const { result } = await ask<{ result: Record<string, unknown> }>(usher, text, caller, {
      input,
    });
    return result;
  }

  async function inputOf(fixture: Fixture, name: Name): Promise<object> {
    const { member: memberId, user: userId } = fixture.ids;
    const endpoint = await addEndpoint(usher, fixture, 'https://hooks.acme.example/usher');
    const { id: deliveryId } = await addDelivery(usher, endpoint, { status: 'failed' });
    await givenSeat(usher, fixture, { member_id: memberId });
    const { id } = endpoint;
    if (name === 'enableWebhookEndpoint') await call(fixture, 'disableWebhookEndpoint', { id });
    const inputs: Record<Name, object> = {
      updateMember: { memberId, name: 'Mia Wu' },
      removeMember: { memberId },
      updateOrganizationSettings: { reminderHours: 3 },
      updateWebhookEndpoint: { id, url: 'https://hooks.acme.example/other' },
      disableWebhookEndpoint: { id },
      enableWebhookEndpoint: { id },
      deleteWebhookEndpoint: { id },
      sendTestWebhook: { id },
      redeliverWebhook: { deliveryId },
      endMembership: { user: { userId } },
    };
    return inputs[name];
  }

  test.each(Object.keys(RESULTS) as Name[])('%s', async name => {
    const fixture = await newFixture();
    const input = { ...(await inputOf(fixture, name)), idempotencyKey: randomUUID() };
    const before = await traces(fixture);
    const answers = await Promise.all(range(3).map(() => call(fixture, name, input)));
    const [first] = answers;
    expect(first?.__typename).toMatch(/Success$/);
    expect(answers).toEqual(range(3).map(() => first));
    const after = await traces(fixture);
    expect(after).not.toEqual(before);
    expect(await call(fixture, name, input)).toEqual(first);
    expect(await traces(fixture)).toEqual(after);
    const refused = await call(fixture, name, input, fixture.tokens.reader);
    expect(refused).toMatchObject({ code: 'NOT_PERMITTED' });
  });

  test('a refusal is kept, and undone', async () => {
    const fixture = await newFixture();
    const { owner: memberId } = fixture.ids;
    const input = { memberId, idempotencyKey: randomUUID() };
    const refused = await call(fixture, 'removeMember', input);
    expect(refused).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await call(fixture, 'removeMember', input)).toEqual(refused);
    const other = { ...input, memberId: fixture.ids.member };
    expect(await call(fixture, 'removeMember', other)).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

describe('a replay', () => {
  test('of a batch that changed nothing says so again', async () => {
    const fixture = await newFixture();
    const seats = [{ recipient: { email: 'a@globex.example' } }, { recipient: { memberId: 'x' } }];
    const source = { subscriptionId: fixture.ids.subscription };
    const input = { source, seats, idempotencyKey: randomUUID() };
    const first = await mutate(fixture, 'assignSeats', input);
    expect(first).toMatchObject({ isCommitted: false, refusedCount: 1 });
    expect(await mutate(fixture, 'assignSeats', input)).toEqual({ ...first, isReplay: true });
  });

  test.each(['assignSeat', 'assignSeats'] as const)(
    'of %s finds its pool, whatever its external id is by now',
    async name => {
      const fixture = await newFixture();
      const { organization: organizationId, subscription: id } = fixture.ids;
      const rename = (externalId: string) =>
        usher.db.subscription.update({
          where: { organizationId_id: { organizationId, id } },
          data: { externalId },
        });
      await rename('sub_first');
      const recipient = { email: 'sam@globex.example' };
      const input = {
        source: { subscriptionExternalId: 'sub_first' },
        ...(name === 'assignSeat' ? { recipient } : { seats: [{ recipient }] }),
        idempotencyKey: randomUUID(),
      };
      const first = await mutate(fixture, name, input);
      await rename('sub_second');
      expect(await mutate(fixture, name, input)).toEqual({
        ...first,
        ...(name === 'assignSeats' && { isReplay: true }),
      });
      expect(await eventCount(fixture)).toBe(1);
      const other = await mutate(fixture, name, { ...input, idempotencyKey: randomUUID() });
      expect(other).toMatchObject({ __typename: 'ResourceNotFoundError' });
    },
  );

  test('does not keep that a pool is unknown which the billing system tells of later', async () => {
    const fixture = await newFixture();
    const { organization: organizationId, subscription: id } = fixture.ids;
    const input = {
      source: { subscriptionExternalId: 'sub_soon' },
      recipient: { email: 'sam@globex.example' },
      idempotencyKey: randomUUID(),
    };
    const early = await mutate(fixture, 'assignSeat', input);
    expect(early).toMatchObject({ __typename: 'ResourceNotFoundError' });
    await usher.db.subscription.update({
      where: { organizationId_id: { organizationId, id } },
      data: { externalId: 'sub_soon' },
    });
    expect(await mutate(fixture, 'assignSeat', input)).toMatchObject({
      __typename: 'AssignSeatSuccess',
    });
  });

  test('hands out no link to a seat that somebody else has by now', async () => {
    const fixture = await newFixture();
    const { organization: token } = fixture.tokens;
    await usher.db.organization.update({
      where: { id: fixture.ids.organization },
      data: { sendsInvitations: false },
    });
    const key = randomUUID();
    const { body: seat } = await send(fixture, key, samOf(fixture));
    expect(seat.invitation_url).toMatch(/^http/);
    expect((await send(fixture, key, samOf(fixture))).body).toEqual(seat);
    await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
    await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    const again = await send(fixture, key, samOf(fixture));
    expect(again.body).toMatchObject({ id: seat.id, customer_email: 'kim@globex.example' });
    expect(again.body).not.toHaveProperty('invitation_url');
  });

  test('shows no pool, and no seat, that the caller has lost', async () => {
    const fixture = await newFixture();
    const { customer: token } = fixture.tokens;
    const { subscription, order, otherCustomer } = fixture.ids;
    const source = { subscriptionId: subscription };
    const idempotencyKey = randomUUID();
    const seats = [{ recipient: { email: 'sam@globex.example' } }];
    const assigned = await mutate(fixture, 'assignSeats', { source, seats, idempotencyKey }, token);
    expect(assigned).toMatchObject({ assignedCount: 1 });
    const recipient = { email: 'sam@globex.example' };
    const taken = { source, recipient, idempotencyKey };
    expect(await mutate(fixture, 'assignSeat', taken, token)).toMatchObject({
      code: 'SEAT_ALREADY_ASSIGNED',
    });
    const { results } = assigned as { results: { seat: { id: string } }[] };
    const { id: other } = await givenSeat(usher, fixture, { order_id: order, ...recipient });
    const seatIds = [results[0]?.seat.id, other];
    const revoked = { seatIds, idempotencyKey };
    expect(await mutate(fixture, 'revokeSeats', revoked, token)).toMatchObject({ revokedCount: 2 });
    await usher.db.subscription.updateMany({
      where: { id: subscription },
      data: { customerId: otherCustomer },
    });
    expect(
      await mutate(fixture, 'assignSeats', { source, seats, idempotencyKey }, token),
    ).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    const text = `mutation Run($input: AssignSeatInput!) { assignSeat(input: $input) {
      ... on SeatAlreadyAssignedError { existingSeat { id } } ... on ResourceNotFoundError { code } } }`;
    const answer = await usher.graphql(text, { input: taken }, token);
    expect(answer.data).not.toMatchObject({
      assignSeat: { existingSeat: { id: expect.any(String) } },
    });
    const again = await mutate(fixture, 'revokeSeats', revoked, token);
    expect((again.results as { __typename: string }[]).map(({ __typename }) => __typename)).toEqual(
      ['ResourceNotFoundError', 'RevokeSeatSuccess'],
    );
  });

  test('of deep metadata is that of the first request', async () => {
    const fixture = await newFixture();
    const seats = [{ recipient: { email: 'sam@globex.example' }, metadata: 'DEEP' }];
    const source = { subscriptionId: fixture.ids.subscription };
    const variables = { input: { source, seats, idempotencyKey: randomUUID() } };
    const query = `mutation ($input: AssignSeatsInput!) { assignSeats(input: $input) {
      ... on AssignSeatsSuccess { isReplay results { __typename } } } }`;
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    for (const isReplay of [false, true]) {
      const response = await fetch(`${usher.url}/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${fixture.tokens.organization}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ query, variables }).replace('"DEEP"', deep),
      });
      const results = [{ __typename: 'InvalidInputError' }];
      expect(await response.json()).toEqual({ data: { assignSeats: { isReplay, results } } });
    }
  });
});

test('a slow pool is no key in progress', async () => {
  const fixture = await newFixture();
  const answers = await usher.db.$transaction(
    async tx => {
      await tx.$queryRaw`SELECT 1 FROM subscriptions WHERE id = ${fixture.ids.subscription}::uuid FOR UPDATE`;
      return await Promise.all(
        [usher.url, second.url].map(url => send(fixture, randomUUID(), samOf(fixture), { url })),
      );
    },
    { timeout: 30_000 },
  );
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
});

test('a malformed key of GraphQL is an invalid input', async () => {
  const fixture = await newFixture();
  const source = { subscriptionId: fixture.ids.subscription };
  const input = { source, recipient: { email: 'sam@globex.example' }, idempotencyKey: 'é' };
  expect(await mutate(fixture, 'assignSeat', input)).toMatchObject({ code: 'INVALID_INPUT' });
  expect(await eventCount(fixture)).toBe(0);
});

test('a key that was kept by a caller who lost the right is of no use', async () => {
  const fixture = await newFixture();
  const input = { seatId: randomUUID(), idempotencyKey: randomUUID() };
  expect(await mutate(fixture, 'revokeSeat', input)).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  await usher.db.accessToken.updateMany({
    where: { organizationId: fixture.ids.organization },
    data: { scopes: ['customer_seats:read'] },
  });
  const second = await startSecond(usher);
  try {
    const path = `/v1/customer-seats/${input.seatId}`;
    const answer = await send(fixture, randomUUID(), undefined, {
      url: second.url,
      path,
      method: 'DELETE',
    });
    expect(answer.status).toBe(403);
  } finally {
    await second.close();
  }
});

test('an outcome is kept for 24 hours, and holds no secret', async () => {
  const fixture = await newFixture();
  const key = randomUUID();
  const { body: seat } = await send(fixture, key, samOf(fixture));
  const { organization: token } = fixture.tokens;
  await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
  const kept = await usher.db.idempotencyKey.findFirstOrThrow({ where: { key } });
  expect(JSON.stringify(kept.outcome)).not.toMatch(/sam@|token|nonce/i);
  const createdAt = new Date(Date.now() - 24 * 60 * 60_000 - 1000);
  await usher.db.idempotencyKey.updateMany({ where: { key }, data: { createdAt } });
  const next = await send(fixture, key, samOf(fixture));
  expect([next.status, next.isReplay]).toEqual([200, false]);
  await usher.db.idempotencyKey.updateMany({ where: { key }, data: { createdAt } });
  await createRetentionJob({
    db: usher.db,
    now: () => new Date(),
    retention: { archiveDays: 0, auditDays: 0, deletedDays: 0, mailDays: 0, tokenDays: 0 },
  }).run(new AbortController().signal);
  expect(await usher.db.idempotencyKey.count({ where: { key } })).toBe(0);
});
