import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.ts';
import { readRows } from '../../src/csv/read-rows.ts';
import { UNLIMITED } from '../../src/rate-limits/rate-limits.ts';
import { answerFile, type CsvTable } from '../../src/rest/csv-table.ts';
import { errorResponse } from '../../src/rest/errors.ts';
import type { AppEnv } from '../../src/rest/routing.ts';
import type { Fixture } from '../support/fixture.ts';
import { checkPool } from '../support/invariants.ts';
import { range } from '../support/parallel.ts';
import { givenSeat } from '../support/seats.ts';
import { startSecond } from '../support/second-server.ts';
import { statementsOf } from '../support/statements.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const ASSIGN = '/v1/customer-seats/batch';
const REVOKE = '/v1/customer-seats/revoke-batch';

async function post(path: string, body: string, token?: string, type = 'text/csv') {
  return await usher.rest('POST', path, { token, body, headers: { 'content-type': type } });
}

async function assign(fixture: Fixture, body: string, query = '') {
  const path = `${ASSIGN}?subscription_id=${fixture.ids.subscription}${query}`;
  const answer = await post(path, body, fixture.tokens.organization);
  return { ...answer, rows: answer.status === 200 ? await tableOf(answer.text) : [] };
}

/** The rows of an answer by their columns, without empty cells. */
async function tableOf(text: string): Promise<Record<string, string>[]> {
  const rows = [];
  for await (const { cells } of readRows(Readable.from([Buffer.from(text)]))) rows.push(cells);
  const [header = [], ...others] = rows;
  return others.map(cells =>
    Object.fromEntries(
      header.flatMap((name, i): [string, string][] => (cells[i] ? [[name, cells[i]]] : [])),
    ),
  );
}

const words = (rows: Record<string, string>[]) => rows.map(({ error, result }) => error ?? result);

