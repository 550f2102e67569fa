import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { knownInvitationToken, type SecretKeys } from '../../src/seats/invitation-token.ts';
import type { Fixture, FixtureOptions } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { AssignSeatDocument } from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { addToken, assign, eventsOf, givenSeat, SEAT_KEYS } from '../support/seats.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const DAY_MS = 24 * 60 * 60 * 1000;
const LINKED_KEYS = [...SEAT_KEYS, 'invitation_url'];

/** A fixture whose organization sends no invitations itself. */
async function selfManaged(options?: FixtureOptions): Promise<Fixture> {
  const fixture = await usher.addFixture(options);
  await usher.db.organization.update({
    where: { id: fixture.ids.organization },
    data: { sendsInvitations: false },
  });
  return fixture;
}

/** The link as it has to be. */
async function linkOf(seatId: string): Promise<string> {
  return `${usher.url}/claim?token=${await tokenOf(usher, seatId)}`;
}

async function resend(id: string, token: string, base = '/v1/customer-seats') {
  return await usher.rest('POST', `${base}/${id}/resend`, { token });
}

async function readLink(id: string, token: string): Promise<string | null | undefined> {
  const { data, errors } = await usher.graphql<
    { customerSeat: { invitationUrl: string | null } | null },
    object
  >(`query ($id: ID!) { customerSeat(id: $id) { invitationUrl } }`, { id }, token);
  expect(errors).toBeUndefined();
  return data?.customerSeat?.invitationUrl;
}

describe('in an organization that sends no invitations itself', () => {
  test.each(['organization', 'personal'] as const)(
    'a caller who assigns or resends with its token (%s) gets the link, which claims the seat',
    async kind => {
      const fixture = await selfManaged();
      const token = fixture.tokens[kind];
      const assigned = await usher.rest('POST', '/v1/customer-seats', {
        token,
        body: { subscription_id: fixture.ids.subscription, email: 'sam@globex.example' },
      });
      expect(assigned.status).toBe(200);
      expect(Object.keys(assigned.body)).toEqual(LINKED_KEYS);
      const { id } = assigned.body;
      const first = await linkOf(id);
      expect(assigned.body.invitation_url).toBe(first);

      const resent = await resend(id, token);
      expect(Object.keys(resent.body)).toEqual(LINKED_KEYS);
      const second = await linkOf(id);
      expect(resent.body.invitation_url).toBe(second);
      expect(second).not.toBe(first);

      const claim = async (link: string) =>
        await usher.rest('POST', '/v1/customer-seats/claim', {
          body: { invitation_token: new URL(link).searchParams.get('token') },
        });
      expect((await claim(first)).status).toBe(400);
      expect((await claim(second)).status).toBe(200);
    },
  );

  test('GraphQL has it on the seat, with the assignment and later', async () => {
    const fixture = await selfManaged();
    const { data } = await usher.graphql<
      { assignSeat: { seat: { id: string; invitationUrl: string } } },
      object
    >(
      `mutation ($source: ID!) {
        assignSeat(input: { source: { subscriptionId: $source }, recipient: { email: "sam@globex.example" } }) {
          ... on AssignSeatSuccess { seat { id invitationUrl } } } }`,
      { source: fixture.ids.subscription },
      fixture.tokens.organization,
    );
    const { id, invitationUrl } = data?.assignSeat.seat ?? { id: '' };
    expect(invitationUrl).toBe(await linkOf(id));
    expect(await readLink(id, fixture.tokens.personal)).toBe(invitationUrl);
  });

  test('no other answer has a 16th key, nor does the event', async () => {
    const fixture = await selfManaged();
    const { organization: token, owner, customer } = fixture.tokens;
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const list = await usher.rest(
      'GET',
      `/v1/customer-seats?subscription_id=${fixture.ids.subscription}`,
      { token },
    );
    expect(Object.keys(list.body.seats[0])).toEqual(SEAT_KEYS);
    for (const session of [owner, customer]) {
      const resent = await resend(seat.id, session, '/v1/customer-portal/seats');
      expect(Object.keys(resent.body)).toEqual(SEAT_KEYS);
    }
    const assigned = await usher.rest('POST', '/v1/customer-portal/seats', {
      token: owner,
      body: { subscription_id: fixture.ids.subscription, email: 'kim@globex.example' },
    });
    expect(Object.keys(assigned.body)).toEqual(SEAT_KEYS);
    const revoked = await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
    expect(Object.keys(revoked.body)).toEqual(SEAT_KEYS);
    for (const { payload } of await eventsOf(usher, seat.id)) {
      expect(Object.keys(Object(payload))).toEqual(SEAT_KEYS);
    }
    expect(usher.log.join('')).not.toContain('/claim?token=');
  });

  test('a seat that is claimed immediately has none', async () => {
    const fixture = await selfManaged();
    const body = { email: 'sam@globex.example', immediate_claim: true };
    expect(Object.keys((await assign(usher, fixture, body)).body)).toEqual(SEAT_KEYS);
  });

  test('GraphQL shows it to no session, no reader, and no other organization', async () => {
    const fixture = await selfManaged();
    const stranger = await selfManaged();
    const { id } = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    const reader = await addToken(usher, fixture, ['customer_seats:read', 'organizations:write']);
    const { customer, owner, manager, member } = fixture.tokens;
    for (const token of [customer, owner, manager, member, reader, fixture.tokens.reader]) {
      expect(await readLink(id, token)).toBeNull();
    }
    expect(await readLink(id, stranger.tokens.organization)).toBeUndefined();
    const assigned = await usher.graphql(
      AssignSeatDocument,
      {
        input: {
          source: { subscriptionId: fixture.ids.subscription },
          recipient: { email: 'kim@globex.example' },
        },
      },
      owner,
    );
    expect(JSON.stringify(assigned.data)).not.toContain('token=');
  });

  test('it is gone once the invitation has run out, was used or was withdrawn', async () => {
    const fixture = await selfManaged();
    const { organization: token } = fixture.tokens;
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const expire = async (invitationTokenExpiresAt: Date | null) =>
      await usher.db.customerSeat.updateMany({
        where: { id },
        data: { invitationTokenExpiresAt },
      });
    expect(await readLink(id, token)).toBe(await linkOf(id));
    await expire(new Date(Date.now() - 1000));
    expect(await readLink(id, token)).toBeNull();
    await expire(null);
    expect(await readLink(id, token)).toBe(await linkOf(id));
    await expire(new Date(Date.now() + DAY_MS));
    await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: await tokenOf(usher, id) },
    });
    expect(await readLink(id, token)).toBeNull();
    await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
    expect(await readLink(id, token)).toBeNull();
  });

  test('a seat that came without a nonce has none, until it is sent again', async () => {
    const fixture = await selfManaged();
    const { organization: token } = fixture.tokens;
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    await usher.db.customerSeat.updateMany({ where: { id }, data: { invitationNonce: null } });
    expect(await readLink(id, token)).toBeNull();
    expect((await resend(id, token)).body.invitation_url).toBe(await linkOf(id));
  });
});

