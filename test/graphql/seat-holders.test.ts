import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

describe('SeatAlreadyAssignedError.existingSeat', () => {
  const ASSIGN = `mutation ($input: AssignSeatInput!) {
    assignSeat(input: $input) {
      ... on SeatAlreadyAssignedError { holder existingSeat { id status member { email } } }
    }
  }`;

  test.each([
    ['by address', { email: 'MIA@globex.example' }],
    ['by member', (ids: { member: string }) => ({ memberId: ids.member })],
    ['by external id', { externalMember: { externalId: 'usr_mia' } }],
  ])('is the seat that the member holds, named %s', async (_, recipient) => {
    const { ids, tokens, ...fixture } = await usher.addFixture();
    const seat = await givenSeat(
      usher,
      { ids, tokens, ...fixture },
      { member_id: ids.member, immediate_claim: true },
    );
    // A seat of another pool is not meant.
    await givenSeat(
      usher,
      { ids, tokens, ...fixture },
      { order_id: ids.order, member_id: ids.member },
    );
    for (const token of [tokens.organization, tokens.owner]) {
      const input = {
        source: { subscriptionId: ids.subscription },
        recipient: typeof recipient === 'function' ? recipient(ids) : recipient,
      };
      expect(await ask(usher, ASSIGN, token, { input })).toMatchObject({
        assignSeat: {
          existingSeat: { id: seat.id, status: 'CLAIMED', member: { email: 'Mia@globex.example' } },
        },
      });
    }
  });

  test('is the seat of the customer without the member model', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const { ids, tokens } = fixture;
    const seat = await givenSeat(usher, fixture, { customer_id: ids.otherCustomer });
    const source = { subscriptionId: ids.subscription };
    for (const recipient of [
      { customerId: ids.otherCustomer },
      { externalCustomerId: 'initech' },
      { email: 'initech@initech.example' },
    ]) {
      expect(
        await ask(usher, ASSIGN, tokens.organization, { input: { source, recipient } }),
      ).toMatchObject({
        assignSeat: { existingSeat: { id: seat.id, status: 'PENDING' } },
      });
    }
  });

  test('is the seat that a concurrent request was given', async () => {
    const { ids, tokens } = await usher.addFixture({ seats: 50 });
    const input = {
      source: { subscriptionId: ids.subscription },
      recipient: { email: 'sam@globex.example' },
    };
    const document = ASSIGN.replace(
      '... on Seat',
      '... on AssignSeatSuccess { seat { id } } ... on Seat',
    );
    type Answer = { assignSeat: { seat?: { id: string }; existingSeat?: { id: string } } };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask<Answer>(usher, document, tokens.organization, { input }),
      ),
    );
    const given = answers.flatMap(({ assignSeat: { seat } }) => (seat ? [seat.id] : []));
    const existing = answers.flatMap(({ assignSeat: { existingSeat } }) =>
      existingSeat ? [existingSeat.id] : [],
    );
    expect(given).toHaveLength(1);
    expect(existing).toHaveLength(19);
    expect(new Set(existing)).toEqual(new Set(given));
  });
});

describe('RevokeSeatSuccess.formerHolder', () => {
  const REVOKE = `mutation ($input: RevokeSeatInput!) {
    revokeSeat(input: $input) {
      ... on RevokeSeatSuccess {
        seat { id status memberId customerId email }
        formerHolder { email name memberId customerId }
      }
    }
  }`;
  const gone = { status: 'REVOKED', memberId: null, customerId: null, email: null };

  test('is the member who lost the seat, and nobody the second time', async () => {
    const fixture = await usher.addFixture();
    const { ids, tokens } = fixture;
    const { id } = await givenSeat(usher, fixture, { member_id: ids.member });
    await usher.db.member.updateMany({ where: { id: ids.member }, data: { name: 'Mia' } });
    const input = { seatId: id };
    expect(await ask(usher, REVOKE, tokens.owner, { input })).toEqual({
      revokeSeat: {
        seat: { id, ...gone },
        formerHolder: {
          email: 'Mia@globex.example',
          name: 'Mia',
          memberId: ids.member,
          customerId: null,
        },
      },
    });
    expect(await ask(usher, REVOKE, tokens.owner, { input })).toEqual({
      revokeSeat: { seat: { id, ...gone }, formerHolder: null },
    });
  });

  test('is the customer without the member model', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const { ids, tokens } = fixture;
    const { id } = await givenSeat(usher, fixture, { customer_id: ids.otherCustomer });
    expect(await ask(usher, REVOKE, tokens.organization, { input: { seatId: id } })).toMatchObject({
      revokeSeat: {
        formerHolder: { email: 'initech@initech.example', customerId: ids.otherCustomer },
      },
    });
  });
});
