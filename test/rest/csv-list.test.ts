import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows } from '../../src/csv/read-rows.ts';
import { SEAT_TABLE } from '../../src/csv/seat-table.ts';
import { range } from '../support/parallel.ts';
import { givenSeat } from '../support/seats.ts';
import { statementsOf } from '../support/statements.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const ADMIN = '/v1/customer-seats';
const PORTAL = '/v1/customer-portal/seats';
const CSV = { accept: 'text/csv' };

async function rowsOf(text: string): Promise<Record<string, string>[]> {
  const rows = [];
  for await (const { cells } of readRows(Readable.from([Buffer.from(text)]))) rows.push(cells);
  const [header = [], ...others] = rows;
  return others.map(cells => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
}

test('a list is CSV to who accepts it, with the same seats in the same order', async () => {
  const fixture = await usher.addFixture();
  const { organization: token, member } = fixture.tokens;
  const metadata = { note: '=1+1', n: 1 };
  await givenSeat(usher, fixture, { external_member_id: 'usr_mia', metadata });
  await givenSeat(usher, fixture, { email: '+plus@globex.example', immediate_claim: true });
  const gone = await givenSeat(usher, fixture, { email: 'gone@globex.example' });
  await usher.rest('DELETE', `${ADMIN}/${gone.id}`, { token });
  const query = `?subscription_id=${fixture.ids.subscription}`;

  const { body, headers } = await usher.rest('GET', ADMIN + query, { token });
  expect(headers.get('vary')).toBe('Accept');
  const answer = await usher.rest('GET', ADMIN + query, { token, headers: CSV });
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('vary')).toBe('Accept');
  expect(answer.text).toContain("'+plus@globex.example");
  const rows = await rowsOf(answer.text);
  expect(Object.keys(rows[0] ?? {})).toEqual([...SEAT_TABLE]);
  for (const [index, { member, seat_metadata, ...seat }] of body.seats.entries()) {
    const row = rows[index] ?? {};
    const texts = Object.entries(seat).map(([name, value]) => [name, value ?? '']);
    expect(row).toMatchObject(Object.fromEntries(texts));
    expect(JSON.parse(row.seat_metadata ?? '')).toEqual(seat_metadata);
    expect(row.member_external_id).toBe(member?.external_id ?? '');
  }
  const portal = await usher.rest('GET', PORTAL + query, { token: member, headers: CSV });
  expect(portal.text).toBe(answer.text);
});

test('a list is JSON to everybody else', async () => {
  const fixture = await usher.addFixture();
  const token = fixture.tokens.organization;
  const query = `?subscription_id=${fixture.ids.subscription}`;
  for (const accept of ['*/*', 'application/json', 'application/json, text/csv', 'image/png']) {
    const { headers } = await usher.rest('GET', ADMIN + query, { token, headers: { accept } });
    expect(headers.get('content-type')).toBe('application/json');
  }
});

test('a long list is read page by page', async () => {
  const fixture = await usher.addFixture({ seats: 2_000 });
  const token = fixture.tokens.organization;
  for (const from of [0, 1_000]) {
    const seats = range(1_000).map(i => ({ email: `p-${from + i}@globex.example` }));
    const body = { subscription_id: fixture.ids.subscription, seats };
    await usher.rest('POST', `${ADMIN}/batch`, { token, body });
  }
  const query = `?subscription_id=${fixture.ids.subscription}`;
  let text = '';
  const statements = await statementsOf(async () => {
    ({ text } = await usher.rest('GET', ADMIN + query, { token, headers: CSV }));
  });
  // The pool, two full pages, and one that is empty.
  expect(statements.length).toBe(4);
  const { body } = await usher.rest('GET', ADMIN + query, { token });
  const ids = (rows: { id?: string }[]) => rows.map(({ id }) => id);
  expect(ids(await rowsOf(text))).toEqual(ids(body.seats));
});

test('who may not list gets no file', async () => {
  const [fixture, other] = [await usher.addFixture(), await usher.addFixture()];
  const query = `?subscription_id=${fixture.ids.subscription}`;
  const statuses = [];
  for (const token of [undefined, other.tokens.organization, fixture.tokens.scopeless]) {
    const { status, headers } = await usher.rest('GET', ADMIN + query, { token, headers: CSV });
    expect(headers.get('content-type')).toBe('application/json');
    statuses.push(status);
  }
  expect(statuses).toEqual([401, 404, 403]);
});
