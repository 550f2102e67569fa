import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { checkPool } from '../support/invariants.ts';
import { tokenOf } from '../support/invitations.ts';
import { addToken, assign, eventsOf, givenSeat, historyOf, switchOff } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { remove } from './calls.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function memberOf(id: string) {
  return await usher.db.member.findFirstOrThrow({ where: { id } });
}

describe('a removed member', () => {
  test.each([true, false])(
    'loses every live seat of all pools, with an event for each (member model: %s)',
    async memberModelEnabled => {
      const fixture = await usher.addFixture({ memberModelEnabled });
      const { ids, tokens } = fixture;
      const person = { email: 'Sam@globex.example' };
      const pending = await givenSeat(usher, fixture, person);
      const inOrder = { ...person, order_id: ids.order, immediate_claim: true };
      const claimed = await givenSeat(usher, fixture, inOrder);
      const other = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
      expect(await remove(usher, tokens.organization, pending.member_id)).toEqual({
        word: 'ok',
        member: { id: pending.member_id, email: 'Sam@globex.example' },
      });
      expect(await historyOf(usher, pending.id)).toEqual(['assigned', 'revoked']);
      expect(await historyOf(usher, claimed.id)).toEqual(['claimed', 'revoked']);
      expect(await historyOf(usher, other.id)).toEqual(['assigned']);
      // The event of a revoked seat names its former holder.
      expect((await eventsOf(usher, claimed.id)).at(-1)?.payload).toMatchObject({
        id: claimed.id,
        status: 'revoked',
        member_id: null,
        email: null,
        customer_email: 'Sam@globex.example',
        member: { id: pending.member_id, email: 'Sam@globex.example' },
      });
      await checkPool(usher, { kind: 'subscription', id: ids.subscription });
      await checkPool(usher, { kind: 'order', id: ids.order });
      expect((await memberOf(pending.member_id)).deletedAt).toBeInstanceOf(Date);
    },
  );

  test('is answered with the seats that were revoked, without a holder', async () => {
    const fixture = await usher.addFixture();
    const { ids, tokens } = fixture;
    const held = { member_id: ids.member };
    const pending = await givenSeat(usher, fixture, held);
    const inOrder = { ...held, order_id: ids.order, immediate_claim: true };
    const claimed = await givenSeat(usher, fixture, inOrder);
    const text = `mutation Remove($input: RemoveMemberInput!) {
      removeMember(input: $input) {
        ... on RemoveMemberSuccess {
          revokedSeats { id status email member { id } pool { id availableSeats } }
        }
      }
    }`;
    const answer = await ask<{ removeMember: { revokedSeats: unknown[] } }>(
      usher,
      text,
      tokens.owner,
      { input: { memberId: ids.member } },
    );
    const revoked = { status: 'REVOKED', email: null, member: null };
    expect(answer.removeMember.revokedSeats).toEqual([
      { ...revoked, id: pending.id, pool: { id: ids.subscription, availableSeats: 5 } },
      { ...revoked, id: claimed.id, pool: { id: ids.order, availableSeats: 5 } },
    ]);
  });

  test('can use neither a session nor an invitation', async () => {
    const fixture = await usher.addFixture();
    const { ids, tokens } = fixture;
    const seat = await givenSeat(usher, fixture, { member_id: ids.member });
    const invitation_token = await tokenOf(usher, seat.id);
    const order = { member_id: ids.member, order_id: ids.order };
    const claimed = await givenSeat(usher, fixture, order);
    const claim = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token: await tokenOf(usher, claimed.id) },
    });
    await remove(usher, tokens.owner, ids.member);
    const path = '/v1/customer-portal/seats/subscriptions';
    for (const token of [tokens.member, claim.body.customer_session_token]) {
      expect((await usher.rest('GET', path, { token })).status).toBe(401);
    }
    expect(
      await usher.db.memberSession.count({ where: { memberId: ids.member, endedAt: null } }),
    ).toBe(0);
    expect((await usher.rest('GET', path, { token: tokens.owner })).status).toBe(200);
    const late = await usher.rest('POST', '/v1/customer-seats/claim', {
      body: { invitation_token },
    });
    expect(late.body.error).toBe('InvalidInvitationToken');
  });

  test('is announced to all servers for each seat', async () => {
    const fixture = await usher.addFixture();
    const listener = new pg.Client({ connectionString: usher.databaseUrl });
    await listener.connect();
    const told = new Set<string>();
    listener.on('notification', ({ payload = '' }) => {
      for (const id of payload.split(',')) told.add(id);
    });
    await listener.query('LISTEN usher_seat_changes');
    const { member: member_id } = fixture.ids;
    const seats = [
      await givenSeat(usher, fixture, { member_id }),
      await givenSeat(usher, fixture, { member_id, order_id: fixture.ids.order }),
    ];
    const heard = () => seats.filter(({ id }) => told.has(id));
    await expect.poll(heard).toHaveLength(2);
    told.clear();
    await remove(usher, fixture.tokens.owner, member_id);
    await expect.poll(heard).toHaveLength(2);
    await listener.end();
  });

  test('is not found by id, and becomes a new member by address', async () => {
    const fixture = await usher.addFixture();
    const { ids } = fixture;
    await remove(usher, fixture.tokens.manager, ids.member);
    const byId = await assign(usher, fixture, { member_id: ids.member });
    expect([byId.status, byId.body.error]).toEqual([404, 'MemberNotFound']);
    const byExternalId = await assign(usher, fixture, { external_member_id: 'usr_mia' });
    expect(byExternalId.body.error).toBe('MemberNotFound');
    const seat = await givenSeat(usher, fixture, { email: 'mia@globex.example' });
    expect(seat.member_id).not.toBe(ids.member);
    expect(seat.member).toMatchObject({ email: 'mia@globex.example', external_id: null });
    expect((await remove(usher, fixture.tokens.manager, seat.member_id)).word).toBe('ok');
  });

  test('can be removed even if the organization has disabled seats', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    await switchOff(usher, fixture);
    expect((await remove(usher, fixture.tokens.customer, fixture.ids.member)).word).toBe('ok');
    expect(await historyOf(usher, seat.id)).toEqual(['assigned', 'revoked']);
  });

  test('can have no seat', async () => {
    const { ids, tokens } = await usher.addFixture();
    expect((await remove(usher, tokens.organization, ids.member)).word).toBe('ok');
    expect(await remove(usher, tokens.organization, ids.member)).toEqual({
      word: 'ResourceNotFound',
    });
  });
});

