import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import type { Fixture } from '../support/fixture.ts';
import { givenSeat } from '../support/seats.ts';
import { statementsOf } from '../support/statements.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

describe('CustomerSeat.invitation', () => {
  const INVITATION = `query ($id: ID!) {
    customerSeat(id: $id) { invitation { state expiresAt lastSentAt } }
  }`;
  const invitationOf = async ({ tokens }: Fixture, id: string) =>
    (
      await ask<{ customerSeat: { invitation: object | null } }>(
        usher,
        INVITATION,
        tokens.organization,
        {
          id,
        },
      )
    ).customerSeat.invitation;

  test('is open, then expired, then closed', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const expiresAt = new Date(seat.invitation_token_expires_at).toISOString();
    expect(await invitationOf(fixture, seat.id)).toEqual({
      state: 'OPEN',
      expiresAt,
      lastSentAt: null,
    });
    const past = new Date(Date.now() - 1_000);
    const where = { id: seat.id };
    await usher.db.customerSeat.updateMany({ where, data: { invitationTokenExpiresAt: past } });
    expect(await invitationOf(fixture, seat.id)).toMatchObject({
      state: 'EXPIRED',
      expiresAt: past.toISOString(),
    });
    const token = fixture.tokens.organization;
    await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
    expect(await invitationOf(fixture, seat.id)).toMatchObject({ state: 'CLOSED' });
  });

  test('was last sent with its own mail, not with an earlier one', async () => {
    const fixture = await usher.addFixture();
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const { invitationTokenHash } = await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
    const mail = {
      organizationId: fixture.ids.organization,
      seatId: id,
      status: 'sent',
      createdAt: new Date(),
      nextAttemptAt: new Date(),
    } as const;
    const times = [10, 20, 30].map(second => new Date(Date.UTC(2026, 0, 1, 0, 0, second)));
    await usher.db.mail.createMany({
      data: [
        { ...mail, kind: 'invitation', invitationTokenHash, finishedAt: times[0] },
        { ...mail, kind: 'reminder', invitationTokenHash, finishedAt: times[1] },
        {
          ...mail,
          kind: 'invitation',
          invitationTokenHash: new Uint8Array(32),
          finishedAt: times[2],
        },
      ],
    });
    expect(await invitationOf(fixture, id)).toMatchObject({
      lastSentAt: times[1]?.toISOString(),
    });
  });

  test('is null for a seat that was claimed immediately', async () => {
    const fixture = await usher.addFixture();
    const body = { email: 'sam@globex.example', immediate_claim: true };
    const { id } = await givenSeat(usher, fixture, body);
    expect(await invitationOf(fixture, id)).toBeNull();
  });
});

describe('CustomerSeat.pool', () => {
  const POOL = `query ($id: ID!) {
    customerSeat(id: $id) { pool { __typename id totalSeats seatAvailability product { name } } }
  }`;
  test.each(['subscription', 'order'] as const)('is the %s', async kind => {
    const fixture = await usher.addFixture();
    const body = { [`${kind}_id`]: fixture.ids[kind], email: 'sam@globex.example' };
    const { id } = await givenSeat(usher, fixture, body);
    for (const token of [fixture.tokens.organization, fixture.tokens.member]) {
      expect(await ask(usher, POOL, token, { id })).toEqual({
        customerSeat: {
          pool: {
            __typename: kind === 'order' ? 'CustomerOrder' : 'CustomerSubscription',
            id: fixture.ids[kind],
            totalSeats: 5,
            seatAvailability: 'AVAILABLE',
            product: { name: 'Team Pro' },
          },
        },
      });
    }
  });
});

test('a page takes as many statements however long it is', async () => {
  const fixture = await usher.addFixture({ seats: 40 });
  const { ids, tokens } = fixture;
  for (let i = 0; i < 20; i++) {
    await givenSeat(usher, fixture, { email: `person-${i}@globex.example` });
  }
  const PAGE = `query ($id: ID!, $first: Int) {
    customer(by: { id: $id }) {
      subscriptions(first: 5) {
        nodes {
          usage { pending }
          seatAvailability
          seats(first: $first) {
            nodes {
              id member { id name } assignedAt invitation { state lastSentAt }
              pool { id totalSeats usage { total } product { id } customer { id } }
            }
          }
        }
      }
    }
  }`;
  const statementsFor = async (first: number) =>
    (await statementsOf(() => ask(usher, PAGE, tokens.organization, { id: ids.customer, first })))
      .length;
  await statementsFor(20);
  const long = await statementsFor(20);
  expect(long).toBeLessThanOrEqual(12);
  expect(await statementsFor(2)).toBeGreaterThanOrEqual(long - 2);
});
