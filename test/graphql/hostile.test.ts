import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

describe('a document that is not meant well is refused before it costs anything', () => {
  test.each([
    [
      'ten thousand aliases',
      `{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}: viewer { kind }`).join(' ')} }`,
    ],
    ['lists a hundred thousand deep', `{ customerSeat(id: ${'['.repeat(100_000)}`],
    ['fields two thousand deep', `{ member(id: "x") ${'{ seats { nodes { member '.repeat(2_000)}`],
  ])('%s', async (_name, query) => {
    const { data, errors } = await usher.graphql(query);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toMatch(/tokens|cannot be parsed/);
  });

  test('a body that no document needs', async () => {
    const { status, errors } = await usher.graphql(`{ __typename } #${'x'.repeat(300_000)}`);
    expect([status, errors?.[0]?.extensions?.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });
});

test.each(['variables=%7B', 'extensions=x'])('GET with %s: 400', async parameter => {
  const response = await fetch(`${usher.url}/graphql?query=%7B__typename%7D&${parameter}`);
  expect(response.status).toBe(400);
});

test('HEAD is refused as a method, and not as a failure', async () => {
  for (const query of ['%7B__typename%7D', '%7B']) {
    const head = await fetch(`${usher.url}/graphql?query=${query}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([405, '']);
  }
});

test('a cursor of the year 0 is no cursor', async () => {
  const after = Buffer.from(
    JSON.stringify(['0000-11-22T02:24:10.181Z', fixture.ids.member]),
  ).toString('base64url');
  const { errors } = await usher.graphql(
    `query ($id: ID!, $after: String) { customerSubscription(id: $id) { seats(after: $after) { totalCount nodes { id } } } }`,
    { id: fixture.ids.subscription, after },
    fixture.tokens.organization,
  );
  expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});

describe('a text that the database cannot keep is invalid input', () => {
  const bad = ['\0', '\ud800', 'x'.repeat(513)];
  test.each(bad)('%j as an external member', async externalId => {
    const { data } = await usher.graphql<{ assignSeat: { __typename: string } }, object>(
      'mutation ($input: AssignSeatInput!) { assignSeat(input: $input) { __typename } }',
      {
        input: {
          source: { subscriptionId: fixture.ids.subscription },
          recipient: { externalMember: { externalId, email: 'new@globex.example' } },
        },
      },
      fixture.tokens.organization,
    );
    expect(data?.assignSeat.__typename).toBe('InvalidInputError');
  });

  test.each(bad)('%j as a customer of a session', async externalCustomerId => {
    const { data } = await usher.graphql<{ createCustomerSession: { __typename: string } }, object>(
      'mutation ($input: CreateCustomerSessionInput!) { createCustomerSession(input: $input) { __typename } }',
      { input: { customer: { externalCustomerId } } },
      fixture.tokens.organization,
    );
    expect(data?.createCustomerSession.__typename).toBe('InvalidInputError');
  });
});