describe('permissions', () => {
  test('a token with members:write, the customer, the owner and a billing manager may remove, even themselves', async () => {
    const fixture = await usher.addFixture();
    const { ids, tokens } = fixture;
    const lacking = await addToken(usher, fixture, ['customer_seats:write']);
    const enough = await addToken(usher, fixture, ['members:write']);
    for (const token of [lacking, tokens.member]) {
      expect((await remove(usher, token, ids.member)).word).toBe('NotPermitted');
    }
    for (const [i, token] of [enough, tokens.personal, tokens.customer, tokens.owner].entries()) {
      const { member_id } = await givenSeat(usher, fixture, { email: `p${i}@globex.example` });
      expect((await remove(usher, token, member_id)).word).toBe('ok');
    }
    expect((await remove(usher, tokens.manager, ids.member)).word).toBe('ok');
    expect((await remove(usher, tokens.manager, ids.manager)).word).toBe('ok');
    const path = '/v1/customer-portal/seats/subscriptions';
    expect((await usher.rest('GET', path, { token: tokens.manager })).status).toBe(401);
  });

  test('the only owner cannot be removed, and a billing manager is not permitted to try', async () => {
    const fixture = await usher.addFixture();
    const { ids, tokens } = fixture;
    const seat = await givenSeat(usher, fixture, { member_id: ids.owner });
    for (const token of [tokens.organization, tokens.customer, tokens.owner]) {
      expect(await remove(usher, token, ids.owner)).toEqual({
        word: 'InvalidInput',
        issues: [
          {
            path: ['memberId'],
            code: 'ONLY_OWNER',
            message: 'Cannot delete the only owner. Transfer ownership first.',
          },
        ],
      });
    }
    expect((await remove(usher, tokens.manager, ids.owner)).word).toBe('NotPermitted');
    expect(await memberOf(ids.owner)).toMatchObject({ deletedAt: null, modifiedAt: null });
    expect(await historyOf(usher, seat.id)).toEqual(['assigned']);
  });

  test('a member of another tenant is not found', async () => {
    const fixture = await usher.addFixture();
    const { ids, tokens } = fixture;
    const stranger = await usher.addFixture();
    const seat = await givenSeat(usher, stranger, { member_id: stranger.ids.member });
    for (const [token, memberId] of [
      [tokens.organization, stranger.ids.member],
      [tokens.personal, stranger.ids.member],
      [tokens.owner, stranger.ids.member],
      [tokens.owner, ids.otherMember],
      [tokens.otherCustomer, ids.member],
      [tokens.organization, randomUUID()],
    ] as const) {
      expect(await remove(usher, token, memberId)).toEqual({ word: 'ResourceNotFound' });
    }
    expect(await historyOf(usher, seat.id)).toEqual(['assigned']);
  });
});
