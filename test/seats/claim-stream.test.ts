import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat } from '../support/seats.ts';
import { type SecondServer, startSecond } from '../support/second-server.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let second: SecondServer;
beforeAll(async () => {
  usher = await startUsher();
  second = await startSecond(usher);
});
afterAll(async () => {
  await second.close();
  await usher.close();
});

/** A pending seat, with the token of its invitation. */
async function invited(fixture: Fixture, body: Record<string, unknown>) {
  const seat = await givenSeat(usher, fixture, body);
  return { id: seat.id, token: await tokenOf(usher, seat.id) };
}

async function claim(url: string, invitation_token: string): Promise<void> {
  const response = await fetch(`${url}/v1/customer-seats/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ invitation_token }),
  });
  expect(response.status).toBe(200);
  await response.arrayBuffer();
}

/** An open stream, read as it comes. */
async function open(url: string, token: string) {
  const client = new AbortController();
  const response = await fetch(`${url}/v1/customer-seats/claim/${token}/stream`, {
    signal: client.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    headers: response.headers,
    hangUp: () => client.abort(),
    /** What has come by the time that it matches. */
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) {
        const chunk = await reader?.read();
        if (!chunk || chunk.done) throw new Error(`The stream ended after ${text}`);
        text += chunk.value;
      }
      return text;
    },
    /** All that came, once the server has ended the stream. */
    async rest(): Promise<string> {
      for (;;) {
        const chunk = await reader?.read();
        if (!chunk || chunk.done) return text;
        text += chunk.value;
      }
    },
  };
}

const FRAME = /\r\n\r\n$/;

describe('the stream of an invitation', () => {
  test('tells of the claim in one frame of data alone', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    const stream = await open(usher.url, token);
    expect(stream.status).toBe(200);
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    await claim(usher.url, token);
    const frame = await stream.until(FRAME);
    const event = JSON.parse(frame.slice('data: '.length));
    expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(frame).toBe(
      `data: {"id":"${event.id}","key":"customer_seat.claimed","payload":{"seat_id":"${id}",` +
        `"subscription_id":"${fixture.ids.subscription}","order_id":null,"product_id":"${fixture.ids.product}"}}\r\n\r\n`,
    );
    stream.hangUp();
  });

  test('tells of a claim that another server takes', async () => {
    const fixture = await usher.addFixture();
    const { order } = fixture.ids;
    const { id, token } = await invited(fixture, { order_id: order, email: 'sam@globex.example' });
    const [here, there] = [await open(usher.url, token), await open(second.url, token)];
    await claim(second.url, token);
    for (const stream of [here, there]) {
      const frame = await stream.until(FRAME);
      expect(JSON.parse(frame.slice('data: '.length)).payload).toEqual({
        seat_id: id,
        subscription_id: null,
        order_id: order,
        product_id: fixture.ids.product,
      });
      stream.hangUp();
    }
  });

  // Decision 11: colleagues' claims are none of the invitee's business.
  test('does not tell of a colleague', async () => {
    const fixture = await usher.addFixture();
    const own = await invited(fixture, { email: 'sam@globex.example' });
    const colleague = await invited(fixture, { email: 'kim@globex.example' });
    const stream = await open(usher.url, own.token);
    await claim(usher.url, colleague.token);
    await claim(usher.url, own.token);
    const text = await stream.until(FRAME);
    expect(text).toContain(own.id);
    expect(text).not.toContain(colleague.id);
    expect(text.match(/data:/g)).toHaveLength(1);
    stream.hangUp();
  });
});

describe('an invitation that is no good has no stream', () => {
  test('unknown, used, expired, or of nobody', async () => {
    const fixture = await usher.addFixture();
    const used = await invited(fixture, { email: 'a@globex.example' });
    await claim(usher.url, used.token);
    const expired = await invited(fixture, { email: 'b@globex.example' });
    const nobodys = await invited(fixture, { email: 'c@globex.example' });
    await usher.db.customerSeat.updateMany({
      where: { id: expired.id },
      data: { invitationTokenExpiresAt: new Date(0) },
    });
    await usher.db.customerSeat.updateMany({
      where: { id: nobodys.id },
      data: { customerId: null },
    });
    for (const token of ['nonsense', used.token, expired.token, nobodys.token]) {
      const path = `/v1/customer-seats/claim/${token}/stream`;
      const { status, text } = await usher.rest('GET', path);
      expect(status).toBe(404);
      expect(text).toBe(
        '{"error":"ResourceNotFound","detail":"Invalid or expired invitation token"}',
      );
    }
  });

  test('but the flag does not matter', async () => {
    const fixture = await usher.addFixture();
    const { token } = await invited(fixture, { email: 'sam@globex.example' });
    await usher.db.organization.update({
      where: { id: fixture.ids.organization },
      data: { seatBasedPricingEnabled: false },
    });
    const stream = await open(usher.url, token);
    expect(stream.status).toBe(200);
    stream.hangUp();
  });
});

describe('a stream ends with its invitation', () => {
  const revoke = (fixture: Fixture, id: string) =>
    usher.rest('DELETE', `/v1/customer-seats/${id}`, { token: fixture.tokens.organization });

  test.each(['revoked', 'revoked and given to somebody who has claimed it'] as const)(
    '%s: it tells of no later holder',
    async what => {
      const fixture = await usher.addFixture();
      const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
      const streams = [await open(usher.url, token), await open(second.url, token)];
      await revoke(fixture, id);
      if (what !== 'revoked') {
        const next = await invited(fixture, { email: 'kim@globex.example' });
        expect(next.id).toBe(id);
        await claim(usher.url, next.token);
      }
      for (const stream of streams) expect(await stream.rest()).not.toContain('data:');
    },
  );

  test('revoked, and immediately assigned again', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    const stream = await open(usher.url, token);
    await revoke(fixture, id);
    await givenSeat(usher, fixture, { email: 'kim@globex.example', immediate_claim: true });
    expect(await stream.rest()).not.toContain('data:');
  });

  test('resent: the new link has a stream of its own', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    const stream = await open(usher.url, token);
    const path = `/v1/customer-seats/${id}/resend`;
    await usher.rest('POST', path, { token: fixture.tokens.organization });
    const renewed = await tokenOf(usher, id);
    const next = await open(usher.url, renewed);
    await claim(usher.url, renewed);
    expect(await stream.rest()).not.toContain('data:');
    expect(await next.rest()).toContain(id);
  });

  test('claimed: it has told so', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    const stream = await open(usher.url, token);
    await claim(usher.url, token);
    expect(await stream.rest()).toContain(id);
  });

  test('expired', async () => {
    const fixture = await usher.addFixture();
    const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
    await usher.db.customerSeat.updateMany({
      where: { id },
      data: { invitationTokenExpiresAt: new Date(Date.now() + 2_000) },
    });
    const stream = await open(usher.url, token);
    expect(stream.status).toBe(200);
    expect(await stream.rest()).toBe('');
  });

  test.each([{ status: 'blocked' as const }, { deletedAt: new Date() }])(
    'its organization no longer invites: %o',
    async data => {
      const fixture = await usher.addFixture();
      const { id, token } = await invited(fixture, { email: 'sam@globex.example' });
      const stream = await open(usher.url, token);
      await usher.db.organization.update({ where: { id: fixture.ids.organization }, data });
      // It looks with every sign of life; this is sooner.
      await usher.db.$queryRaw`SELECT pg_notify('usher_seat_changes', ${id})::text`;
      expect(await stream.rest()).not.toContain('data:');
    },
  );
});

describe('streams are counted', () => {
  test('five follow one invitation; a sixth is refused until one of them is gone', async () => {
    const fixture = await usher.addFixture();
    const { token } = await invited(fixture, { email: 'sam@globex.example' });
    const other = await invited(fixture, { email: 'kim@globex.example' });
    const streams = await Promise.all(Array.from({ length: 9 }, () => open(usher.url, token)));
    const [taken, refused] = [200, 429].map(status =>
      streams.filter(stream => stream.status === status),
    );
    expect([taken?.length, refused?.length]).toEqual([5, 4]);
    const answer = await usher.rest('GET', `/v1/customer-seats/claim/${token}/stream`);
    expect([answer.status, answer.body.error]).toEqual([429, 'TooManyStreams']);
    expect(answer.headers.get('retry-after')).toBe('15');
    const elsewhere = await open(usher.url, other.token);
    expect(elsewhere.status).toBe(200);
    taken?.[0]?.hangUp();
    await vi.waitFor(async () => {
      const again = await open(usher.url, token);
      streams.push(again);
      expect(again.status).toBe(200);
    });
    for (const stream of [...streams, elsewhere]) stream.hangUp();
  });

  test('what is no invitation takes no slot for long', async () => {
    for (let tries = 0; tries < 20; tries++) {
      expect((await open(usher.url, 'nonsense')).status).toBe(404);
    }
  });

  test('all of a process, too', async () => {
    const own = await startUsher({ claimStreams: 2 });
    try {
      const fixture = await own.addFixture();
      const streams = [];
      for (const name of ['a', 'b', 'c']) {
        const seat = await givenSeat(own, fixture, { email: `${name}@globex.example` });
        streams.push(await open(own.url, await tokenOf(own, seat.id)));
      }
      expect(streams.map(({ status }) => status)).toEqual([200, 200, 429]);
      for (const stream of streams) stream.hangUp();
    } finally {
      await own.close();
    }
  });
});

describe('a stream ends', () => {
  test('when the client goes: nobody listens for it any more', async () => {
    const fixture = await usher.addFixture();
    const { token } = await invited(fixture, { email: 'sam@globex.example' });
    const before = second.listeners();
    const stream = await open(second.url, token);
    await vi.waitFor(() => expect(second.listeners()).toBe(before + 1), { timeout: 10_000 });
    stream.hangUp();
    await vi.waitFor(() => expect(second.listeners()).toBe(before), { timeout: 10_000 });
  });

  test('when the server stops, which waits no longer than that', async () => {
    const fixture = await usher.addFixture();
    const { token } = await invited(fixture, { email: 'sam@globex.example' });
    const third = await startSecond(usher);
    const stream = await open(third.url, token);
    const started = performance.now();
    await third.close();
    expect(performance.now() - started).toBeLessThan(2000);
    expect(await stream.rest()).toBe('');
    expect(third.listeners()).toBe(0);
  });
});
