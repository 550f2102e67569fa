import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CreateCustomerSessionDocument } from '../support/operations/graphql.ts';
import { addToken } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { World } from '../support/world.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const PATH = '/v1/customer-sessions/';
const HOUR_MS = 60 * 60 * 1000;

async function begin(world: World, body: unknown, token = world.tokens.organization) {
  return await usher.rest('POST', PATH, { token, body });
}

/** Who a session's token stands for. */
async function viewer(token: string) {
  const { data } = await usher.graphql<{ viewer: Record<string, unknown> }, object>(
    '{ viewer { kind customer { id } member { id } } }',
    {},
    token,
  );
  return data?.viewer;
}

const asMember = (world: World, id: string) => ({
  kind: 'MEMBER',
  customer: { id: world.ids.customer },
  member: { id },
});
const asCustomer = (id: string) => ({ kind: 'CUSTOMER', customer: { id }, member: null });

describe('a session', () => {
  test('is answered with 201, its token and its customer', async () => {
    const world = await usher.addWorld();
    const body = { customer_id: world.ids.customer, return_url: 'https://globex.example/team' };
    const { status, headers, body: session } = await begin(world, body);
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(session).toMatchObject({
      modified_at: null,
      token: expect.stringMatching(/^usher_mst_[\w-]{43}$/),
      return_url: 'https://globex.example/team',
      customer_portal_url: expect.any(String),
      customer_id: world.ids.customer,
      customer: {
        id: world.ids.customer,
        email: 'Billing@globex.example',
        name: 'Globex',
        external_id: 'globex',
        organization_id: world.ids.organization,
      },
    });
    expect(Date.parse(session.expires_at) - Date.parse(session.created_at)).toBe(HOUR_MS);
  });

  test('lasts an hour', async () => {
    const own = await startUsher();
    try {
      const world = await own.addWorld();
      const { organization: token } = world.tokens;
      const body = { customer_id: world.ids.customer };
      const answer = await own.rest('POST', PATH, { token, body });
      const session: string = answer.body.token;
      const path = '/v1/customer-portal/seats/subscriptions';
      own.advance(HOUR_MS - 30_000);
      expect((await own.rest('GET', path, { token: session })).status).toBe(200);
      own.advance(30_001);
      expect((await own.rest('GET', path, { token: session })).status).toBe(401);
    } finally {
      await own.close();
    }
  });
});

describe('whose session it is, with the member model', () => {
  test("the owner's, by either id of the customer", async () => {
    const world = await usher.addWorld();
    for (const body of [{ customer_id: world.ids.customer }, { external_customer_id: 'globex' }]) {
      const { token } = (await begin(world, body)).body;
      expect(await viewer(token)).toEqual(asMember(world, world.ids.owner));
    }
  });

  test("a named member's, by either id", async () => {
    const world = await usher.addWorld();
    for (const member of [{ member_id: world.ids.member }, { external_member_id: 'usr_mia' }]) {
      const answer = await begin(world, { customer_id: world.ids.customer, ...member });
      expect(await viewer(answer.body.token)).toEqual(asMember(world, world.ids.member));
    }
  });

  test("the customer's own where it has no owner", async () => {
    const world = await usher.addWorld();
    const { body } = await begin(world, { external_customer_id: 'initech' });
    expect(body.token).toMatch(/^usher_cst_[\w-]{43}$/);
    expect(await viewer(body.token)).toEqual(asCustomer(world.ids.otherCustomer));
  });

  test('a team without an address has to name a member', async () => {
    const world = await usher.addWorld();
    const { customer: customer_id, member: member_id } = world.ids;
    await usher.db.customer.updateMany({ where: { id: customer_id }, data: { email: null } });
    const { status, body } = await begin(world, { customer_id });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: 'PolarRequestValidationError',
      detail: [{ loc: ['body', 'member_id'], msg: 'member_id is required for team customers.' }],
    });
    expect((await begin(world, { customer_id, member_id })).status).toBe(201);
  });
});

test("without the member model it is the customer's own, whichever member is named", async () => {
  const world = await usher.addWorld({ memberModelEnabled: false });
  for (const member of [{}, { member_id: world.ids.member }]) {
    const { body } = await begin(world, { customer_id: world.ids.customer, ...member });
    expect(await viewer(body.token)).toEqual(asCustomer(world.ids.customer));
  }
});

