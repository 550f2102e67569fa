import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccessToken, revokeAccessToken, SCOPES } from '../../src/auth/access-tokens.ts';
import { hashToken } from '../../src/auth/token.ts';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { remove, update } from '../members/calls.ts';
import type { Fixture } from '../support/fixture.ts';
import { importFile } from '../support/import.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { type Caller, verbsOf } from '../support/verbs.ts';
import { submit } from '../web/pages.ts';

// Decision 22: every event records who did it, by values that outlive the person and the token.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

/** Returns who did what to a seat, in order: `type kind label channel`. */
async function recordedOf(seatId: string) {
  const events = await usher.db.outboxEvent.findMany({
    where: { seatId },
    orderBy: { sequence: 'asc' },
  });
  return events.map(({ type, actorKind, actorId, actorLabel, actorChannel }) => ({
    type: type.replace('customer_seat.', ''),
    kind: actorKind,
    id: actorId,
    label: actorLabel,
    channel: actorChannel,
  }));
}

const idOfToken = async (token: string) =>
  (await usher.db.accessToken.findUniqueOrThrow({ where: { tokenHash: hashToken(token) } })).id;

/** The callers who may manage seats, and how an event records each. */
const CALLERS: [string, (fixture: Fixture) => Promise<{ caller: Caller; by: object }>][] = [
  [
    "an organization's token",
    async ({ tokens }) => {
      const id = await idOfToken(tokens.organization);
      return {
        caller: { token: tokens.organization, side: 'admin' },
        by: { kind: 'organization', id, label: id },
      };
    },
  ],
  [
    'a personal token',
    async ({ tokens, ids }) => ({
      caller: { token: tokens.personal, side: 'admin' },
      by: { kind: 'user', id: ids.user, label: 'ada@acme.example' },
    }),
  ],
  [
    "a customer's session",
    async ({ tokens, ids }) => ({
      caller: { token: tokens.customer, side: 'portal' },
      by: { kind: 'customer', id: ids.customer, label: 'Billing@globex.example' },
    }),
  ],
  [
    "an owner's session",
    async ({ tokens, ids }) => ({
      caller: { token: tokens.owner, side: 'portal' },
      by: { kind: 'member', id: ids.owner, label: 'jane@globex.example' },
    }),
  ],
  [
    "a billing manager's session",
    async ({ tokens, ids }) => ({
      caller: { token: tokens.manager, side: 'portal' },
      by: { kind: 'member', id: ids.manager, label: 'raj@globex.example' },
    }),
  ],
];

describe.each(['rest', 'graphql'] as const)('through %s', channel => {
  test.each(CALLERS)('%s: assign, resend and revoke; then the invitee claims', async (_, who) => {
    const fixture = await usher.addFixture();
    const { caller, by } = await who(fixture);
    const { assign, resend, revoke, claim } = verbsOf(usher, channel);
    const pool = { kind: 'subscription', id: fixture.ids.subscription } as const;
    const { seat } = await assign(caller, pool, 'sam@globex.example');
    const id = seat?.id ?? '';
    await resend(caller, id);
    await revoke(caller, id);
    await assign(caller, pool, 'sam@globex.example');
    expect((await claim(await tokenOf(usher, id))).word).toBe('ok');
    const { memberId } = await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
    const invitee = { kind: 'invitee', id: memberId, label: 'sam@globex.example' };
    expect(await recordedOf(id)).toEqual([
      { type: 'assigned', ...by, channel },
      { type: 'invitation_resent', ...by, channel },
      { type: 'revoked', ...by, channel },
      { type: 'assigned', ...by, channel },
      { type: 'claimed', ...invitee, channel },
    ]);
  });
});

