import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPES } from '../../src/auth/access-tokens.ts';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { addToken, givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { update } from './calls.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function memberOf(id: string) {
  return await usher.db.member.findFirstOrThrow({ where: { id } });
}

async function seatOf(id: string) {
  return await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
}

describe('a member', () => {
  test('gets the given values and keeps all others', async () => {
    const { ids, tokens } = await usher.addFixture();
    const before = await memberOf(ids.member);
    const outcome = await update(usher, tokens.organization, {
      memberId: ids.member,
      email: 'Mia.Moss@NEW.example',
      name: 'Mia Moss',
      role: 'BILLING_MANAGER',
    });
    const changed = { email: 'Mia.Moss@new.example', name: 'Mia Moss' };
    expect(outcome).toEqual({
      word: 'ok',
      member: expect.objectContaining({ id: ids.member, ...changed, role: 'BILLING_MANAGER' }),
    });
    const { modifiedAt, ...after } = await memberOf(ids.member);
    expect(after).toEqual({
      ...before,
      ...changed,
      role: 'billing_manager',
      modifiedAt: undefined,
    });
    expect(modifiedAt).toBeInstanceOf(Date);
  });

  test('keeps missing and null values, except that a null name is removed', async () => {
    const { ids, tokens } = await usher.addFixture();
    const memberId = ids.member;
    await update(usher, tokens.organization, { memberId, name: 'Mia' });
    await update(usher, tokens.organization, { memberId, email: null, role: null });
    const before = await memberOf(memberId);
    expect(before).toMatchObject({ email: 'Mia@globex.example', name: 'Mia', role: 'member' });
    await update(usher, tokens.organization, { memberId, name: null });
    expect(await memberOf(memberId)).toMatchObject({ name: null });
  });

  test('is not written if nothing changes', async () => {
    const { ids, tokens } = await usher.addFixture();
    const same = { memberId: ids.member, email: 'Mia@globex.example', name: null, role: 'MEMBER' };
    const { word } = await update(usher, tokens.organization, { ...same, role: 'MEMBER' });
    expect(word).toBe('ok');
    expect(await memberOf(ids.member)).toMatchObject({ modifiedAt: null });
  });
});

describe('a new address', () => {
  test.each([true, false])(
    'is written to the live seats, and pending seats get a new invitation (member model: %s)',
    async memberModelEnabled => {
      const fixture = await usher.addFixture({ memberModelEnabled });
      const { ids, tokens } = fixture;
      const pending = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
      const claimed = await givenSeat(usher, fixture, {
        email: 'sam@globex.example',
        order_id: ids.order,
        immediate_claim: true,
      });
      const other = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
      const memberId = pending.member_id;
      const old = await tokenOf(usher, pending.id);
      await update(usher, tokens.organization, { memberId, email: 'sam@new.example' });
      for (const { id } of [pending, claimed]) {
        const row = await seatOf(id);
        expect(row).toMatchObject({ email: 'sam@new.example', modifiedAt: expect.any(Date) });
      }
      expect(await seatOf(other.id)).toMatchObject({ email: other.email, modifiedAt: null });
      expect(await historyOf(usher, pending.id)).toEqual(['assigned', 'invitation_resent']);
      expect(await historyOf(usher, claimed.id)).toEqual(['claimed']);
      const claimBy = async (invitation_token: string) =>
        await usher.rest('POST', '/v1/customer-seats/claim', { body: { invitation_token } });
      expect((await claimBy(old)).status).toBe(400);
      const claim = await claimBy(await tokenOf(usher, pending.id));
      expect(claim.body.seat.customer_email).toBe('sam@new.example');
    },
  );

  test('can be the old one in another case', async () => {
    const fixture = await usher.addFixture();
    const seat = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    const input = { memberId: fixture.ids.member, email: 'MIA@globex.example' };
    expect((await update(usher, fixture.tokens.owner, input)).word).toBe('ok');
    expect(await seatOf(seat.id)).toMatchObject({ email: 'MIA@globex.example' });
    // The address reaches the same person.
    expect(await historyOf(usher, seat.id)).toEqual(['assigned']);
  });

  test('cannot be that of another member of the customer, case-insensitive', async () => {
    const { ids, tokens } = await usher.addFixture();
    const input = { memberId: ids.member, email: 'JANE@globex.example', name: 'Mia' };
    expect(await update(usher, tokens.organization, input)).toEqual({
      word: 'InvalidInput',
      issues: [
        {
          path: ['email'],
          code: 'TAKEN',
          message: 'Another member of this customer has this address.',
        },
      ],
    });
    expect(await memberOf(ids.member)).toMatchObject({ name: null, modifiedAt: null });
  });

  test('can be that of a removed member or of another customer', async () => {
    const { ids, tokens } = await usher.addFixture();
    await usher.db.member.updateMany({
      where: { id: ids.manager },
      data: { deletedAt: new Date() },
    });
    for (const email of ['raj@globex.example', 'bill@initech.example']) {
      const { word } = await update(usher, tokens.organization, { memberId: ids.member, email });
      expect(word).toBe('ok');
    }
  });

  test('cannot be that of another seat of the same pool', async () => {
    const fixture = await usher.addFixture();
    await givenSeat(usher, fixture, { member_id: fixture.ids.member });
    const [organization] = fixture.document.organizations;
    const invited = { subscriptionId: fixture.ids.subscription, status: 'pending' };
    const seats = [{ ...invited, id: randomUUID(), email: 'New@globex.example' }];
    await usher.load({
      users: fixture.document.users,
      organizations: [{ ...organization, seats }],
    });
    const input = { memberId: fixture.ids.member, email: 'new@globex.example' };
    expect(await update(usher, fixture.tokens.owner, input)).toMatchObject({
      word: 'InvalidInput',
      issues: [{ path: ['email'], code: 'TAKEN', message: expect.stringContaining('seat') }],
    });
    expect(await memberOf(fixture.ids.member)).toMatchObject({ email: 'Mia@globex.example' });
  });

  test('must be valid, and a name must be storable', async () => {
    const { ids, tokens } = await usher.addFixture();
    const issuesOf = async (input: { email?: string; name?: string }) =>
      (await update(usher, tokens.organization, { memberId: ids.member, ...input })).issues;
    expect(await issuesOf({ email: 'mia@localhost.invalid', name: '\0' })).toEqual([
      {
        path: ['email'],
        code: 'EMAIL',
        message:
          'The part after the @-sign is a special-use or reserved name that cannot be used with email.',
      },
      { path: ['name'], code: 'TEXT', message: 'This value contains invalid characters' },
    ]);
    expect(await issuesOf({ name: 'x'.repeat(513) })).toMatchObject([
      { path: ['name'], code: 'TOO_LONG' },
    ]);
  });
});