describe('what is refused', () => {
  test('a customer or a member that does not exist, or is somebody else’s', async () => {
    const world = await usher.addWorld();
    const stranger = await usher.addWorld();
    const { customer: customer_id } = world.ids;
    const gone = await usher.addWorld();
    await usher.db.customer.updateMany({
      where: { id: gone.ids.customer },
      data: { deletedAt: new Date() },
    });
    for (const [body, field, message] of [
      [{ customer_id: randomUUID() }, 'customer_id', 'Customer does not exist.'],
      [{ customer_id: stranger.ids.customer }, 'customer_id', 'Customer does not exist.'],
      [{ external_customer_id: '' }, 'external_customer_id', 'Customer does not exist.'],
      [{ customer_id, member_id: randomUUID() }, 'member_id', 'Member does not exist.'],
      [{ customer_id, member_id: world.ids.otherMember }, 'member_id', 'Member does not exist.'],
      [{ customer_id, external_member_id: 'x' }, 'external_member_id', 'Member does not exist.'],
    ] as const) {
      const answer = await begin(world, body);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toMatchObject([{ loc: ['body', field], msg: message }]);
    }
    const deleted = await begin(gone, { customer_id: gone.ids.customer });
    expect(deleted.status).toBe(422);
  });

  test('neither or both names of one thing, and ids that are none', async () => {
    const world = await usher.addWorld();
    const { customer: customer_id, member: member_id } = world.ids;
    for (const [body, loc, type] of [
      [{}, ['body'], 'value_error'],
      [{ customer_id, external_customer_id: 'globex' }, ['body'], 'value_error'],
      [{ customer_id, member_id, external_member_id: 'usr_mia' }, ['body'], 'value_error'],
      [{ customer_id: 'x' }, ['body', 'customer_id'], 'uuid_parsing'],
      [{ customer_id, member_id: 7 }, ['body', 'member_id'], 'uuid_type'],
      [[], ['body'], 'model_attributes_type'],
    ] as const) {
      const answer = await begin(world, body);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toMatchObject([{ type, loc }]);
    }
  });

  test('nothing is begun by a refusal', async () => {
    const world = await usher.addWorld();
    const where = { customerId: world.ids.customer };
    const before = await usher.db.memberSession.count({ where });
    await begin(world, { customer_id: world.ids.customer, external_member_id: 'x' });
    await begin(world, { customer_id: world.ids.customer }, world.tokens.scopeless);
    expect(await usher.db.memberSession.count({ where })).toBe(before);
  });
});

test('who may begin one: a token with the scope, of the organization or of its user', async () => {
  const world = await usher.addWorld();
  const body = { customer_id: world.ids.customer };
  const enough = await addToken(usher, world, ['customer_sessions:write']);
  expect((await begin(world, body, enough)).status).toBe(201);
  expect((await begin(world, body, world.tokens.personal)).status).toBe(201);
  const lacking = await begin(world, body, world.tokens.reader);
  expect([lacking.status, lacking.body.error]).toEqual([403, 'insufficient_scope']);
  const session = await begin(world, body, world.tokens.owner);
  expect([session.status, session.body.error]).toEqual([401, 'Unauthorized']);
});

test('GraphQL begins one alike, and its refusals are members of the union', async () => {
  const world = await usher.addWorld();
  const mutate = async (
    customer: { customerId: string } | { externalCustomerId: string },
    token: string,
    member?: { memberId: string },
  ) =>
    (await usher.graphql(CreateCustomerSessionDocument, { input: { customer, member } }, token))
      .data?.createCustomerSession;
  const { organization, owner, reader } = world.tokens;
  const begun = await mutate({ externalCustomerId: 'globex' }, organization, {
    memberId: world.ids.manager,
  });
  if (begun?.__typename !== 'CreateCustomerSessionSuccess') throw new Error(begun?.__typename);
  expect(begun).toMatchObject({
    customer: { id: world.ids.customer },
    member: { id: world.ids.manager, role: 'BILLING_MANAGER' },
  });
  expect(await viewer(begun.token)).toEqual(asMember(world, world.ids.manager));
  const known = { customerId: world.ids.customer };
  expect((await mutate(known, reader))?.__typename).toBe('NotPermittedError');
  expect((await mutate(known, owner))?.__typename).toBe('NotPermittedError');
  expect(await mutate({ customerId: randomUUID() }, organization)).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['customerId'], message: 'Customer does not exist.' }],
  });
});
