import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
let seats: (args: string) => string;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 10 });
  await addEndpoint(usher, fixture, 'https://hooks.acme.example');
  for (const name of ['ada', 'ben', 'cleo']) {
    await usher.rest('POST', '/v1/customer-seats', {
      token: fixture.tokens.organization,
      body: { subscription_id: fixture.ids.subscription, email: `${name}@globex.example` },
    });
  }
  seats = args => `customerSubscription(id: "${fixture.ids.subscription}") { page: seats${args}`;
});
afterAll(() => usher.close());

const PAGE_INFO = '{ pageInfo { startCursor endCursor hasNextPage hasPreviousPage } }';

interface PageInfo {
  startCursor: string | null;
  endCursor: string | null;
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

async function ask(list: string) {
  const closing = '} '.repeat(list.split('{').length - list.split('}').length);
  const { data, errors } = await usher.graphql<Record<string, unknown>, object>(
    `{ ${list} ${closing} }`,
    {},
    fixture.tokens.organization,
  );
  const text = JSON.stringify(data ?? null);
  const pageInfo: PageInfo | undefined = JSON.parse(
    /"pageInfo":(\{.*?\})/.exec(text)?.[1] ?? 'null',
  );
  return { pageInfo, code: errors?.[0]?.extensions?.code, message: errors?.[0]?.message };
}

describe('a page without rows has null for cursors, which begin the list when they are sent back', () => {
  test.each([
    ['of seats', () => seats(`(filter: { status: [REVOKED] }) ${PAGE_INFO}`)],
    ['of no rows at all', () => seats(`(first: 0) ${PAGE_INFO}`)],
    ['of mails', () => `page: mails(kind: [WEBHOOK_DISABLED]) ${PAGE_INFO}`],
    [
      'of deliveries',
      () => `webhookEndpoints { nodes { page: deliveries(status: [FAILED]) ${PAGE_INFO}`,
    ],
  ])('%s', async (_name, list) => {
    const { pageInfo } = await ask(list());
    expect(pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });

  test('and so has one past the end', async () => {
    const { pageInfo } = await ask(seats(PAGE_INFO));
    const after = pageInfo?.endCursor;
    const past = await ask(seats(`(after: "${after}") ${PAGE_INFO}`));
    expect(past.pageInfo).toMatchObject({ startCursor: null, endCursor: null, hasNextPage: false });
    const { pageInfo: first } = await ask(seats(`(after: null, first: 2) ${PAGE_INFO}`));
    expect(first?.hasNextPage).toBe(true);
  });
});

describe('is refused', () => {
  test.each([
    ['an empty filter of seats', () => seats(`(filter: { status: [] }) ${PAGE_INFO}`), 'status'],
    ['an empty filter of mails', () => `page: mails(status: []) ${PAGE_INFO}`, 'status'],
    ['an empty kind of mails', () => `page: mails(kind: []) ${PAGE_INFO}`, 'kind'],
    [
      'an empty filter of deliveries',
      () => `webhookEndpoints { nodes { page: deliveries(status: []) ${PAGE_INFO}`,
      'status',
    ],
    ['first with last', () => seats(`(first: 1, last: 1) ${PAGE_INFO}`), 'first'],
    ['first with last, of mails', () => `page: mails(first: 1, last: 0) ${PAGE_INFO}`, 'first'],
    ['a page too small', () => seats(`(first: -1) ${PAGE_INFO}`), '-1'],
    ['a page too large', () => seats(`(last: 101, before: "x") ${PAGE_INFO}`), '101'],
  ])('%s', async (_name, list, names) => {
    const { code, message } = await ask(list());
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain(names);
  });

  test("another list's cursor", async () => {
    const cursor = (await ask(seats(`(first: 1) ${PAGE_INFO}`))).pageInfo?.endCursor;
    expect(cursor).toBeTruthy();
    for (const list of [
      seats(`(after: "${cursor}", filter: { status: [PENDING] }) ${PAGE_INFO}`),
      `customerOrder(id: "${fixture.ids.order}") { page: seats(after: "${cursor}") ${PAGE_INFO}`,
      `page: mails(after: "${cursor}") ${PAGE_INFO}`,
      `page: webhookEndpoints(before: "${cursor}") ${PAGE_INFO}`,
    ]) {
      expect((await ask(list)).code).toBe('BAD_USER_INPUT');
    }
    expect((await ask(seats(`(after: "${cursor}") ${PAGE_INFO}`))).code).toBeUndefined();
  });

  test('what is no cursor', async () => {
    const bad = [
      '',
      'x',
      Buffer.from('[]').toString('base64url'),
      Buffer.from('{').toString('base64url'),
    ];
    for (const cursor of bad.slice(1)) {
      expect((await ask(seats(`(after: "${cursor}") ${PAGE_INFO}`))).code).toBe('BAD_USER_INPUT');
    }
  });
});

test('the same filter in another order is the same list', async () => {
  const first = await ask(seats(`(first: 1, filter: { status: [PENDING, CLAIMED] }) ${PAGE_INFO}`));
  const next = await ask(
    seats(
      `(after: "${first.pageInfo?.endCursor}", filter: { status: [CLAIMED, PENDING] }) ${PAGE_INFO}`,
    ),
  );
  expect(next.code).toBeUndefined();
});