describe('the owner', () => {
  test.each(['organization', 'customer', 'owner'] as const)(
    'is replaced by the one that the %s appoints, and becomes a billing manager',
    async who => {
      const { ids, tokens } = await usher.addFixture();
      const input = { memberId: ids.member, role: 'OWNER', name: 'Mia' } as const;
      expect(await update(usher, tokens[who], input)).toMatchObject({
        word: 'ok',
        member: { role: 'OWNER', name: 'Mia' },
      });
      expect(await memberOf(ids.owner)).toMatchObject({
        role: 'billing_manager',
        modifiedAt: expect.any(Date),
      });
      expect(await memberOf(ids.member)).toMatchObject({ role: 'owner' });
    },
  );

  test('can be appointed if there is none', async () => {
    const { ids, tokens } = await usher.addFixture();
    const input = { memberId: ids.otherMember, role: 'OWNER' } as const;
    expect((await update(usher, tokens.otherCustomer, input)).word).toBe('ok');
  });

  test('cannot be demoted without a new owner', async () => {
    const { ids, tokens } = await usher.addFixture();
    for (const role of ['MEMBER', 'BILLING_MANAGER'] as const) {
      const input = { memberId: ids.owner, role, name: 'Jane' };
      expect(await update(usher, tokens.owner, input)).toMatchObject({
        word: 'InvalidInput',
        issues: [
          {
            path: ['role'],
            code: 'ONLY_OWNER',
            message: 'Cannot demote the only owner. Transfer ownership first.',
          },
        ],
      });
    }
    expect(await memberOf(ids.owner)).toMatchObject({ role: 'owner', name: null });
  });
});

describe('permissions', () => {
  test('an access token needs members:write', async () => {
    const fixture = await usher.addFixture();
    const input = { memberId: fixture.ids.member, name: 'Mia' };
    const enough = await addToken(usher, fixture, ['members:write']);
    const others = SCOPES.filter(scope => scope !== 'members:write');
    const lacking = await addToken(usher, fixture, others);
    expect((await update(usher, enough, input)).word).toBe('ok');
    expect((await update(usher, fixture.tokens.personal, input)).word).toBe('ok');
    expect((await update(usher, lacking, input)).word).toBe('NotPermitted');
    const { errors } = await usher.graphql(
      'mutation ($id: ID!) { updateMember(input: { memberId: $id }) { __typename } }',
      { id: fixture.ids.member },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('the customer, the owner and a billing manager may update, and a plain member may not, not even themselves', async () => {
    const { ids, tokens } = await usher.addFixture();
    const input = { memberId: ids.member, name: 'Mia' };
    for (const token of [tokens.customer, tokens.owner, tokens.manager]) {
      expect((await update(usher, token, input)).word).toBe('ok');
    }
    expect((await update(usher, tokens.member, input)).word).toBe('NotPermitted');
  });

  test('a billing manager may neither update nor appoint an owner', async () => {
    const { ids, tokens } = await usher.addFixture();
    for (const input of [
      { memberId: ids.owner, name: 'Jane' },
      { memberId: ids.owner, role: 'MEMBER' },
      { memberId: ids.member, role: 'OWNER' },
      { memberId: ids.manager, role: 'OWNER' },
    ] as const) {
      expect((await update(usher, tokens.manager, input)).word).toBe('NotPermitted');
    }
    const input = { memberId: ids.member, role: 'BILLING_MANAGER' } as const;
    expect((await update(usher, tokens.manager, input)).word).toBe('ok');
    expect(await memberOf(ids.owner)).toMatchObject({ role: 'owner', modifiedAt: null });
  });

  test('a member of another tenant is not found', async () => {
    const { ids, tokens } = await usher.addFixture();
    const stranger: Fixture = await usher.addFixture();
    const removed = await usher.addFixture();
    await usher.db.member.updateMany({
      where: { id: removed.ids.member },
      data: { deletedAt: new Date() },
    });
    for (const [token, memberId] of [
      [tokens.organization, stranger.ids.member],
      [tokens.personal, stranger.ids.member],
      [tokens.owner, ids.otherMember],
      [tokens.otherCustomer, ids.member],
      [tokens.organization, randomUUID()],
      [removed.tokens.organization, removed.ids.member],
    ] as const) {
      expect(await update(usher, token, { memberId, name: 'x', role: 'OWNER' })).toEqual({
        word: 'ResourceNotFound',
      });
    }
    expect(await memberOf(stranger.ids.member)).toMatchObject({ modifiedAt: null });
  });
});
