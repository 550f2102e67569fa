import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// What takes time as the square of its length is told from what does not by growing it: the bodies here are as large as
// may be, and would take minutes.

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

const nested = (depth: number, inner: string) => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;

const VARIABLES: [string, string][] = [
  ['odd numbers deep down', nested(30_000, `${'-0,'.repeat(30_000)}1`)],
  ['an odd number at each depth', `${'[1e400,'.repeat(30_000)}1${']'.repeat(30_000)}`],
  ['a number of many zeros', `0.1${'0'.repeat(240_000)}1`],
  ['many odd numbers', `[${'1e400,'.repeat(38_000)}1]`],
];

async function send(path: string, body: string, token?: string) {
  const response = await fetch(usher.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body,
  });
  return { status: response.status, text: await response.text() };
}

describe.each(VARIABLES)('%s', (_name, value) => {
  test('in variables, with a token and without, before a document is known and after', async () => {
    const body = `{"query":"query ($a: Int) { viewer { kind } }","variables":{"b":${value}}}`;
    for (const token of [undefined, fixture.tokens.organization, fixture.tokens.organization]) {
      const { status } = await send('/graphql', body, token);
      expect(status).toBeLessThan(500);
    }
  }, 20_000);

  test('in a REST body', async () => {
    const short =
      value.length > 60_000 ? `[${value.replace(/[[\]]/g, '').slice(0, 60_000)}1]` : value;
    const { status } = await send('/v1/customer-seats/claim', `{"invitation_token":${short}}`);
    expect(status).toBeLessThan(500);
  }, 20_000);
});

test('a long text is not repeated in an error', async () => {
  const long = 'x'.repeat(200_000);
  for (const body of [
    { query: `{ ${long} }` },
    { query: `{ viewer(${'a: 1 '.repeat(900)}) { kind } }` },
    {
      query: 'query ($id: ID!) { customerSeat(id: $id) { id } }',
      variables: { id: long },
    },
  ]) {
    const { text } = await send('/graphql', JSON.stringify(body));
    expect(text.length).toBeLessThan(60_000);
    expect(text).not.toContain('x'.repeat(2_000));
  }
});

test('an operation that names too many invitations is refused for good, and not for a while', async () => {
  const claims = Array.from(
    { length: 30 },
    (_, i) => `c${i}: claimSeat(input: { invitationToken: "t${i}" }) { __typename }`,
  );
  const { text } = await send(
    '/graphql',
    JSON.stringify({ query: `mutation { ${claims.join(' ')} }` }),
  );
  expect(JSON.parse(text).errors[0].extensions).toEqual({ code: 'QUERY_TOO_COMPLEX' });
});