describe('a file assigns seats', () => {
  test('one for each row, in their order, with what is wrong with the others', async () => {
    const fixture = await usher.addFixture({ seats: 3 });
    const { status, headers, rows, text } = await assign(
      fixture,
      '\uFEFFEmail;External Member ID;Immediate-Claim;metadata.Team;Name\r\n' +
        ' sam@globex.example ;;;red;Sam\r\n' +
        ';usr_mia;TRUE;;Mia\r\n' +
        '\r\n' +
        'sam@;;;;\r\n' +
        ';usr_nobody;;;\r\n' +
        'Sam@globex.example;;;;\r\n' +
        'kim@globex.example;;maybe;;\r\n' +
        'kim@globex.example;;;;Kim;a stray cell\r\n' +
        ';;;;Nobody\r\n' +
        "kim@globex.example;;;'=1+1;Kim\r\n" +
        'lee@globex.example;;;;Lee',
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')[0]).toBe(
      'row,email,external_member_id,result,error,detail,seat_id,status,holder_email,invitation_url',
    );
    expect(rows.map(({ row }) => Number(row))).toEqual([2, 3, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(words(rows)).toEqual([
      'assigned',
      'assigned',
      'RequestValidationError',
      'MemberNotFound',
      'already_assigned',
      'RequestValidationError',
      'RequestValidationError',
      'RequestValidationError',
      'assigned',
      'SeatNotAvailable',
    ]);
    expect(rows[0]).toMatchObject({ status: 'pending', holder_email: 'sam@globex.example' });
    expect(rows[1]).toMatchObject({ status: 'claimed', holder_email: 'Mia@globex.example' });
    expect(rows[2]?.detail).toMatch(/^email: value is not a valid email address: /);
    expect(rows[4]).toMatchObject({ seat_id: rows[0]?.seat_id, email: 'Sam@globex.example' });
    expect(rows[5]?.detail).toMatch(/^immediate_claim: Input should be a valid boolean/);
    expect(rows[6]?.detail).toBe('Value error, The row has 6 cells, and the header 5');
    const seats = await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
    const metadataOf = (id?: string) => seats.find(seat => seat.id === id)?.metadata;
    expect(metadataOf(rows[0]?.seat_id)).toEqual({ Team: 'red' });
    expect(metadataOf(rows[8]?.seat_id)).toEqual({ Team: '=1+1' });
  });

  test('with metadata as JSON, claimed immediately by the query, of an order', async () => {
    const fixture = await usher.addFixture();
    const path = `${ASSIGN}?order_id=${fixture.ids.order}&immediate_claim=true`;
    const body =
      'email,metadata,immediate_claim\na@globex.example,"{""n"":1}",\nb@globex.example,{,\n' +
      'c@globex.example,[],\nd@globex.example,,no\n';
    const rows = await tableOf((await post(path, body, fixture.tokens.organization)).text);
    expect(rows.map(({ status, detail }) => status ?? detail)).toEqual([
      'claimed',
      'metadata: Value error, The cell is not JSON',
      'metadata: Input should be a valid dictionary',
      'pending',
    ]);
    const id = rows[0]?.seat_id ?? '';
    expect(await usher.db.customerSeat.findFirst({ where: { id } })).toMatchObject({
      orderId: fixture.ids.order,
      metadata: { n: 1 },
    });
  });

  test('of which a second copy makes no doubles, though the pool is full', async () => {
    const fixture = await usher.addFixture({ seats: 2_500 });
    const people = range(2_500).map(i => `p-${i}@globex.example`);
    // The first copy ends after 1,200 rows, as that of a client that disconnects might.
    const first = await assign(fixture, ['email', ...people.slice(0, 1_200)].join('\n'));
    expect(new Set(words(first.rows))).toEqual(new Set(['assigned']));
    const second = await assign(fixture, ['email', ...people].join('\n'));
    const third = await assign(fixture, ['email', ...people].join('\n'));
    expect(words(second.rows)).toEqual([
      ...Array(1_200).fill('already_assigned'),
      ...Array(1_300).fill('assigned'),
    ]);
    expect(words(third.rows)).toEqual(Array(2_500).fill('already_assigned'));
    const ids = (rows: Record<string, string>[]) => rows.map(({ seat_id }) => seat_id);
    expect(ids(second.rows).slice(0, 1_200)).toEqual(ids(first.rows));
    expect(ids(third.rows)).toEqual(ids(second.rows));
    const organizationId = fixture.ids.organization;
    expect(await usher.db.customerSeat.count({ where: { organizationId } })).toBe(2_500);
    expect(await usher.db.outboxEvent.count({ where: { organizationId } })).toBe(2_500);
  });

  test('1,000 rows at a time, with as many statements as a batch', async () => {
    const fixture = await usher.addFixture({ seats: 3_001 });
    await assign(fixture, 'email\nfirst@globex.example');
    const people = range(3_000).map(i => `p-${i}@globex.example`);
    const one = await statementsOf(() => assign(fixture, `email\n${people[0]}`));
    const all = await statementsOf(() => assign(fixture, ['email', ...people].join('\n')));
    expect(all.length).toBe(3 * one.length);
  });

  test('and the answer has the invitation links that usher does not mail', async () => {
    const fixture = await usher.addFixture();
    await usher.db.organization.update({
      where: { id: fixture.ids.organization },
      data: { sendsInvitations: false },
    });
    const { rows } = await assign(fixture, 'email\nsam@globex.example');
    expect(rows[0]?.invitation_url).toMatch(/\/claim\?token=[\w-]{43}$/);
  });
});

describe('a file that cannot be read', () => {
  test('does the rows before the bad one, and ends the answer with it', async () => {
    const fixture = await usher.addFixture({ seats: 10 });
    const { status, rows } = await assign(
      fixture,
      'email\na@globex.example\nb@globex.example\n"c@globex.example" x\nd@globex.example\n',
    );
    expect(status).toBe(200);
    expect(words(rows)).toEqual(['assigned', 'assigned', 'UnreadableCsv']);
    expect(rows[2]).toMatchObject({ row: '4', result: 'stopped' });
    expect(rows[2]?.detail).toContain('A closing quote is followed by text.');
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });

  test.each([
    ['without a header', ''],
    ['without a column that is known', 'name,mail\nSam,sam@globex.example'],
    ['with a column twice', 'email,Email\na,b'],
    ['with both kinds of metadata', 'email,metadata,metadata.team\na,{},b'],
    ['in UTF-16', Buffer.from('\uFEFFemail\na@b.c', 'utf16le').toString('latin1')],
    ['with a header that never ends', `"email${' '.repeat(100_000)}`],
  ])('%s is refused', async (_, body) => {
    const fixture = await usher.addFixture();
    const { status, body: answer } = await assign(fixture, body);
    expect([status, answer.error, answer.detail[0].type]).toEqual([
      422,
      'RequestValidationError',
      'csv_header',
    ]);
  });

  test('in another encoding is refused, and a row of it if it does not say so', async () => {
    const fixture = await usher.addFixture();
    const path = `${ASSIGN}?subscription_id=${fixture.ids.subscription}`;
    const token = fixture.tokens.organization;
    const latin = await post(path, 'email\na@b.c', token, 'text/csv; charset=iso-8859-1');
    expect([latin.status, latin.body.error]).toEqual([400, 'BadRequest']);
    const answer = await fetch(usher.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv; charset=UTF-8' },
      body: Buffer.from(
        'email,name\nj\u00F6rg@globex.example,\nsam@globex.example,J\u00F6rg',
        'latin1',
      ),
    });
    const rows = await tableOf(await answer.text());
    expect(words(rows)).toEqual(['RequestValidationError', 'assigned']);
  });
});

describe('before the first row', () => {
  test('a pool is refused as by the endpoint for one seat', async () => {
    const [closed, other] = [
      await usher.addFixture({ subscriptionStatus: 'canceled' }),
      await usher.addFixture(),
    ];
    const file = 'email\nsam@globex.example';
    const { status, body } = await assign(closed, file);
    expect([status, body.error]).toEqual([400, 'SeatNotAvailable']);
    const path = `${ASSIGN}?subscription_id=${closed.ids.subscription}`;
    expect((await post(path, file, other.tokens.organization)).status).toBe(404);
    const none = await post(ASSIGN, file, other.tokens.organization);
    expect([none.status, none.body.detail[0].loc]).toEqual([422, ['query']]);
  });

  test('a stranger is refused, and the file is not read', async () => {
    const { headers, method } = { headers: { 'content-type': 'text/csv' }, method: 'POST' };
    for (const path of [ASSIGN, REVOKE]) {
      const sending = request(usher.url + path, { method, headers });
      sending.on('error', () => undefined);
      // The rest is never sent.
      sending.write('email\n');
      const [answer] = await once(sending, 'response');
      expect(answer.statusCode).toBe(401);
      sending.destroy();
    }
  });
});

describe('a file revokes seats', () => {
  test('by seat_id, or by id as in a list', async () => {
    const fixture = await usher.addFixture();
    const token = fixture.tokens.organization;
    const [a, b] = [
      await givenSeat(usher, fixture, { email: 'a@globex.example' }),
      await givenSeat(usher, fixture, { email: 'b@globex.example' }),
    ];
    const file = `Seat ID,note\n${a.id},x\n${a.id},\n${fixture.ids.order},\nbad,\n`;
    const rows = await tableOf((await post(REVOKE, file, token)).text);
    expect(rows).toMatchObject([
      { row: '2', result: 'revoked', status: 'revoked', former_holder_email: 'a@globex.example' },
      { row: '3', result: 'already_revoked' },
      { row: '4', result: 'refused', error: 'ResourceNotFound', detail: 'Seat not found' },
      { row: '5', error: 'RequestValidationError' },
    ]);
    const list = await tableOf((await post(REVOKE, `email,id\n,${b.id}`, token)).text);
    expect(words(list)).toEqual(['revoked']);
    expect((await post(REVOKE, 'email\nx', token)).status).toBe(422);
    await checkPool(usher, { kind: 'subscription', id: fixture.ids.subscription });
  });
});

test('results come while the file is still sent, and a chunk of a pool that closes meanwhile is refused row by row', async () => {
  const fixture = await usher.addFixture({ seats: 5_000 });
  const path = `${ASSIGN}?subscription_id=${fixture.ids.subscription}`;
  const sending = request(usher.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      authorization: `Bearer ${fixture.tokens.organization}`,
    },
  });
  const line = (i: number) => `p-${i}@globex.example\n`;
  // The parser waits for what follows a line break.
  sending.write(`email\n${range(1_001).map(line).join('')}`);
  const [answer] = await once(sending, 'response');
  answer.setEncoding('utf8');
  let text = '';
  for await (const part of answer) {
    text += part;
    if (sending.writableEnded || !text.includes('p-999@')) continue;
    const where = { id: fixture.ids.subscription };
    await usher.db.subscription.updateMany({ where, data: { status: 'canceled' } });
    sending.end(line(1_001));
  }
  const rows = await tableOf(text);
  expect(words(rows)).toEqual([
    ...Array(1_000).fill('assigned'),
    'SeatNotAvailable',
    'SeatNotAvailable',
  ]);
});

