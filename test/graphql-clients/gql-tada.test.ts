import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { type AssignSeatResult, assignSeat, describeResult } from './examples/gql-tada.ts';
import { createClient } from './examples/urql-client.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

test('a typed document is answered as its types say', async () => {
  const { ids, tokens } = await usher.addFixture({ seats: 1 });
  const client = createClient(`${usher.url}/graphql`, tokens.organization);
  const results: string[] = [];
  for (const email of ['sam@globex.example', 'kim@globex.example', 'no address']) {
    const result = await assignSeat(client, ids.subscription, email);
    results.push(describeResult(result ?? null));
  }
  expect(results.slice(0, 2)).toEqual(['The seat is pending.', 'All seats are taken.']);
  expect(results[2]).not.toBe('Try again later.');
});

test('types are those of the schema', () => {
  type Seat = Extract<AssignSeatResult, { __typename: 'AssignSeatSuccess' }>['seat'];
  expectTypeOf<Seat>().toEqualTypeOf<{
    id: string;
    status: 'CLAIMED' | 'PENDING' | 'REVOKED';
    metadata: Record<string, unknown>;
    invitationTokenExpiresAt: string | null;
  }>();
});
