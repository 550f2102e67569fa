import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashToken } from '../../src/auth/token.ts';
import type { Prisma } from '../../src/db/client.ts';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { createRetentionJob, retentionStatements } from '../../src/events/retention.ts';
import type { Retention } from '../../src/events/retention-rules.ts';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { addToken, givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeEach(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterEach(() => usher.close());

const DAY_MS = 24 * 60 * 60_000;
const { signal } = new AbortController();
const daysAgo = (days: number) => new Date(usher.now().getTime() - days * DAY_MS);
const FOREVER: Retention = {
  archiveDays: 0,
  auditDays: 0,
  deletedDays: 0,
  mailDays: 0,
  tokenDays: 0,
};

async function apply(retention: Partial<Retention>): Promise<void> {
  const { db, now } = usher;
  const job = createRetentionJob({ db, now, retention: { ...FOREVER, ...retention } });
  while (await job.run(signal));
}

const addMember = (deletedAt: Date | null) =>
  usher.db.member.create({
    data: {
      id: randomUUID(),
      organizationId: fixture.ids.organization,
      customerId: fixture.ids.customer,
      email: `${randomUUID()}@globex.example`,
      deletedAt,
    },
  });

test('expired sessions are deleted in batches, whatever the settings', async () => {
  const { organization: organizationId, customer: customerId, member: memberId } = fixture.ids;
  const expiresAt = new Date(usher.now().getTime() - 1_000);
  const many = Array.from({ length: 1_200 }, () => ({
    ...{ organizationId, customerId, memberId, expiresAt },
    tokenHash: hashToken(randomUUID()),
  }));
  const { db, now } = usher;
  const open = await db.memberSession.count({ where: { expiresAt: { gt: now() } } });
  await db.memberSession.createMany({ data: many });
  await db.customerSession.create({
    data: { organizationId, customerId, tokenHash: hashToken('old'), expiresAt },
  });
  const job = createRetentionJob({ db, now, retention: FOREVER });
  expect(await job.run(signal)).toBe(true);
  expect(await db.memberSession.count()).toBeGreaterThanOrEqual(open + 700);
  while (await job.run(signal));
  expect(await db.memberSession.count()).toBe(open);
  expect(await db.customerSession.count({ where: { tokenHash: hashToken('old') } })).toBe(0);
  for (const token of [fixture.tokens.member, fixture.tokens.customer]) {
    const { data } = await usher.graphql<{ viewer: object | null }, object>(
      '{ viewer { kind } }',
      {},
      token,
    );
    expect(data?.viewer).not.toBeNull();
  }
});

test('archived events are deleted their days after they were archived, in batches, or never', async () => {
  await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const { db, now } = usher;
  while (await createFanOutJob({ db, now }).run(signal));
  await createArchiveJob({ db, now: () => daysAgo(-1), retentionDays: 0 }).run(signal);
  const [event] = await db.archivedEvent.findMany();
  const many = (archivedAt: Date, count: number) =>
    db.$executeRaw`
      INSERT INTO archived_events
             (organization_id, id, sequence, created_at, type, seat_id, payload, deliveries, archived_at, actor_kind, actor_channel)
      SELECT organization_id, gen_random_uuid(), sequence, created_at, type, seat_id, payload, deliveries, ${archivedAt}, actor_kind, actor_channel
        FROM archived_events CROSS JOIN generate_series(1, ${count}::integer) WHERE id = ${event?.id}::uuid`;
  await many(daysAgo(31), 1_200);
  await many(daysAgo(29), 2);
  await apply({});
  expect(await db.archivedEvent.count()).toBe(1_203);
  await apply({ archiveDays: 30 });
  expect(await db.archivedEvent.count()).toBe(3);
});

test('audit events are deleted their days after they happened, or never', async () => {
  const before = await usher.db.auditEvent.count();
  const add = (createdAt: Date) =>
    usher.db.auditEvent.create({
      data: {
        organizationId: fixture.ids.organization,
        createdAt,
        type: 'settings_updated',
        subjectId: fixture.ids.organization,
        actorKind: 'system',
        actorChannel: 'command',
      },
    });
  await add(daysAgo(31));
  const young = await add(daysAgo(29));
  await apply({});
  expect(await usher.db.auditEvent.count()).toBe(before + 2);
  await apply({ auditDays: 30 });
  expect(await usher.db.auditEvent.count()).toBe(before + 1);
  expect(await usher.db.auditEvent.count({ where: { id: young.id } })).toBe(1);
});

test('a removed member is deleted, but not a live one, nor one who still holds a seat', async () => {
  const [old, young, live, holder] = [
    await addMember(daysAgo(31)),
    await addMember(daysAgo(29)),
    await addMember(null),
    await addMember(null),
  ];
  await givenSeat(usher, fixture, { member_id: holder.id });
  await usher.db.member.updateMany({ where: { id: holder.id }, data: { deletedAt: daysAgo(31) } });
  await apply({ deletedDays: 30 });
  const left = await usher.db.member.findMany({ select: { id: true } });
  const ids = left.map(({ id }) => id);
  expect(ids).not.toContain(old.id);
  expect(ids).toEqual(expect.arrayContaining([young.id, live.id, holder.id]));
});

test('a deleted webhook endpoint is deleted once its deliveries are archived', async () => {
  const add = () => addEndpoint(usher, fixture, 'https://receiver.example/hook');
  const [old, young, live, withDelivery] = [await add(), await add(), await add(), await add()];
  await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const { db, now } = usher;
  while (await createFanOutJob({ db, now }).run(signal));
  await db.webhookDelivery.deleteMany({ where: { endpointId: { not: withDelivery.id } } });
  const end = (id: string, deletedAt: Date) =>
    db.webhookEndpoint.updateMany({ where: { id }, data: { deletedAt } });
  await end(old.id, daysAgo(31));
  await end(withDelivery.id, daysAgo(31));
  await end(young.id, daysAgo(29));
  await apply({ deletedDays: 30 });
  const left = await db.webhookEndpoint.findMany({ select: { id: true } });
  expect(left.map(({ id }) => id).sort()).toEqual([young.id, live.id, withDelivery.id].sort());
});

test('an expired token is deleted; a revoked one stays until it expires', async () => {
  const scopes = ['customer_seats:read'];
  const tokens = [
    await addToken(usher, fixture, scopes, { expiresAt: daysAgo(31) }),
    await addToken(usher, fixture, scopes, { expiresAt: daysAgo(29) }),
    await addToken(usher, fixture, scopes, { revokedAt: daysAgo(90) }),
  ];
  await apply({ tokenDays: 30 });
  const left = await usher.db.accessToken.findMany({ select: { tokenHash: true } });
  const hashes = left.map(({ tokenHash }) => Buffer.from(tokenHash).toString('hex'));
  expect(
    tokens.map(token => hashes.includes(Buffer.from(hashToken(token)).toString('hex'))),
  ).toEqual([false, true, true]);
});

test('a finished mail is deleted, and a pending one that cannot be sent any more', async () => {
  const { db, now } = usher;
  const [sent, expired, revoked, renewed, current, endless, young] = await Promise.all(
    ['sent', 'expired', 'revoked', 'renewed', 'current', 'endless', 'young'].map(name =>
      givenSeat(usher, fixture, {
        email: `${name}@globex.example`,
        ...(['endless', 'young'].includes(name) && { order_id: fixture.ids.order }),
      }),
    ),
  );
  while (await createFanOutJob({ db, now }).run(signal));
  const seat = (id: string, data: Prisma.CustomerSeatUpdateManyMutationInput) =>
    db.customerSeat.updateMany({ where: { id }, data });
  await seat(sent.id, { invitationTokenExpiresAt: null });
  await seat(expired.id, { invitationTokenExpiresAt: daysAgo(199) });
  await usher.rest('DELETE', `/v1/customer-seats/${revoked.id}`, {
    token: fixture.tokens.organization,
  });
  await seat(renewed.id, { invitationTokenHash: hashToken('another') });
  await seat(current.id, { invitationTokenExpiresAt: daysAgo(-1) });
  await seat(endless.id, { invitationTokenExpiresAt: null });
  await seat(young.id, { invitationTokenExpiresAt: daysAgo(1) });
  await db.mail.updateMany({
    where: { seatId: { not: young.id } },
    data: { createdAt: daysAgo(200) },
  });
  await db.mail.updateMany({ where: { seatId: sent.id }, data: { status: 'sent' } });
  const leased = await db.mail.create({
    data: {
      organizationId: fixture.ids.organization,
      createdAt: daysAgo(200),
      kind: 'webhook_disabled',
      nextAttemptAt: daysAgo(200),
      leasedUntil: daysAgo(-1),
    },
  });
  await apply({});
  expect(await db.mail.count()).toBe(8);
  await apply({ mailDays: 30 });
  const kept = await db.mail.findMany({ select: { id: true, seatId: true } });
  expect(kept.map(({ seatId, id }) => seatId ?? id).sort()).toEqual(
    [current.id, endless.id, young.id, leased.id].sort(),
  );
});

test('each statement finds its rows by an index, also before statistics are gathered', async () => {
  const all = Object.fromEntries(Object.keys(FOREVER).map(name => [name, 30]));
  const statements = retentionStatements(all as unknown as Retention, usher.now());
  expect(statements).toHaveLength(9);
  const plans = await usher.db.$transaction(async tx => {
    // As the worker's connections do.
    await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    await tx.$executeRaw`SET LOCAL plan_cache_mode = force_custom_plan`;
    const found: string[] = [];
    for (const statement of statements) {
      const rows = await tx.$queryRaw<{ 'QUERY PLAN': string }[]>`EXPLAIN ${statement}`;
      found.push(rows.map(row => row['QUERY PLAN']).join('\n'));
    }
    return found;
  });
  const indexes = [
    'customer_sessions_expires_at_idx',
    'member_sessions_expires_at_idx',
    'idempotency_keys_created_at_idx',
    'archived_events_archived_at_idx',
    'audit_events_created_at_idx',
    'mails_created_at_idx',
    'access_tokens_expires_at_idx',
    'members_deleted_at_idx',
    'webhook_endpoints_deleted_at_idx',
  ];
  for (const [n, index] of indexes.entries()) {
    expect(plans[n]).toMatch(new RegExp(`Index Scan (using|on) ${index} `));
    expect(plans[n]).toContain('Tid Scan on');
    expect(plans[n]).not.toContain('Seq Scan');
  }
});
