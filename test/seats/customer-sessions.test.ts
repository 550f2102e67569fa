import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { CreateCustomerSessionDocument } from '../support/operations/graphql.ts';
import { addToken } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const PATH = '/v1/customer-sessions/';
const HOUR_MS = 60 * 60 * 1000;

async function begin(fixture: Fixture, body: unknown, token = fixture.tokens.organization) {
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

const asMember = (fixture: Fixture, id: string) => ({
  kind: 'MEMBER',
  customer: { id: fixture.ids.customer },
  member: { id },
});
const asCustomer = (id: string) => ({ kind: 'CUSTOMER', customer: { id }, member: null });

describe('a session', () => {
  test('is answered with 201, its token and its customer', async () => {
    const fixture = await usher.addFixture();
    const body = { customer_id: fixture.ids.customer, return_url: 'https://globex.example/team' };
    const { status, headers, body: session } = await begin(fixture, body);
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(session).toMatchObject({
      modified_at: null,
      token: expect.stringMatching(/^usher_mst_[\w-]{43}$/),
      return_url: 'https://globex.example/team',
      customer_portal_url: expect.any(String),
      customer_id: fixture.ids.customer,
      customer: {
        id: fixture.ids.customer,
        email: 'Billing@globex.example',
        name: 'Globex',
        external_id: 'globex',
        organization_id: fixture.ids.organization,
      },
    });
    expect(Date.parse(session.expires_at) - Date.parse(session.created_at)).toBe(HOUR_MS);
  });

  test('lasts an hour', async () => {
    const own = await startUsher();
    try {
      const fixture = await own.addFixture();
      const { organization: token } = fixture.tokens;
      const body = { customer_id: fixture.ids.customer };
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
    const fixture = await usher.addFixture();
    for (const body of [
      { customer_id: fixture.ids.customer },
      { external_customer_id: 'globex' },
    ]) {
      const { token } = (await begin(fixture, body)).body;
      expect(await viewer(token)).toEqual(asMember(fixture, fixture.ids.owner));
    }
  });

  test("a named member's, by either id", async () => {
    const fixture = await usher.addFixture();
    for (const member of [{ member_id: fixture.ids.member }, { external_member_id: 'usr_mia' }]) {
      const answer = await begin(fixture, { customer_id: fixture.ids.customer, ...member });
      expect(await viewer(answer.body.token)).toEqual(asMember(fixture, fixture.ids.member));
    }
  });

  test("the customer's own where it has no owner", async () => {
    const fixture = await usher.addFixture();
    const { body } = await begin(fixture, { external_customer_id: 'initech' });
    expect(body.token).toMatch(/^usher_cst_[\w-]{43}$/);
    expect(await viewer(body.token)).toEqual(asCustomer(fixture.ids.otherCustomer));
  });

  test('a team without an address has to name a member', async () => {
    const fixture = await usher.addFixture();
    const { customer: customer_id, member: member_id } = fixture.ids;
    await usher.db.customer.updateMany({ where: { id: customer_id }, data: { email: null } });
    const { status, body } = await begin(fixture, { customer_id });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: 'PolarRequestValidationError',
      detail: [{ loc: ['body', 'member_id'], msg: 'member_id is required for team customers.' }],
    });
    expect((await begin(fixture, { customer_id, member_id })).status).toBe(201);
  });
});

test("without the member model it is the customer's own, whichever member is named", async () => {
  const fixture = await usher.addFixture({ memberModelEnabled: false });
  for (const member of [{}, { member_id: fixture.ids.member }]) {
    const { body } = await begin(fixture, { customer_id: fixture.ids.customer, ...member });
    expect(await viewer(body.token)).toEqual(asCustomer(fixture.ids.customer));
  }
});

