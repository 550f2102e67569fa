import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Mail } from '../../src/db/generated/prisma/client.ts';
import type { Fixture } from '../support/fixture.ts';
import { MailsDocument, type MailsQueryVariables } from '../support/operations/graphql.ts';
import { range } from '../support/parallel.ts';
import { addToken, givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { join } from '../support/webhooks.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function addMail(fixture: Fixture, mail: Partial<Mail> = {}): Promise<Mail> {
  const now = new Date();
  return await usher.db.mail.create({
    data: {
      organizationId: fixture.ids.organization,
      kind: 'invitation',
      createdAt: now,
      nextAttemptAt: now,
      ...mail,
      invitationTokenHash: crypto.getRandomValues(new Uint8Array(32)),
    },
  });
}

async function mails(
  fixture: Fixture,
  variables: MailsQueryVariables = {},
  token = fixture.tokens.organization,
) {
  const { data, errors } = await usher.graphql(MailsDocument, variables, token);
  return { page: data?.mails, errors };
}

test('mails come the newest first, page by page, and each with its seat', async () => {
  const fixture = await usher.addFixture({ seats: 10 });
  const sent: string[] = [];
  for (const index of range(5)) {
    const seat = await givenSeat(usher, fixture, { email: `person-${index}@globex.example` });
    const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, index));
    const { id } = await addMail(fixture, { seatId: seat.id, createdAt });
    sent.unshift(`${id} ${seat.email}`);
  }
  const seen: string[] = [];
  let after: string | null | undefined;
  do {
    const { page } = await mails(fixture, { first: 2, after });
    expect(page?.totalCount).toBe(5);
    seen.push(...(page?.nodes.map(({ id, seat }) => `${id} ${seat?.email}`) ?? []));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
  } while (after);
  expect(seen).toEqual(sent);
});

test('a mail tells how far it has come, and nothing that opens a seat', async () => {
  const fixture = await usher.addFixture();
  const failed = await addMail(fixture, {
    kind: 'webhook_disabled',
    status: 'failed',
    attempts: 10,
    recipient: 'ada@acme.example',
    error: 'The mail server said 550.',
    finishedAt: new Date(),
  });
  const pending = await addMail(fixture, { createdAt: new Date(0) });
  const { page } = await mails(fixture);
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
  const fixture = await usher.addFixture();
  const dead = await addMail(fixture, { status: 'failed' });
  await addMail(fixture, { status: 'sent' });
  const reminder = await addMail(fixture, { kind: 'reminder', status: 'failed' });
  const idsOf = async (variables: MailsQueryVariables) =>
    (await mails(fixture, variables)).page?.nodes.map(({ id }) => id);
  expect(await idsOf({ status: ['FAILED'] })).toEqual([reminder.id, dead.id]);
  expect(await idsOf({ status: ['FAILED'], kind: ['INVITATION'] })).toEqual([dead.id]);
  expect(await idsOf({ kind: ['REMINDER', 'WEBHOOK_DISABLED'] })).toEqual([reminder.id]);
});

test('a full page reads all its seats with one statement', async () => {
  const fixture = await usher.addFixture({ seats: 100 });
  for (const index of range(100)) {
    const seat = await givenSeat(usher, fixture, { email: `person-${index}@globex.example` });
    await addMail(fixture, { seatId: seat.id });
  }
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    const { page, errors } = await mails(fixture, { first: 100 });
    expect(errors).toBeUndefined();
    expect(page?.nodes.filter(({ seat }) => seat !== null)).toHaveLength(100);
    expect(query.mock.calls.length).toBeLessThan(10);
  } finally {
    query.mockRestore();
  }
});

describe('mails are shown to', () => {
  test('tokens that read or write seats', async () => {
    const fixture = await usher.addFixture();
    await addMail(fixture);
    const { personal, reader } = fixture.tokens;
    const writer = await addToken(usher, fixture, ['customer_seats:write']);
    for (const token of [personal, reader, writer]) {
      expect((await mails(fixture, {}, token)).page?.totalCount).toBe(1);
    }
  });

  test('no other token, and no session', async () => {
    const fixture = await usher.addFixture();
    const { customer, owner, scopeless } = fixture.tokens;
    const webhooks = await addToken(usher, fixture, ['webhooks:write']);
    for (const token of [customer, owner, scopeless, webhooks]) {
      const { page, errors } = await mails(fixture, {}, token);
      expect(page).toBeNull();
      expect(errors?.[0]?.extensions?.code).toBe('NOT_PERMITTED');
    }
  });

  test('no other organization', async () => {
    const [fixture, stranger] = [await usher.addFixture(), await usher.addFixture()];
    await addMail(fixture);
    const { organization: organizationId } = fixture.ids;
    for (const token of [stranger.tokens.organization, stranger.tokens.personal]) {
      expect(await mails(stranger, { organizationId }, token)).toEqual({
        page: null,
        errors: undefined,
      });
      expect((await mails(stranger, {}, token)).page?.totalCount).toBe(0);
    }
  });

  test('a person who acts for several organizations and names one', async () => {
    const [fixture, second] = [await usher.addFixture(), await usher.addFixture()];
    await join(usher, fixture, second);
    await addMail(second);
    const token = fixture.tokens.personal;
    const { errors } = await mails(fixture, {}, token);
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_INPUT');
    const { organization: organizationId } = second.ids;
    expect((await mails(fixture, { organizationId }, token)).page?.totalCount).toBe(1);
  });
});
