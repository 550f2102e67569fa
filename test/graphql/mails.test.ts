import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Mail } from '../../src/db/generated/prisma/client.ts';
import { MailsDocument, type MailsQueryVariables } from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { addToken, givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { join } from '../support/webhooks.ts';
import type { World } from '../support/world.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function addMail(world: World, mail: Partial<Mail> = {}): Promise<Mail> {
  const now = new Date();
  return await usher.db.mail.create({
    data: {
      organizationId: world.ids.organization,
      kind: 'invitation',
      createdAt: now,
      nextAttemptAt: now,
      ...mail,
      invitationTokenHash: crypto.getRandomValues(new Uint8Array(32)),
    },
  });
}

async function mails(
  world: World,
  variables: MailsQueryVariables = {},
  token = world.tokens.organization,
) {
  const { data, errors } = await usher.graphql(MailsDocument, variables, token);
  return { page: data?.mails, errors };
}

test('mails come the newest first, page by page, and each with its seat', async () => {
  const world = await usher.addWorld({ seats: 10 });
  const sent: string[] = [];
  for (const index of range(5)) {
    const seat = await givenSeat(usher, world, { email: `person-${index}@globex.example` });
    const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, index));
    const { id } = await addMail(world, { seatId: seat.id, createdAt });
    sent.unshift(`${id} ${seat.email}`);
  }
  const seen: string[] = [];
  let after: string | null | undefined;
  do {
    const { page } = await mails(world, { first: 2, after });
    expect(page?.totalCount).toBe(5);
    seen.push(...(page?.nodes.map(({ id, seat }) => `${id} ${seat?.email}`) ?? []));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
  } while (after);
  expect(seen).toEqual(sent);
});

test('a mail tells how far it has come, and nothing that opens a seat', async () => {
  const world = await usher.addWorld();
  const failed = await addMail(world, {
    kind: 'webhook_disabled',
    status: 'failed',
    attempts: 10,
    recipient: 'ada@acme.example',
    error: 'The mail server said 550.',
    finishedAt: new Date(),
  });
  const pending = await addMail(world, { createdAt: new Date(0) });
  const { page } = await mails(world);
  expect(page?.nodes).toEqual([
    {
      id: failed.id,
      kind: 'WEBHOOK_DISABLED',
      status: 'FAILED',
      attempts: 10,
      createdAt: failed.createdAt.toISOString(),
      nextAttemptAt: null,
      finishedAt: failed.finishedAt?.toISOString(),
      error: 'The mail server said 550.',
      recipient: 'ada@acme.example',
      seat: null,
    },
    expect.objectContaining({
      id: pending.id,
      status: 'PENDING',
      nextAttemptAt: pending.nextAttemptAt.toISOString(),
      recipient: null,
    }),
  ]);
});

test('mails are told apart by status and kind: the failed ones are the dead letters', async () => {
  const world = await usher.addWorld();
  const dead = await addMail(world, { status: 'failed' });
  await addMail(world, { status: 'sent' });
  const reminder = await addMail(world, { kind: 'reminder', status: 'failed' });
  const idsOf = async (variables: MailsQueryVariables) =>
    (await mails(world, variables)).page?.nodes.map(({ id }) => id);
  expect(await idsOf({ status: ['FAILED'] })).toEqual([reminder.id, dead.id]);
  expect(await idsOf({ status: ['FAILED'], kind: ['INVITATION'] })).toEqual([dead.id]);
  expect(await idsOf({ kind: ['REMINDER', 'WEBHOOK_DISABLED'] })).toEqual([reminder.id]);
});

test('a full page asks the database for all of its seats at once', async () => {
  const world = await usher.addWorld({ seats: 100 });
  for (const index of range(100)) {
    const seat = await givenSeat(usher, world, { email: `person-${index}@globex.example` });
    await addMail(world, { seatId: seat.id });
  }
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    const { page, errors } = await mails(world, { first: 100 });
    expect(errors).toBeUndefined();
    expect(page?.nodes.filter(({ seat }) => seat !== null)).toHaveLength(100);
    expect(query.mock.calls.length).toBeLessThan(10);
  } finally {
    query.mockRestore();
  }
});

describe('mails are shown to', () => {
  test('tokens that read or write seats', async () => {
    const world = await usher.addWorld();
    await addMail(world);
    const { personal, reader } = world.tokens;
    const writer = await addToken(usher, world, ['customer_seats:write']);
    for (const token of [personal, reader, writer]) {
      expect((await mails(world, {}, token)).page?.totalCount).toBe(1);
    }
  });

  test('no other token, and no session', async () => {
    const world = await usher.addWorld();
    const { customer, owner, scopeless } = world.tokens;
    const webhooks = await addToken(usher, world, ['webhooks:write']);
    for (const token of [customer, owner, scopeless, webhooks]) {
      const { page, errors } = await mails(world, {}, token);
      expect(page).toBeNull();
      expect(errors?.[0]?.extensions?.code).toBe('NOT_PERMITTED');
    }
  });

  test('no other organization', async () => {
    const [world, stranger] = [await usher.addWorld(), await usher.addWorld()];
    await addMail(world);
    const { organization: organizationId } = world.ids;
    for (const token of [stranger.tokens.organization, stranger.tokens.personal]) {
      expect(await mails(stranger, { organizationId }, token)).toEqual({
        page: null,
        errors: undefined,
      });
      expect((await mails(stranger, {}, token)).page?.totalCount).toBe(0);
    }
  });

  test('a person who acts for several organizations and names one', async () => {
    const [world, second] = [await usher.addWorld(), await usher.addWorld()];
    await join(usher, world, second);
    await addMail(second);
    const token = world.tokens.personal;
    const { errors } = await mails(world, {}, token);
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_INPUT');
    const { organization: organizationId } = second.ids;
    expect((await mails(world, { organizationId }, token)).page?.totalCount).toBe(1);
  });
});
