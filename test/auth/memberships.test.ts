import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EndMembershipDocument, type EndMembershipInput } from '../support/operations/graphql.ts';
import { runProgram } from '../support/programs.ts';
import { addToken } from '../support/seats.ts';
import { type SecondServer, startSecond } from '../support/second-server.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

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
  const world = await usher.addWorld();
  const other = await usher.addWorld();
  const email = `Ada_${world.ids.user}@acme.example`;
  await usher.db.user.update({ where: { id: world.ids.user }, data: { email } });
  await usher.db.organizationMembership.create({
    data: { organizationId: other.ids.organization, userId: world.ids.user },
  });
  return { world, other, email };
}

async function end(input: EndMembershipInput, token: string) {
  const { data, errors } = await usher.graphql(EndMembershipDocument, { input }, token);
  if (!data?.endMembership) throw new Error(JSON.stringify(errors));
  return data.endMembership;
}

async function list(world: World, token: string) {
  const path = `/v1/customer-seats?subscription_id=${world.ids.subscription}`;
  return (await usher.rest('GET', path, { token })).status;
}

describe('endMembership', () => {
  test.each(['userId', 'email'] as const)(
    'by %s removes only that organization from the tokens immediately, in every process',
    async by => {
      const { world, other, email } = await givenAda();
      const { organization, personal } = world.tokens;
      const both = [world.slug, other.slug].toSorted();
      expect((await reach(personal)).toSorted()).toEqual(both);
      expect((await reach(personal, second.url)).toSorted()).toEqual(both);
      expect(await list(world, personal)).toBe(200);
      const user = by === 'userId' ? { userId: world.ids.user } : { email: email.toUpperCase() };
      expect(await end({ user }, organization)).toEqual({
        __typename: 'EndMembershipSuccess',
        organization: { id: world.ids.organization },
        userId: world.ids.user,
      });
      expect(await reach(personal)).toEqual([other.slug]);
      expect([await list(world, personal), await list(other, personal)]).toEqual([404, 200]);
      await vi.waitFor(async () => expect(await reach(personal, second.url)).toEqual([other.slug]));
      expect((await end({ user }, organization)).__typename).toBe('ResourceNotFoundError');
    },
  );

  test('by a user of several organizations requires the organization, and can end their own membership', async () => {
    const { world, other } = await givenAda();
    const user = { userId: world.ids.user };
    const { personal } = world.tokens;
    expect(await end({ user }, personal)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['organizationId'], code: 'REQUIRED' }],
    });
    const organizationId = world.ids.organization;
    expect((await end({ organizationId, user }, personal)).__typename).toBe('EndMembershipSuccess');
    expect(await reach(personal)).toEqual([other.slug]);
  });

  test('requires an access token with the scope and for the organization', async () => {
    const { world, other, email } = await givenAda();
    const { personal } = world.tokens;
    const user = { email };
    const reader = await addToken(usher, world, ['organizations:read']);
    for (const token of [reader, world.tokens.owner]) {
      expect((await end({ user }, token)).__typename).toBe('NotPermittedError');
    }
    const stranger = await usher.addWorld();
    const { organization } = stranger.tokens;
    const organizationId = world.ids.organization;
    for (const input of [
      { user },
      { user: { userId: world.ids.user } },
      { user: { userId: randomUUID() } },
      { user: { email: email.replace(/^.*@/, '%@') } },
      { organizationId, user },
    ]) {
      expect((await end(input, organization)).__typename).toBe('ResourceNotFoundError');
    }
    expect((await reach(personal)).toSorted()).toEqual([world.slug, other.slug].toSorted());
  });

  test('by an ambiguous address reports the ids of the users', async () => {
    const { world, email } = await givenAda();
    const twin = randomUUID();
    await usher.db.user.create({
      data: {
        id: twin,
        email: email.toLowerCase(),
        memberships: { create: { organizationId: world.ids.organization } },
      },
    });
    expect(await end({ user: { email } }, world.tokens.organization)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['user', 'email'], message: expect.stringContaining(twin) }],
    });
  });
});

describe('npm run membership', () => {
  const membership = (...args: string[]) => runProgram(usher, 'membership', args);

  test('ends a membership by address and slug on a running server', async () => {
    const { world, other, email } = await givenAda();
    const { personal } = world.tokens;
    await reach(personal);
    const options = ['--user', email.toLowerCase(), '--organization', world.slug];
    const { code, stdout } = await membership('end', ...options);
    expect(code).toBe(0);
    expect(stdout).toContain(world.slug);
    await vi.waitFor(async () => expect(await reach(personal)).toEqual([other.slug]));
    const again = await membership('end', ...options);
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toContain(`has no membership of ${world.slug}`);
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