/** Sends a file by and by. */
async function sendSlowly(url: string, { ids, tokens }: Fixture, start: string) {
  const sending = request(`${url}${ASSIGN}?subscription_id=${ids.subscription}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${tokens.organization}` },
  });
  sending.on('error', () => undefined);
  sending.write(start);
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  return { sending, answer: answer.setEncoding('utf8') };
}

const peopleOf = (from: number, to: number) =>
  range(to - from)
    .map(i => `p-${from + i}@globex.example\n`)
    .join('');

test('a server that shuts down says where it stopped, and another one goes on', async () => {
  const fixture = await usher.addFixture({ seats: 2_000 });
  const second = await startSecond(usher);
  // The rows after the first 1,000 wait for others.
  const start = `email\n${peopleOf(0, 1_200)}`;
  const { answer } = await sendSlowly(second.url, fixture, start);
  let text = '';
  let closing: Promise<void> | undefined;
  for await (const part of answer) {
    text += part;
    if (text.includes('p-999@')) closing ??= second.close();
  }
  await closing;
  const rows = await tableOf(text);
  expect(words(rows)).toEqual([...Array(1_000).fill('assigned'), 'ServiceUnavailable']);
  expect(rows.at(-1)).toMatchObject({ row: '1002', result: 'stopped' });
  const again = await assign(fixture, start);
  expect(words(again.rows)).toEqual([
    ...Array(1_000).fill('already_assigned'),
    ...Array(200).fill('assigned'),
  ]);
});