describe('what is refused', () => {
  test('a customer or a member that does not exist, or is somebody else’s', async () => {
    const fixture = await usher.addFixture();
    const stranger = await usher.addFixture();
    const { customer: customer_id } = fixture.ids;
    const gone = await usher.addFixture();
    await usher.db.customer.updateMany({
      where: { id: gone.ids.customer },
      data: { deletedAt: new Date() },
    });
    for (const [body, field, message] of [
      [{ customer_id: randomUUID() }, 'customer_id', 'Customer does not exist.'],
      [{ customer_id: stranger.ids.customer }, 'customer_id', 'Customer does not exist.'],
      [{ external_customer_id: '' }, 'external_customer_id', 'Customer does not exist.'],
      [{ customer_id, member_id: randomUUID() }, 'member_id', 'Member does not exist.'],
      [{ customer_id, member_id: fixture.ids.otherMember }, 'member_id', 'Member does not exist.'],
      [{ customer_id, external_member_id: 'x' }, 'external_member_id', 'Member does not exist.'],
    ] as const) {
      const answer = await begin(fixture, body);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toMatchObject([{ loc: ['body', field], msg: message }]);
    }
    const deleted = await begin(gone, { customer_id: gone.ids.customer });
    expect(deleted.status).toBe(422);
  });

  test('neither or both names of one thing, and ids that are none', async () => {
    const fixture = await usher.addFixture();
    const { customer: customer_id, member: member_id } = fixture.ids;
    for (const [body, loc, type] of [
      [{}, ['body'], 'value_error'],
      [{ customer_id, external_customer_id: 'globex' }, ['body'], 'value_error'],
      [{ customer_id, member_id, external_member_id: 'usr_mia' }, ['body'], 'value_error'],
      [{ customer_id: 'x' }, ['body', 'customer_id'], 'uuid_parsing'],
      [{ customer_id, member_id: 7 }, ['body', 'member_id'], 'uuid_type'],
      [[], ['body'], 'model_attributes_type'],
    ] as const) {
      const answer = await begin(fixture, body);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toMatchObject([{ type, loc }]);
    }
  });

  test('nothing is begun by a refusal', async () => {
    const fixture = await usher.addFixture();
    const where = { customerId: fixture.ids.customer };
    const before = await usher.db.memberSession.count({ where });
    await begin(fixture, { customer_id: fixture.ids.customer, external_member_id: 'x' });
    await begin(fixture, { customer_id: fixture.ids.customer }, fixture.tokens.scopeless);
    expect(await usher.db.memberSession.count({ where })).toBe(before);
  });
});

test('who may begin one: a token with the scope, of the organization or of its user', async () => {
  const fixture = await usher.addFixture();
  const body = { customer_id: fixture.ids.customer };
  const enough = await addToken(usher, fixture, ['customer_sessions:write']);
  expect((await begin(fixture, body, enough)).status).toBe(201);
  expect((await begin(fixture, body, fixture.tokens.personal)).status).toBe(201);
  const lacking = await begin(fixture, body, fixture.tokens.reader);
  expect([lacking.status, lacking.body.error]).toEqual([403, 'insufficient_scope']);
  const session = await begin(fixture, body, fixture.tokens.owner);
  expect([session.status, session.body.error]).toEqual([401, 'Unauthorized']);
});

test('GraphQL begins one alike, and its refusals are members of the union', async () => {
  const fixture = await usher.addFixture();
  const mutate = async (
    customer: { customerId: string } | { externalCustomerId: string },
    token: string,
    member?: { memberId: string },
  ) =>
    (await usher.graphql(CreateCustomerSessionDocument, { input: { customer, member } }, token))
      .data?.createCustomerSession;
  const { organization, owner, reader } = fixture.tokens;
  const begun = await mutate({ externalCustomerId: 'globex' }, organization, {
    memberId: fixture.ids.manager,
  });
  if (begun?.__typename !== 'CreateCustomerSessionSuccess') throw new Error(begun?.__typename);
  expect(begun).toMatchObject({
    customer: { id: fixture.ids.customer },
    member: { id: fixture.ids.manager, role: 'BILLING_MANAGER' },
  });
  expect(await viewer(begun.token)).toEqual(asMember(fixture, fixture.ids.manager));
  const known = { customerId: fixture.ids.customer };
  expect((await mutate(known, reader))?.__typename).toBe('NotPermittedError');
  expect((await mutate(known, owner))?.__typename).toBe('NotPermittedError');
  expect(await mutate({ customerId: randomUUID() }, organization)).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['customerId'], message: 'Customer does not exist.' }],
  });
});
