import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '../src/log.ts';
import type { Fixture } from './support/fixture.ts';
import { tokenOf } from './support/invitations.ts';
import { givenSeat } from './support/seats.ts';
import { startUsher, type TestUsher } from './support/usher.ts';
import { verbsOf } from './support/verbs.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

/** Whatever has been handed out; nothing of it may be found in the log. */
const secrets = new Set<string>();

async function claimed(invitation_token: string): Promise<string> {
  secrets.add(invitation_token);
  const body = { invitation_token };
  const answer = await usher.rest('POST', '/v1/customer-seats/claim', { body });
  return answer.body.customer_session_token ?? '';
}

/** Every verb on both APIs, with what goes well and what does not. */
async function everything(): Promise<void> {
  const pool = { kind: 'subscription', id: fixture.ids.subscription } as const;
  const seller = { token: fixture.tokens.organization, side: 'admin' } as const;
  const member = { token: fixture.tokens.member, side: 'portal' } as const;
  const stranger = { token: fixture.tokens.otherCustomer, side: 'portal' } as const;
  for (const api of ['rest', 'graphql'] as const) {
    const { assign, revoke, resend, claim, claimInfo, list } = verbsOf(usher, api);
    const email = `${api}.person@globex.example`;
    const { seat } = await assign(seller, pool, email);
    const id = seat?.id ?? '';
    for (const caller of [seller, member, stranger]) await assign(caller, pool, email, true);
    const old = await tokenOf(usher, id);
    await claimInfo(old);
    await resend(seller, id);
    await claim(old);
    const renewed = await tokenOf(usher, id);
    secrets.add(old);
    secrets.add(await claimed(renewed));
    await claim(renewed);
    await resend(seller, id);
    await list(seller, pool);
    for (const caller of [member, stranger, seller, seller]) await revoke(caller, id);
    await usher.rest('GET', `/v1/customer-seats/claim/${renewed}/stream`);
    await usher.rest('GET', `/v1/customer-seats/claim/${renewed}/x`);
  }
  for (const token of [
    ...Object.values(fixture.tokens),
    'usher_oat_unknown.person@globex.example',
  ]) {
    await usher.rest('GET', '/v1/customer-portal/seats/subscriptions', { token });
    await usher.graphql('{ viewer { member { email } customer { email } } }', {}, token);
    const body = { customer_id: fixture.ids.customer };
    const session = await usher.rest('POST', '/v1/customer-sessions/', { token, body });
    if (session.body.token) secrets.add(session.body.token);
    const bad = { subscription_id: pool.id, email: 'rest.person@globex', metadata: { token } };
    await usher.rest('POST', '/v1/customer-seats', { token, body: bad });
    await usher.rest('POST', '/v1/customer-seats', { token, body: `{"email":"${token}` });
    await usher.graphql(`{ customerSeat(id: "${token}") { id } }`, {}, token);
    await usher.graphql(`mutation { claimSeat(input: { invitationToken: 7 }) { ${token} } }`, {});
  }
}

/** Makes the database refuse each seat, with a message that quotes the row. */
async function failing(work: () => Promise<void>): Promise<void> {
  await usher.db.$executeRaw`
    ALTER TABLE customer_seats ADD CONSTRAINT broken CHECK (id IS NULL) NOT VALID`;
  await work();
  await usher.db.$executeRaw`ALTER TABLE customer_seats DROP CONSTRAINT broken`;
}

/** The status of a call that breaks: an answer that no endpoint describes. */
async function broken(method: string, path: string, token?: string, body?: object) {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(usher.url + path, request);
  await response.arrayBuffer();
  return response.status;
}

test('neither tokens nor addresses are in the log, whatever happens', async () => {
  const pending = await givenSeat(usher, fixture, { email: 'pending.person@globex.example' });
  const invitation = await tokenOf(usher, pending.id);
  await everything();
  expect(usher.log).toEqual([]);

  const { organization: token } = fixture.tokens;
  const email = 'unlucky.person@globex.example';
  await failing(async () => {
    const body = { subscription_id: fixture.ids.subscription, email };
    const seat = `/v1/customer-seats/${pending.id}`;
    const claim = { invitation_token: invitation };
    const statuses = [
      await broken('POST', '/v1/customer-seats', token, body),
      await broken('POST', `${seat}/resend`, token),
      await broken('DELETE', seat, token),
      await broken('POST', '/v1/customer-seats/claim', undefined, claim),
    ];
    expect(statuses).toEqual([500, 500, 500, 500]);
    const input = `source: { subscriptionId: "${body.subscription_id}" }, recipient: { email: "${email}" }`;
    const mutation = `mutation { assignSeat(input: { ${input} }) { __typename } }`;
    const { status } = await usher.graphql(mutation, {}, token);
    expect(status).toBe(500);
  });
  // What went wrong unforeseen is told, with its reason.
  expect(usher.log).toHaveLength(5);
  for (const line of usher.log) expect(line).toContain('broken');

  const text = usher.log.join('');
  for (const secret of [...Object.values(fixture.tokens), ...secrets, invitation]) {
    expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(/usher_[a-z]{3}_/);
  expect(text).not.toMatch(/@(globex|initech|acme)\.example/i);
  expect(text).not.toContain('unlucky');
});

test('an error of the driver itself, however it is wrapped, loses the row that it quotes', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: line => void lines.push(line) });
  const quoting = { message: 'duplicate key', detail: 'Key (email)=(sam@globex.example) exists.' };
  const bare = Object.assign(new Error(quoting.message), quoting);
  const wrapped = Object.assign(new Error(quoting.message), { cause: quoting });
  log.error({ err: bare });
  log.error({ err: wrapped });
  for (const line of lines) expect(line).toContain('duplicate key');
  expect(lines.join('')).not.toContain('sam@');
  expect(bare.detail).toBe(quoting.detail);
});

test('an error of a connection does not bring the driver itself into the log', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: line => void lines.push(line) });
  const error = Object.assign(new Error('the connection broke'), { client: { secretKey: 4711 } });
  log.warn({ err: error }, 'lost');
  expect(lines.join('')).toContain('the connection broke');
  expect(lines.join('')).not.toContain('4711');
});
