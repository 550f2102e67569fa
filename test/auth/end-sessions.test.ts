import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hashToken } from '../../src/auth/token.ts';
import type { Fixture } from '../support/fixture.ts';
import { EndSessionsDocument, type EndSessionsInput } from '../support/operations/graphql.ts';
import { runProgram } from '../support/programs.ts';
import { addToken } from '../support/seats.ts';
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

const SESSIONS = ['customer', 'owner', 'manager', 'member', 'otherCustomer'] as const;
type Session = (typeof SESSIONS)[number];

async function statusOf(token: string, url = usher.url): Promise<number> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ viewer { kind } }' }),
  });
  return answer.status;
}

/** Returns the sessions of the fixture that are still valid. */
async function openSessions({ tokens }: Fixture, url?: string): Promise<Session[]> {
  const statuses = await Promise.all(SESSIONS.map(name => statusOf(tokens[name], url)));
  return SESSIONS.filter((_name, index) => statuses[index] === 200);
}

async function endSessions(input: EndSessionsInput, token: string) {
  const { data, errors } = await usher.graphql(EndSessionsDocument, { input }, token);
  if (!data?.endSessions) throw new Error(JSON.stringify(errors));
  return data.endSessions;
}

describe('endSessions', () => {
  const whose: [string, (fixture: Fixture) => EndSessionsInput, Session[]][] = [
    [
      'a member',
      ({ ids }) => ({ memberId: ids.manager }),
      ['customer', 'owner', 'member', 'otherCustomer'],
    ],
    [
      'a customer and all its members',
      ({ ids }) => ({ customerId: ids.customer }),
      ['otherCustomer'],
    ],
    ['a customer by external id', () => ({ externalCustomerId: 'globex' }), ['otherCustomer']],
  ];

  test.each(whose)(
    'of %s: every process refuses them immediately',
    async (_whose, inputOf, left) => {
      const fixture = await usher.addFixture();
      // Both processes cache all sessions.
      expect(await openSessions(fixture)).toEqual(SESSIONS);
      expect(await openSessions(fixture, second.url)).toEqual(SESSIONS);
      const ended = SESSIONS.length - left.length;
      expect(await endSessions(inputOf(fixture), fixture.tokens.organization)).toEqual({
        __typename: 'EndSessionsSuccess',
        endedSessions: ended,
      });
      expect(await openSessions(fixture)).toEqual(left);
      await vi.waitFor(async () => expect(await openSessions(fixture, second.url)).toEqual(left));
      expect(await endSessions(inputOf(fixture), fixture.tokens.organization)).toMatchObject({
        endedSessions: 0,
      });
    },
  );

  test('is not undone when the file with those sessions is imported again', async () => {
    const fixture = await usher.addFixture();
    await endSessions({ customerId: fixture.ids.customer }, fixture.tokens.organization);
    await usher.load(fixture.document);
    expect(await openSessions(fixture)).toEqual(['otherCustomer']);
  });

  test('does not end a session that begins afterwards', async () => {
    const fixture = await usher.addFixture();
    const { organization } = fixture.tokens;
    await endSessions({ customerId: fixture.ids.customer }, organization);
    const body = { customer_id: fixture.ids.customer };
    const begun = await usher.rest('POST', '/v1/customer-sessions/', { token: organization, body });
    expect(await statusOf(begun.body.token)).toBe(200);
  });

  test('requires an access token with the scope, and finds only rows of its organizations', async () => {
    const fixture = await usher.addFixture();
    const stranger = await usher.addFixture();
    const input = { customerId: fixture.ids.customer };
    const seats = await addToken(usher, fixture, ['customer_seats:write']);
    for (const token of [seats, fixture.tokens.customer, fixture.tokens.owner]) {
      expect((await endSessions(input, token)).__typename).toBe('NotPermittedError');
    }
    const missing = [
      { customerId: randomUUID() },
      { memberId: randomUUID() },
      { externalCustomerId: 'nobody' },
    ];
    for (const none of missing) {
      expect(await endSessions(none, fixture.tokens.organization)).toMatchObject({
        __typename: 'ResourceNotFoundError',
        code: 'RESOURCE_NOT_FOUND',
      });
    }
    for (const token of [stranger.tokens.organization, stranger.tokens.personal]) {
      for (const theirs of [input, { memberId: fixture.ids.member }]) {
        const { __typename } = await endSessions(theirs, token);
        expect(__typename).toBe('ResourceNotFoundError');
      }
    }
    expect(await openSessions(fixture)).toEqual(SESSIONS);
  });

  test('reports an external id that is ambiguous between two organizations', async () => {
    const fixture = await usher.addFixture();
    const other = await usher.addFixture();
    const { user: userId } = fixture.ids;
    const organizationId = other.ids.organization;
    await usher.db.organizationMembership.create({ data: { organizationId, userId } });
    const input = { externalCustomerId: 'globex' };
    expect(await endSessions(input, fixture.tokens.personal)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['externalCustomerId'], code: 'AMBIGUOUS' }],
    });
  });
});

describe('npm run sessions', () => {
  const sessions = (...args: string[]) => runProgram(usher, 'sessions', args);

  test.each([
    ['--member', 'member', ['customer', 'owner', 'manager', 'otherCustomer'], 1],
    ['--customer', 'customer', ['otherCustomer'], 4],
  ] as const)(
    'ends the sessions of a %s on a running server',
    async (option, name, left, count) => {
      const fixture = await usher.addFixture();
      expect(await openSessions(fixture)).toEqual(SESSIONS);
      const { code, stdout } = await sessions('end', option, fixture.ids[name]);
      expect([code, stdout]).toEqual([
        0,
        `${count} ${count === 1 ? 'session' : 'sessions'} ended\n`,
      ]);
      await vi.waitFor(async () => expect(await openSessions(fixture)).toEqual(left));
    },
  );

  test.each([
    [[], 'Usage:'],
    [['end'], 'Usage:'],
    [['begin', '--member', randomUUID()], 'Usage:'],
    [['end', '--member', randomUUID(), '--customer', randomUUID()], 'Usage:'],
    [['end', '--everybody'], 'Usage:'],
    [['end', '--member', 'mia'], 'mia is not an id.'],
    [['end', '--member', randomUUID()], 'No member'],
  ])('reports what is missing or wrong: %j', async (args, message) => {
    const { code, stdout, stderr } = await sessions(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('prints its usage', async () => {
    const { code, stdout } = await sessions('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run sessions -- end --customer ID');
  });
});

test('an ended session keeps its row', async () => {
  const fixture = await usher.addFixture();
  await endSessions({ memberId: fixture.ids.member }, fixture.tokens.organization);
  const tokenHash = hashToken(fixture.tokens.member);
  const row = await usher.db.memberSession.findUniqueOrThrow({ where: { tokenHash } });
  expect(row.endedAt).not.toBeNull();
});