test('each 1,000 rows count as a request, and wait while the token has sent too many', async () => {
  const limited = await startUsher({ rateLimits: { ...UNLIMITED, perToken: 60 } });
  try {
    const fixture = await limited.addFixture({ seats: 3_000 });
    const token = fixture.tokens.organization;
    const start = `email\n${peopleOf(0, 1_001)}`;
    const { sending, answer } = await sendSlowly(limited.url, fixture, start);
    let text = '';
    let isExhausted = false;
    for await (const part of answer) {
      text += part;
      if (isExhausted || !text.includes('p-999@')) continue;
      isExhausted = true;
      const exhaust = async () =>
        (await limited.rest('GET', '/v1/customer-seats', { token })).status !== 429;
      while (await exhaust());
      sending.end(peopleOf(1_001, 2_500));
    }
    expect(words(await tableOf(text))).toEqual(Array(2_500).fill('assigned'));
  } finally {
    await limited.close();
  }
});

describe('a client that sends no more', () => {
  const answerTo = async (
    parts: readonly string[],
    { isComplete = false, stopping = new AbortController().signal } = {},
  ) => {
    const app = new Hono<AppEnv>();
    app.post('/', async c => {
      c.set('ctx', { stopping } as unknown as Ctx);
      const table: CsvTable = {
        columns: ['row', 'result', 'error', 'detail'],
        process: async rows => rows.map(({ number }) => ({ row: number, result: 'processed' })),
        refused: ({ number }) => ({ row: number }),
      };
      return await answerFile(c, () => table, stopping.aborted ? undefined : 50);
    });
    app.onError(error => errorResponse(error) ?? new Response(null, { status: 500 }));
    const body = new ReadableStream({
      start: controller => {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
        if (isComplete) controller.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const answer = await app.request('/', init, {});
    return { status: answer.status, text: await answer.text() };
  };

  test('has its file processed by a server that shuts down, if the file is there', async () => {
    const stopping = AbortSignal.abort();
    const { status, text } = await answerTo(['email\na@globex.example\nb@globex.example\n'], {
      isComplete: true,
      stopping,
    });
    expect(status).toBe(200);
    expect((await tableOf(text)).map(({ result }) => result)).toEqual(['processed', 'processed']);
  });

  test('is refused by a server that shuts down, if even the header is incomplete', async () => {
    const { status, text } = await answerTo(['ema'], { stopping: AbortSignal.abort() });
    expect(status).toBe(503);
    expect(text).toContain('The server is shutting down.');
  });

  test('has its rows processed, and learns where the file ended', async () => {
    const { status, text } = await answerTo(['email\na@globex.example\nb@glo']);
    expect(status).toBe(200);
    expect(await tableOf(text)).toEqual([
      { row: '2', result: 'processed' },
      expect.objectContaining({ row: '3', result: 'stopped', error: 'StalledFile' }),
    ]);
  });

  test('is refused without a header', async () => {
    const { status, text } = await answerTo(['ema']);
    expect(status).toBe(400);
    expect(text).toContain('The client sent nothing for 0.05 s.');
  });
});

test('a client that disconnects can send the file again', async () => {
  const fixture = await usher.addFixture({ seats: 2_000 });
  const people = range(1_500).map(i => `p-${i}@globex.example`);
  const path = `${ASSIGN}?subscription_id=${fixture.ids.subscription}`;
  const token = fixture.tokens.organization;
  const headers = { 'content-type': 'text/csv', authorization: `Bearer ${token}` };
  const sending = request(usher.url + path, { method: 'POST', headers });
  sending.on('error', () => undefined);
  sending.write(['email', ...people, ''].join('\n'));
  const [answer] = await once(sending, 'response');
  answer.on('error', () => undefined);
  sending.destroy();
  const { rows } = await assign(fixture, ['email', ...people].join('\n'));
  expect(words(rows)).toEqual([
    ...Array(1_000).fill('already_assigned'),
    ...Array(500).fill('assigned'),
  ]);
  expect(usher.log.filter(line => line.includes('a request failed'))).toEqual([]);
});
