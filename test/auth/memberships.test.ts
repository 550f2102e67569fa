import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { EndMembershipDocument, type EndMembershipInput } from '../support/operations/graphql.ts';
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

const SLUGS = '{ viewer { organizations { slug } } }';

/** Returns the organizations that a token can access. */
async function reach(token: string, url = usher.url): Promise<string[]> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: SLUGS }),
  });
  const { data } = (await answer.json()) as {
    data: { viewer: { organizations: { slug: string }[] } };
  };
  return data.viewer.organizations.map(({ slug }) => slug);
}

/** Returns a fixture whose user has a unique address and also acts for another organization. */
async function givenAda() {
  const fixture = await usher.addFixture();
  const other = await usher.addFixture();
  const email = `Ada_${fixture.ids.user}@acme.example`;
  await usher.db.user.update({ where: { id: fixture.ids.user }, data: { email } });
  await usher.db.organizationMembership.create({
    data: { organizationId: other.ids.organization, userId: fixture.ids.user },
  });
  return { fixture, other, email };
}

async function end(input: EndMembershipInput, token: string) {
  const { data, errors } = await usher.graphql(EndMembershipDocument, { input }, token);
  if (!data?.endMembership) throw new Error(JSON.stringify(errors));
  return data.endMembership;
}

async function list(fixture: Fixture, token: string) {
  const path = `/v1/customer-seats?subscription_id=${fixture.ids.subscription}`;
  return (await usher.rest('GET', path, { token })).status;
}

describe('endMembership', () => {
  test.each(['userId', 'email'] as const)(
    'by %s removes only that organization from the tokens immediately, in every process',
    async by => {
      const { fixture, other, email } = await givenAda();
      const { organization, personal } = fixture.tokens;
      const both = [fixture.slug, other.slug].toSorted();
      expect((await reach(personal)).toSorted()).toEqual(both);
      expect((await reach(personal, second.url)).toSorted()).toEqual(both);
      expect(await list(fixture, personal)).toBe(200);
      const user = by === 'userId' ? { userId: fixture.ids.user } : { email: email.toUpperCase() };
      expect(await end({ user }, organization)).toEqual({
        __typename: 'EndMembershipSuccess',
        organization: { id: fixture.ids.organization },
        userId: fixture.ids.user,
      });
      expect(await reach(personal)).toEqual([other.slug]);
      expect([await list(fixture, personal), await list(other, personal)]).toEqual([404, 200]);
      await vi.waitFor(async () => expect(await reach(personal, second.url)).toEqual([other.slug]));
      expect((await end({ user }, organization)).__typename).toBe('ResourceNotFoundError');
    },
  );

  test('by a user of several organizations requires the organization, and can end their own membership', async () => {
    const { fixture, other } = await givenAda();
    const user = { userId: fixture.ids.user };
    const { personal } = fixture.tokens;
    expect(await end({ user }, personal)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['organizationId'], code: 'REQUIRED' }],
    });
    const organizationId = fixture.ids.organization;
    expect((await end({ organizationId, user }, personal)).__typename).toBe('EndMembershipSuccess');
    expect(await reach(personal)).toEqual([other.slug]);
  });

  test('requires an access token with the scope and for the organization', async () => {
    const { fixture, other, email } = await givenAda();
    const { personal } = fixture.tokens;
    const user = { email };
    const reader = await addToken(usher, fixture, ['organizations:read']);
    for (const token of [reader, fixture.tokens.owner]) {
      expect((await end({ user }, token)).__typename).toBe('NotPermittedError');
    }
    const stranger = await usher.addFixture();
    const { organization } = stranger.tokens;
    const organizationId = fixture.ids.organization;
    for (const input of [
      { user },
      { user: { userId: fixture.ids.user } },
      { user: { userId: randomUUID() } },
      { user: { email: email.replace(/^.*@/, '%@') } },
      { organizationId, user },
    ]) {
      expect((await end(input, organization)).__typename).toBe('ResourceNotFoundError');
    }
    expect((await reach(personal)).toSorted()).toEqual([fixture.slug, other.slug].toSorted());
  });

  test('by an ambiguous address reports the ids of the users', async () => {
    const { fixture, email } = await givenAda();
    const twin = randomUUID();
    await usher.db.user.create({
      data: {
        id: twin,
        email: email.toLowerCase(),
        memberships: { create: { organizationId: fixture.ids.organization } },
      },
    });
    expect(await end({ user: { email } }, fixture.tokens.organization)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['user', 'email'], message: expect.stringContaining(twin) }],
    });
  });
});

describe('npm run membership', () => {
  const membership = (...args: string[]) => runProgram(usher, 'membership', args);

  test('ends a membership by address and slug on a running server', async () => {
    const { fixture, other, email } = await givenAda();
    const { personal } = fixture.tokens;
    await reach(personal);
    const options = ['--user', email.toLowerCase(), '--organization', fixture.slug];
    const { code, stdout } = await membership('end', ...options);
    expect(code).toBe(0);
    expect(stdout).toContain(fixture.slug);
    await vi.waitFor(async () => expect(await reach(personal)).toEqual([other.slug]));
    const again = await membership('end', ...options);
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toContain(`has no membership of ${fixture.slug}`);
  });

  test.each([
    [['end', '--user', 'ada@acme.example'], 'Usage:'],
    [['end', '--organization', 'acme'], 'Usage:'],
    [['end', '--user', 'ada@acme.example', '--organization', 'nobody'], 'No organization'],
  ])('reports what is missing or wrong: %j', async (args, message) => {
    const { code, stderr } = await membership(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
