import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { ended, invited, rename } from './invitations.ts';
import { submit, visit } from './pages.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function rowOf(seatId: string) {
  return await usher.db.customerSeat.findFirstOrThrow({ where: { id: seatId } });
}

describe('the button of the claim page', () => {
  test('claims the seat, and says so', async () => {
    const fixture = await usher.addFixture();
    const { seatId, token } = await invited(usher, fixture);
    const { status, headers, title, text, html, policy } = await submit(usher, '/claim', { token });
    expect(status).toBe(200);
    expect(title).toBe('You’re in – Team Pro – Acme');
    expect(text).toContain('You now have a seat in Team Pro.');
    expect(html).not.toMatch(/usher_|globex/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(policy['form-action']).toEqual(["'none'"]);
    expect(policy['script-src']).toBeUndefined();
    expect(await historyOf(usher, seatId)).toEqual(['assigned', 'claimed']);
    expect((await submit(usher, '/claim', { token })).title).toContain('Invitation used');
  });

  test('leads to the return address, with a session that works in the fragment', async () => {
    const fixture = await usher.addFixture();
    await rename(usher, fixture, { returnUrl: 'https://app.acme.example/in' });
    const { token } = await invited(usher, fixture);
    const { status, headers, html } = await submit(usher, '/claim', { token });
    expect([status, html]).toEqual([303, '']);
    const location = headers.get('location') ?? '';
    expect(location).toMatch(
      /^https:\/\/app\.acme\.example\/in#customer_session_token=usher_mst_[\w-]{43}$/,
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    const session = location.split('=')[1];
    const path = '/v1/customer-portal/seats/subscriptions';
    const { body } = await usher.rest('GET', path, { token: session });
    expect(body.pagination.total_count).toBe(1);
  });

  test.each([
    ['https://app.acme.example', 'https://app.acme.example/#customer_session_token='],
    ['https://acme.example/a?b=c%20d', 'https://acme.example/a?b=c%20d#customer_session_token='],
    ['https://acme.example/#/in', 'https://acme.example/#/in&customer_session_token='],
    ['https://acme.example/#a=b', 'https://acme.example/#a=b&customer_session_token='],
    ['https://acme.example/#', 'https://acme.example/#customer_session_token='],
    ['https://münchen.example/ü', 'https://xn--mnchen-3ya.example/%C3%BC#customer_session_token='],
    ['http://localhost:3000/', 'http://localhost:3000/#customer_session_token='],
  ])('leads to %s', async (returnUrl, expected) => {
    const fixture = await usher.addFixture();
    await rename(usher, fixture, { returnUrl });
    const { token } = await invited(usher, fixture);
    const { headers } = await submit(usher, '/claim', { token });
    expect(headers.get('location')?.replace(/usher_.*/, '')).toBe(expected);
  });

  test.each(['javascript:alert(1)', 'nowhere', '', 'myapp://in', 'data:text/html,x'])(
    'leads nowhere for %j, which is no address of a page',
    async returnUrl => {
      const fixture = await usher.addFixture();
      await rename(usher, fixture, { returnUrl });
      const { token, path } = await invited(usher, fixture);
      expect((await visit(usher, path)).policy['form-action']).toEqual(["'self'"]);
      expect((await submit(usher, '/claim', { token })).status).toBe(200);
      expect((await visit(usher, path)).html).not.toContain('<a ');
    },
  );

  test('may go on to an address whose host is a number in brackets', async () => {
    const fixture = await usher.addFixture();
    await rename(usher, fixture, { returnUrl: 'http://[::1]:3000/in' });
    const { path } = await invited(usher, fixture);
    expect((await visit(usher, path)).policy['form-action']).toEqual(["'self'", 'http:']);
  });

  test('lets one of many in, and tells the others', async () => {
    const { token } = await invited(usher, await usher.addFixture());
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => submit(usher, '/claim', { token })),
    );
    const titles = answers.map(({ title }) => title.split(' – ')[0]).sort();
    expect(titles).toEqual([...Array(5).fill('Invitation used'), 'You’re in']);
  });

  test('shows the same dead ends as the link', async () => {
    const fixture = await usher.addFixture();
    for (const end of ['used', 'expired', 'revoked'] as const) {
      const { token, path } = await ended(usher, fixture, end);
      const { status, html } = await submit(usher, '/claim', { token });
      expect(status).toBe(410);
      expect(html).toBe((await visit(usher, path)).html);
    }
  });

  test('says so where the person has another seat of the pool', async () => {
    const fixture = await usher.addFixture();
    const { seatId, token } = await invited(usher, fixture);
    const seated = await givenSeat(usher, fixture, { email: 'lee@globex.example' });
    // Invited by an address alone, as an import can leave it; the address is that of a member who is seated by another.
    const change = async (id: string, data: { memberId: string | null; email?: string }) =>
      await usher.db.customerSeat.updateMany({ where: { id }, data });
    await change(seatId, { memberId: null, email: 'mia@globex.example' });
    await change(seated.id, { memberId: fixture.ids.member });
    const { status, text } = await submit(usher, '/claim', { token });
    expect(status).toBe(409);
    expect(text).toContain('You may already have a seat in Team Pro');
    expect((await rowOf(seatId)).status).toBe('pending');
  });

  test('takes a form alone, and no long one', async () => {
    const { seatId, token } = await invited(usher, await usher.addFixture());
    const post = async (body: string | FormData | Blob, type?: string) =>
      await visit(usher, '/claim', {
        method: 'POST',
        body,
        ...(type !== undefined && { headers: { 'content-type': type } }),
      });
    const multipart = new FormData();
    multipart.set('token', token);
    expect((await post(JSON.stringify({ token }), 'application/json')).status).toBe(415);
    expect((await post(`token=${token}`, 'text/plain')).status).toBe(415);
    expect((await post(new Blob([`token=${token}`]))).status).toBe(415);
    expect((await post(multipart)).status).toBe(415);
    const long = `token=${token}&x=${'x'.repeat(20_000)}`;
    expect((await post(long, 'application/x-www-form-urlencoded')).status).toBe(413);
    expect((await rowOf(seatId)).status).toBe('pending');
    const charset = 'Application/X-WWW-Form-URLencoded; charset=UTF-8';
    expect((await post(`token=${token}`, charset)).title).toContain('You’re in');
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('is no answer to %s', async method => {
    const { token, seatId, path } = await invited(usher, await usher.addFixture());
    const { status, headers, html } = await visit(usher, path, { method });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect(html).not.toContain(token);
    expect((await rowOf(seatId)).status).toBe('pending');
  });
});
