import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { ResendSeatInvitationDocument } from '../support/operations/graphql.ts';
import { inParallel, range } from '../support/parallel.ts';
import { assign, givenSeat, historyOf } from '../support/seats.ts';
import { startSecond } from '../support/second-server.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

const MINUTE_MS = 60_000;

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher({ clockStands: true });
});
afterAll(() => usher.close());

async function invitedSeat(email = 'sam@globex.example') {
  const fixture = await usher.addFixture();
  const { id } = await givenSeat(usher, fixture, { email });
  return { fixture, id: String(id) };
}

async function resend(fixture: Fixture, id: string) {
  const token = fixture.tokens.organization;
  return await usher.rest('POST', `/v1/customer-seats/${id}/resend`, { token });
}

async function resendInGraphQL(
  fixture: Fixture,
  seatId: string,
  token = fixture.tokens.organization,
) {
  const { data } = await usher.graphql(ResendSeatInvitationDocument, { input: { seatId } }, token);
  return data?.resendSeatInvitation;
}

async function optOut(fixture: Fixture, email: string): Promise<void> {
  const organizationId = fixture.ids.organization;
  await usher.db.mailOptOut.create({ data: { organizationId, email } });
}

describe('an invitation', () => {
  test('is resent once a minute, by any caller and through any API', async () => {
    const { fixture, id } = await invitedSeat();
    expect((await resend(fixture, id)).status).toBe(200);
    const link = await tokenOf(usher, id);
    const again = await resend(fixture, id);
    expect(again.status).toBe(429);
    const seconds = Number(again.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(again.body).toEqual({
      error: 'RateLimited',
      detail: `The invitation was resent too often. Try again in ${seconds} seconds.`,
    });
    const path = `/v1/customer-portal/seats/${id}/resend`;
    const { status } = await usher.rest('POST', path, { token: fixture.tokens.customer });
    expect(status).toBe(429);
    expect(await resendInGraphQL(fixture, id, fixture.tokens.owner)).toEqual({
      __typename: 'RateLimitedError',
      code: 'RATE_LIMITED',
      message: expect.stringContaining('Try again in'),
      retryAfter: expect.any(Number),
      retryAt: expect.any(String),
    });
    // Nothing was changed: the link is the one that was mailed.
    expect(await tokenOf(usher, id)).toBe(link);
    expect(await historyOf(usher, id)).toEqual(['assigned', 'invitation_resent']);

    usher.advance(MINUTE_MS);
    expect((await resend(fixture, id)).status).toBe(200);
  });

  test('is resent five times an hour, and says when the next time is', async () => {
    const { fixture, id } = await invitedSeat();
    for (const _ of range(5)) {
      expect((await resend(fixture, id)).status).toBe(200);
      usher.advance(2 * MINUTE_MS);
    }
    const refused = await resendInGraphQL(fixture, id);
    if (refused?.__typename !== 'RateLimitedError') throw new Error(refused?.__typename);
    expect(refused.retryAfter).toBeGreaterThan(49 * 60);
    expect(refused.retryAfter).toBeLessThanOrEqual(50 * 60);
    const wait = Date.parse(String(refused.retryAt)) - usher.now().getTime();
    expect(wait).toBeGreaterThan(49 * MINUTE_MS);
    expect(wait).toBeLessThanOrEqual(50 * MINUTE_MS);
    usher.advance(wait);
    expect((await resend(fixture, id)).status).toBe(200);
    usher.advance(MINUTE_MS);
    expect((await resend(fixture, id)).status).toBe(429);
    usher.advance(MINUTE_MS);
    expect((await resend(fixture, id)).status).toBe(200);
  });

  test('counts for its own seat, and anew where the seat is given anew', async () => {
    const { fixture, id } = await invitedSeat();
    const other = await givenSeat(usher, fixture, { email: 'kim@globex.example' });
    for (const seat of [id, other.id]) expect((await resend(fixture, seat)).status).toBe(200);
    const token = fixture.tokens.organization;
    await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
    const again = await assign(usher, fixture, { email: 'lee@globex.example' });
    expect(again.body.id).toBe(id);
    expect((await resend(fixture, id)).status).toBe(200);
    expect((await resend(fixture, id)).status).toBe(429);
  });

  test('is resent any number of times where the organization sends it itself', async () => {
    const { fixture, id } = await invitedSeat();
    const where = { id: fixture.ids.organization };
    await usher.db.organization.update({ where, data: { sendsInvitations: false } });
    await optOut(fixture, 'sam@globex.example');
    for (const _ of range(7)) {
      const { status, body } = await resend(fixture, id);
      expect(status).toBe(200);
      expect(body.invitation_url).toContain('/claim?token=');
    }
  });

  test.each([
    ['twenty at the same moment', 20],
    ['two', 2],
  ])('is resent once by %s from two servers', async (_, count) => {
    const { fixture, id } = await invitedSeat();
    const second = await startSecond(usher);
    try {
      const headers = { authorization: `Bearer ${fixture.tokens.organization}` };
      const statuses = await inParallel(range(count), count, async i => {
        const base = i % 2 === 0 ? usher.url : second.url;
        const url = `${base}/v1/customer-seats/${id}/resend`;
        return (await fetch(url, { method: 'POST', headers })).status;
      });
      expect(statuses.sort()).toEqual([200, ...Array(count - 1).fill(429)]);
      expect(await historyOf(usher, id)).toEqual(['assigned', 'invitation_resent']);
    } finally {
      await second.close();
    }
  });
});

// Without this, the only link that the person has would die for a mail that is never sent.
describe('somebody who has unsubscribed', () => {
  test('keeps their link, and the caller gets an error', async () => {
    const { fixture, id } = await invitedSeat('Sam@globex.example');
    const link = await tokenOf(usher, id);
    await optOut(fixture, 'sam@globex.example');
    const { status, body } = await resend(fixture, id);
    expect([status, body.error]).toEqual([400, 'InvitationsDeclined']);
    expect(await resendInGraphQL(fixture, id)).toMatchObject({
      __typename: 'InvitationsDeclinedError',
      code: 'INVITATIONS_DECLINED',
    });
    expect(await historyOf(usher, id)).toEqual(['assigned']);
    const claim = { body: { invitation_token: link } };
    expect((await usher.rest('POST', '/v1/customer-seats/claim', claim)).status).toBe(200);
  });

  test('can be invited by another organization, and again once they have undone it', async () => {
    const { fixture, id } = await invitedSeat();
    const other = await invitedSeat();
    await optOut(fixture, 'sam@globex.example');
    expect((await resend(other.fixture, other.id)).status).toBe(200);
    expect((await resend(fixture, id)).status).toBe(400);
    const organizationId = fixture.ids.organization;
    await usher.db.mailOptOut.deleteMany({ where: { organizationId } });
    expect((await resend(fixture, id)).status).toBe(200);
  });
});

test.each([
  [{ intervalMs: 0, perHour: 2 }, [200, 200, 429, 429]],
  [{ intervalMs: 3_600_000, perHour: 0 }, [200, 429, 429, 429]],
  [{ intervalMs: 0, perHour: 0 }, [200, 200, 200, 200]],
])('the limits can be set, and switched off: %o', async (resendLimits, expected) => {
  const usher = await startUsher({ resendLimits });
  try {
    const fixture = await usher.addFixture();
    const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
    const token = fixture.tokens.organization;
    const statuses: number[] = [];
    for (const _ of range(4)) {
      const { status } = await usher.rest('POST', `/v1/customer-seats/${id}/resend`, { token });
      statuses.push(status);
    }
    expect(statuses).toEqual(expected);
  } finally {
    await usher.close();
  }
});