test('in an organization whose invitations usher sends, nobody is given a link', async () => {
  const fixture = await usher.addFixture();
  const { organization: token } = fixture.tokens;
  const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  expect(Object.keys(seat)).toEqual(SEAT_KEYS);
  expect(Object.keys((await resend(seat.id, token)).body)).toEqual(SEAT_KEYS);
  expect(await readLink(seat.id, token)).toBeNull();
});

test('a link costs an assignment no statement, and a page of them one', async () => {
  const [mailed, managed] = [
    await usher.addFixture({ seats: 50 }),
    await selfManaged({ seats: 50 }),
  ];
  const statements = async (work: () => Promise<unknown>) => {
    const query = vi.spyOn(pg.Client.prototype, 'query');
    try {
      await work();
      const texts = query.mock.calls.map(([first]) => Object(first).text ?? String(first));
      return texts.filter(text => !/pg_notify|access_tokens/.test(text)).length;
    } finally {
      query.mockRestore();
    }
  };
  const counts = [];
  for (const fixture of [mailed, managed]) {
    for (const index of range(20)) {
      await givenSeat(usher, fixture, { email: `person-${index}@globex.example` });
    }
    counts.push(await statements(() => givenSeat(usher, fixture, { email: 'sam@globex.example' })));
  }
  expect(counts[0]).toBe(counts[1]);

  const read = async (field: string) =>
    await statements(async () => {
      const { data } = await usher.graphql<
        { customerSubscription: { seats: { nodes: object[] } } },
        object
      >(
        `query ($id: ID!) { customerSubscription(id: $id) { seats { nodes { id ${field} } } } }`,
        { id: managed.ids.subscription },
        managed.tokens.organization,
      );
      expect(data?.customerSubscription.seats.nodes).toHaveLength(21);
    });
  expect(await read('invitationUrl')).toBe((await read('')) + 1);
});

describe('after the key has changed', () => {
  const NEW_KEY = 'a newer key, of thirty-two bytes or more';
  const linkAt = async (keys: SecretKeys, fixture: Fixture, seatId: string) => {
    const seat = await usher.db.customerSeat.findUniqueOrThrow({
      where: { organizationId_id: { organizationId: fixture.ids.organization, id: seatId } },
    });
    return knownInvitationToken(keys, seat);
  };

  test('the link of a seat is shown only with the key that made it', async () => {
    const fixture = await selfManaged();
    const { body } = await assign(usher, fixture, { email: 'sam@globex.example' });
    const token = await tokenOf(usher, body.id);
    expect(await linkAt({ secretKey: SECRET_KEY }, fixture, body.id)).toBe(token);
    expect(await linkAt({ secretKey: NEW_KEY }, fixture, body.id)).toBeUndefined();
    const keys = { secretKey: NEW_KEY, previousSecretKey: SECRET_KEY };
    expect(await linkAt(keys, fixture, body.id)).toBe(token);
  });

  test('a link is null, not dead, where the row has another hash', async () => {
    const fixture = await selfManaged();
    const { body } = await assign(usher, fixture, { email: 'sam@globex.example' });
    expect(await readLink(body.id, fixture.tokens.organization)).toBe(await linkOf(body.id));
    await usher.db.customerSeat.update({
      where: { organizationId_id: { organizationId: fixture.ids.organization, id: body.id } },
      data: { invitationTokenHash: Buffer.alloc(32, 1) },
    });
    expect(await readLink(body.id, fixture.tokens.organization)).toBeNull();
  });
});