test('concurrent assignments of several callers each record their own', async () => {
  const fixture = await usher.addFixture();
  const pool = { kind: 'subscription', id: fixture.ids.subscription } as const;
  const { assign } = verbsOf(usher, 'rest');
  const callers = await Promise.all(CALLERS.map(([, who]) => who(fixture)));
  const seats = await Promise.all(
    callers.map(({ caller }, i) => assign(caller, pool, `person-${i}@globex.example`)),
  );
  for (const [i, { seat }] of seats.entries()) {
    expect(await recordedOf(seat?.id ?? '')).toEqual([
      { type: 'assigned', ...callers[i]?.by, channel: 'rest' },
    ]);
  }
});

test('a claim on the page is recorded with the page', async () => {
  const fixture = await usher.addFixture();
  const { id } = await givenSeat(usher, fixture, { email: 'Sam@globex.example' });
  expect((await submit(usher, '/claim', { token: await tokenOf(usher, id) })).status).toBe(200);
  expect((await recordedOf(id)).at(-1)).toMatchObject({
    type: 'claimed',
    kind: 'invitee',
    label: 'Sam@globex.example',
    channel: 'claim_page',
  });
});

test('a member who is changed or removed: who did it is recorded with the seats', async () => {
  const fixture = await usher.addFixture();
  const { owner } = fixture.tokens;
  const { id } = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
  const by = { kind: 'member', id: fixture.ids.owner, label: 'jane@globex.example' };
  const memberId = fixture.ids.member;
  expect((await update(usher, owner, { memberId, email: 'mia@new.example' })).word).toBe('ok');
  expect((await remove(usher, owner, memberId)).word).toBe('ok');
  expect((await recordedOf(id)).slice(1)).toEqual([
    { type: 'invitation_resent', ...by, channel: 'graphql' },
    { type: 'revoked', ...by, channel: 'graphql' },
  ]);
});

test('an import that assigns seats, and ends a pool, is recorded as such', async () => {
  const fixture = await usher.addFixture();
  const [organization] = fixture.document.organizations;
  const id = crypto.randomUUID();
  const seat = {
    id,
    subscriptionId: fixture.ids.subscription,
    status: 'claimed',
    memberId: fixture.ids.member,
  };
  Object.assign(organization ?? {}, { seats: [seat] });
  await importFile(usher.databaseUrl, fixture.document);
  Object.assign(organization?.subscriptions[0] ?? {}, { status: 'canceled' });
  await importFile(usher.databaseUrl, fixture.document);
  const by = { kind: 'system', id: null, label: null, channel: 'import' };
  expect(await recordedOf(id)).toEqual([
    { type: 'claimed', ...by },
    { type: 'revoked', ...by },
  ]);
});

test('the record stays when the token is revoked and deleted, and in the archive', async () => {
  const fixture = await usher.addFixture();
  const { organization: organizationId } = fixture.ids;
  const { id: tokenId, token } = await createAccessToken(
    usher.db,
    { organization: fixture.slug },
    { scopes: SCOPES, expiresAt: null },
    new Date(),
  );
  const body = { subscription_id: fixture.ids.subscription, email: 'sam@globex.example' };
  const { body: seat } = await usher.rest('POST', '/v1/customer-seats', { token, body });
  await revokeAccessToken(usher.db, tokenId, new Date());
  await usher.db.accessToken.delete({ where: { id: tokenId } });
  const by = { kind: 'organization', id: tokenId, label: tokenId, channel: 'rest' };
  expect(await recordedOf(seat.id)).toEqual([{ type: 'assigned', ...by }]);
  const later = new Date(Date.now() + 1_000);
  await createFanOutJob({ db: usher.db, now: () => later }).run(new AbortController().signal);
  const job = createArchiveJob({ db: usher.db, now: () => later, retentionDays: 0 });
  await job.run(new AbortController().signal);
  const archived = await usher.db.archivedEvent.findMany({ where: { organizationId } });
  expect(archived).toMatchObject([
    { actorKind: by.kind, actorId: by.id, actorLabel: by.label, actorChannel: by.channel },
  ]);
});
