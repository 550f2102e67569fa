import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prisma } from '../../src/db/client.ts';
import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { eventsOf } from '../support/seats.ts';
import { type RestAnswer, startUsher, type TestUsher } from '../support/usher.ts';

// What each verb answers and leaves behind, by recipient, member model, source and state. The expectations are in
// __snapshots__/answers.test.ts.snap, a few lines each: answers first, then seats, events, people and sessions.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Step = (usher: TestUsher, fixture: Fixture) => Promise<unknown>;

async function expectAnswers(steps: Step, options: Parameters<TestUsher['addFixture']>[0] = {}) {
  const fixture = await usher.addFixture(options);
  const since = new Date();
  const answers = (await steps(usher, fixture)) as Answer[];
  expect(`\n${(await traceOf(fixture, since, answers)).join('\n')}\n`).toMatchSnapshot();
}

interface Answer {
  status: number;
  // The body of an answer under test.
  body: RestAnswer['body'];
}

async function traceOf(
  fixture: Fixture,
  since: Date,
  answers: readonly Answer[],
): Promise<string[]> {
  const names = new Map<string, string>(
    Object.entries(fixture.ids).map(([name, id]) => [id, name]),
  );
  const nameOf = (id: string | null) => {
    if (id === null) return 'nobody';
    if (!names.has(id)) names.set(id, `#${names.size - Object.keys(fixture.ids).length + 1}`);
    return names.get(id) ?? '';
  };
  const where = { organizationId: fixture.ids.organization };
  const inOrder = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];
  const seats = await usher.db.customerSeat.findMany({ where, orderBy: inOrder });
  const lines = answers.map(answer => lineOf(answer, nameOf));
  for (const seat of seats) {
    const pool = seat.subscriptionId ?? seat.orderId;
    const facts = [
      seat.modifiedAt && 'modified',
      seat.claimedAt && 'claimed-at',
      seat.revokedAt && 'revoked-at',
      seat.invitationNonce && 'nonce',
      seat.invitationTokenHash && 'hash',
      seat.invitationTokenExpiresAt && 'expiry',
    ];
    const holder = `member=${nameOf(seat.memberId)} customer=${nameOf(seat.customerId)}`;
    const metadata = JSON.stringify(seat.metadata);
    lines.push(
      `seat ${nameOf(seat.id)} of ${nameOf(pool)}: ${seat.status} ${seat.email} ${holder} ${metadata} ${facts.filter(Boolean).join(' ')}`,
    );
    for (const { type, payload } of await eventsOf(usher, seat.id)) {
      // The payload is a seat in the vendors' form.
      const told = payload as Answer['body'];
      lines.push(`  ${type}: ${seatLine(told, nameOf)}`);
    }
  }
  const members = await usher.db.member.findMany({ where, orderBy: { email: 'asc' } });
  for (const { id, email, externalId, role, modifiedAt, customerId } of members) {
    if (names.has(id) && !names.get(id)?.startsWith('#') && modifiedAt === null) continue;
    lines.push(
      `member ${nameOf(id)} of ${nameOf(customerId)}: ${email} ${role} external-id=${externalId}${modifiedAt ? ' modified' : ''}`,
    );
  }
  const customers = await usher.db.customer.findMany({ where, orderBy: { email: 'asc' } });
  for (const { id, email, modifiedAt } of customers) {
    if (nameOf(id).startsWith('#'))
      lines.push(`customer ${nameOf(id)}: ${email}${modifiedAt ? ' modified' : ''}`);
  }
  const begunSince = { ...where, createdAt: { gt: since } };
  const memberSessions = await usher.db.memberSession.findMany({ where: begunSince });
  const customerSessions = await usher.db.customerSession.findMany({ where: begunSince });
  const begun = [
    ...memberSessions.map(
      of => `session of member ${nameOf(of.memberId)} of ${nameOf(of.customerId)}`,
    ),
    ...customerSessions.map(of => `session of customer ${nameOf(of.customerId)}`),
  ].toSorted();
  return [...lines, ...begun];
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

function lineOf({ status, body }: Answer, nameOf: (id: string | null) => string): string {
  if (body === null || body === undefined || typeof body !== 'object') return `${status}`;
  if (body.error !== undefined) {
    const detail = String(body.detail ?? '').replace(UUID, nameOf);
    return `${status} ${body.error}: ${detail}`;
  }
  if (body.seat !== undefined) {
    const { seat, customer_session_token: token } = body;
    const kind = /^usher_([cm])st_/.exec(token)?.[1];
    return `${status} ${seatLine(seat, nameOf)}, session ${kind}`;
  }
  if (body.seat_metadata !== undefined) return `${status} ${seatLine(body, nameOf)}`;
  return `${status} ${JSON.stringify(body)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time')
    .replace(/org-[\w-]+/g, 'the slug')
    .replace(UUID, nameOf)}`;
}

function seatLine(seat: Answer['body'], nameOf: (id: string | null) => string): string {
  const holder = `member=${nameOf(seat.member_id)}/${seat.member ? `${nameOf(seat.member.id)} ${seat.member.email} ${seat.member.external_id}` : 'none'}`;
  const times = ['modified_at', 'invitation_token_expires_at', 'claimed_at', 'revoked_at'].filter(
    key => seat[key] !== null,
  );
  return `${nameOf(seat.id)} ${seat.status} email=${seat.email} customer=${nameOf(seat.customer_id)} ${seat.customer_email} ${holder} ${JSON.stringify(seat.seat_metadata)} ${times.join(' ')}`;
}

type Change = (usher: TestUsher, fixture: Fixture) => Promise<unknown>;

const GONE = { deletedAt: new Date() };

/** A REST call, with what it answers: status and body. */
const call =
  (method: string, path: string, body?: object, token: keyof Fixture['tokens'] = 'organization') =>
  async (usher: TestUsher, fixture: Fixture) => {
    const isPortal = token === 'customer' || token === 'owner' || token === 'manager';
    const base = isPortal ? '/v1/customer-portal/seats' : '/v1/customer-seats';
    const answer = await usher.rest(method, base + path, { token: fixture.tokens[token], body });
    return { status: answer.status, body: answer.body };
  };

const assign = (
  usher: TestUsher,
  fixture: Fixture,
  facts: object = {},
  token?: keyof Fixture['tokens'],
) =>
  call('POST', '', { subscription_id: fixture.ids.subscription, ...facts }, token)(usher, fixture);

describe('assigning', () => {
  test.each<[string, (fixture: Fixture) => object]>([
    ['a stranger', () => ({ email: 'Sam@Globex.example' })],
    ['a member by address, in another case', () => ({ email: 'MIA@globex.example' })],
    ['a member by id', ({ ids }) => ({ member_id: ids.member })],
    ['a member of another customer', ({ ids }) => ({ member_id: ids.otherMember })],
    ['nobody', () => ({ member_id: randomUUID() })],
    ['claimed immediately', () => ({ email: 'sam@globex.example', immediate_claim: true })],
    ['with metadata', () => ({ email: 'sam@globex.example', metadata: { b: [1], a: 'ü' } })],
    [
      'of an order',
      ({ ids }) => ({ subscription_id: null, order_id: ids.order, email: 'sam@globex.example' }),
    ],
    [
      'of a checkout',
      ({ ids }) => ({
        subscription_id: null,
        checkout_id: ids.subscriptionCheckout,
        email: 'sam@globex.example',
      }),
    ],
    ['of no subscription', () => ({ subscription_id: randomUUID(), email: 'sam@globex.example' })],
    ['by an external member id', () => ({ external_member_id: 'usr_mia' })],
    [
      'by a new external member id',
      () => ({ external_member_id: 'usr_sam', email: 'sam@globex.example' }),
    ],
    [
      'by an external member id, with their address',
      () => ({ external_member_id: 'usr_jane', email: 'JANE@globex.example' }),
    ],
    [
      'by an external member id, with another address',
      () => ({ external_member_id: 'usr_jane', email: 'mia@globex.example' }),
    ],
    [
      'by a new external member id, a member who has none',
      () => ({ external_member_id: 'usr_raj', email: 'raj@globex.example' }),
    ],
    [
      'by a new external member id, a member who has another',
      () => ({ external_member_id: 'usr_new', email: 'mia@globex.example' }),
    ],
    ['by an unknown external member id', () => ({ external_member_id: 'usr_nobody' })],
    ['by customer', ({ ids }) => ({ customer_id: ids.customer })],
    ['by another customer', ({ ids }) => ({ customer_id: ids.otherCustomer })],
    ['by external customer id', () => ({ external_customer_id: 'initech' })],
    ['by an empty external customer id', () => ({ external_customer_id: '' })],
    ['by no customer', () => ({ customer_id: randomUUID() })],
    [
      'of the checkout of an order, by external customer id, claimed immediately',
      ({ ids }) => ({
        subscription_id: null,
        checkout_id: ids.orderCheckout,
        external_customer_id: 'globex',
        immediate_claim: true,
      }),
    ],
    [
      'of no checkout',
      () => ({ subscription_id: null, checkout_id: randomUUID(), email: 'sam@globex.example' }),
    ],
  ])('%s, and the same once more', async (_name, facts) => {
    await expectAnswers(async (usher, fixture) => [
      await assign(usher, fixture, facts(fixture)),
      await assign(usher, fixture, facts(fixture)),
    ]);
  });

  test.each(['organization', 'personal', 'customer', 'owner', 'manager', 'reader'] as const)(
    'for a token of the kind %s',
    async token => {
      await expectAnswers(async (usher, fixture) => {
        const checkout_id = fixture.ids.orderCheckout;
        const ofNone = { subscription_id: null, checkout_id: randomUUID() };
        return [
          await assign(usher, fixture, { email: 'sam@globex.example' }, token),
          await assign(usher, fixture, { email: 'mia@globex.example' }, token),
          await assign(usher, fixture, { external_member_id: 'usr_jane' }, token),
          await assign(
            usher,
            fixture,
            { subscription_id: null, checkout_id, external_member_id: 'usr_jane' },
            token,
          ),
          await assign(usher, fixture, { ...ofNone, external_member_id: 'usr_jane' }, token),
        ];
      });
    },
  );

  test.each<[string, (fixture: Fixture) => object]>([
    ['a stranger', () => ({ email: 'Sam@Globex.example' })],
    ['a customer by address', () => ({ email: 'INITECH@initech.example' })],
    ['a customer', ({ ids }) => ({ customer_id: ids.otherCustomer })],
    ['the customer who pays', ({ ids }) => ({ customer_id: ids.customer, metadata: { a: 1 } })],
    ['a customer by external id', () => ({ external_customer_id: 'initech' })],
    ['no customer', ({ ids }) => ({ customer_id: ids.order })],
    ['an empty external id', () => ({ external_customer_id: '' })],
    ['a member', ({ ids }) => ({ member_id: ids.member })],
    ['a member by external id', () => ({ external_member_id: 'usr_mia' })],
    ['an empty external id beside an address', () => ({ external_member_id: '', email: 'a@b.co' })],
    [
      'of a checkout, claimed immediately',
      ({ ids }) => ({
        subscription_id: null,
        checkout_id: ids.orderCheckout,
        customer_id: ids.otherCustomer,
        immediate_claim: true,
      }),
    ],
  ])(
    'without the member model: %s, and the same once more, and again once it is revoked',
    async (_name, facts) => {
      await expectAnswers(
        async (usher, fixture) => {
          const given = await assign(usher, fixture, facts(fixture));
          return [
            given,
            await assign(usher, fixture, facts(fixture)),
            await call('DELETE', `/${given.body.id ?? randomUUID()}`)(usher, fixture),
            await assign(usher, fixture, facts(fixture)),
          ];
        },
        { memberModelEnabled: false },
      );
    },
  );

  test('without the member model: a customer without an address, and one who has got another', async () => {
    await expectAnswers(
      async (usher, fixture) => {
        const { otherCustomer: id } = fixture.ids;
        const change = (email: string | null) =>
          usher.db.customer.updateMany({ where: { id }, data: { email } });
        const answers = [];
        for (const email of [null, 'new@initech.example']) {
          await change(email);
          answers.push(await assign(usher, fixture, { customer_id: id }));
        }
        return answers;
      },
      { memberModelEnabled: false },
    );
  });

  test('to somebody who has a seat, by an external member id that nobody has', async () => {
    await expectAnswers(async (usher, fixture) => [
      await assign(usher, fixture, { email: 'mia@globex.example' }),
      await assign(usher, fixture, { email: 'raj@globex.example' }),
      await assign(usher, fixture, { email: 'MIA@globex.example', external_member_id: 'usr_new' }),
      await assign(usher, fixture, { email: 'RAJ@globex.example', external_member_id: 'usr_new' }),
    ]);
  });

  test('without the member model: a customer whose address has blanks around it', async () => {
    await expectAnswers(
      async (usher, fixture) => {
        const { otherCustomer: id } = fixture.ids;
        const data = { email: '\tinitech@initech.example ' };
        await usher.db.customer.updateMany({ where: { id }, data });
        return [await assign(usher, fixture, { customer_id: id })];
      },
      { memberModelEnabled: false },
    );
  });

  test.each(['external_member_id', 'customer_id'] as const)(
    'a revoked seat, for somebody by %s',
    async name => {
      await expectAnswers(async (usher, fixture) => {
        const { body } = await assign(usher, fixture, { email: 'sam@globex.example' });
        const identifier = { external_member_id: 'usr_jane', customer_id: fixture.ids.customer };
        return [
          await call('DELETE', `/${body.id}`)(usher, fixture),
          await assign(usher, fixture, { [name]: identifier[name], metadata: { again: true } }),
        ];
      });
    },
  );

  test.each([
    { subscriptionStatus: 'canceled' },
    { seatBasedPricingEnabled: false },
    { seats: 1 },
    { status: 'blocked' },
  ] as const)('to somebody who has to be looked up, in a fixture with %o', async options => {
    await expectAnswers(
      async (usher, fixture) => [
        await assign(usher, fixture, { external_member_id: 'usr_jane' }),
        await assign(usher, fixture, { customer_id: fixture.ids.otherCustomer }),
      ],
      options,
    );
  });

  test.each([
    { subscriptionStatus: 'canceled' },
    { subscriptionStatus: 'past_due' },
    { memberModelEnabled: false },
    { seatBasedPricingEnabled: false },
    { seats: 1 },
    { seats: 0 },
  ])('in a fixture with %o', async options => {
    await expectAnswers(
      async (usher, fixture) => [
        await assign(usher, fixture, { email: 'sam@globex.example' }),
        await assign(usher, fixture, { email: 'raj@globex.example' }),
      ],
      options,
    );
  });

  test('of seats that were revoked, the oldest first', async () => {
    await expectAnswers(async (usher, fixture) => {
      const given: { body: { id: string } }[] = [];
      for (const name of ['a', 'b', 'c']) {
        given.push(await assign(usher, fixture, { email: `${name}@globex.example` }));
      }
      const [a, b] = given;
      return [
        await call('DELETE', `/${b?.body.id}`)(usher, fixture),
        await call('DELETE', `/${a?.body.id}`)(usher, fixture),
        await assign(usher, fixture, { email: 'd@globex.example', metadata: { again: true } }),
        await assign(usher, fixture, { email: 'a@globex.example', immediate_claim: true }),
        await assign(usher, fixture, { email: 'e@globex.example' }),
      ];
    });
  });

  test('of somebody whose seat has another address by now', async () => {
    await expectAnswers(async (usher, fixture) => {
      await assign(usher, fixture, { member_id: fixture.ids.member });
      await usher.db.member.updateMany({
        where: { id: fixture.ids.member },
        data: { email: 'mia.new@globex.example' },
      });
      return [
        await assign(usher, fixture, { email: 'mia.new@globex.example' }),
        await assign(usher, fixture, { email: 'mia@globex.example' }),
      ];
    });
  });
});

describe('the rest of a seat’s life', () => {
  const seatOf = async (usher: TestUsher, fixture: Fixture, facts: object = {}) => {
    const { body } = await assign(usher, fixture, { email: 'sam@globex.example', ...facts });
    return String(body.id);
  };

  test.each([{}, { immediate_claim: true }])('revoked, and revoked again: %o', async facts => {
    await expectAnswers(async (usher, fixture) => {
      const id = await seatOf(usher, fixture, facts);
      const revoke = call('DELETE', `/${id}`);
      const resend = call('POST', `/${id}/resend`);
      return [
        await revoke(usher, fixture),
        await revoke(usher, fixture),
        await resend(usher, fixture),
      ];
    });
  });

  test('invited again, claimed with the new link, not with the old one, and once', async () => {
    await expectAnswers(async (usher, fixture) => {
      const id = await seatOf(usher, fixture);
      const old = await tokenOf(usher, id);
      const resent = await call('POST', `/${id}/resend`)(usher, fixture);
      const token = await tokenOf(usher, id);
      const info = (of: string) => call('GET', `/claim/${of}`)(usher, fixture);
      const claim = (of: string) =>
        call('POST', '/claim', { invitation_token: of })(usher, fixture);
      return [
        resent,
        await info(old),
        await info(token),
        await claim(old),
        await claim(token),
        await claim(token),
        await info(token),
        await call('POST', `/${id}/resend`)(usher, fixture),
        await call('DELETE', `/${id}`)(usher, fixture),
      ];
    });
  });

  describe.each([true, false])('claimed, where the member model is %s', memberModelEnabled => {
    test.each<[string, Prisma.CustomerSeatUncheckedUpdateManyInput, Change?]>([
      ['by a member', {}],
      ['by a member of another address', { email: 'other@globex.example' }],
      ['by an address alone', { memberId: null }],
      ['by an address alone that a member has', { memberId: null, email: 'MIA@globex.example' }],
      ['by somebody without an address', { memberId: null, email: null }],
      ['by nobody', { memberId: null, customerId: null }],
      [
        'by a member who is gone',
        {},
        ({ db }, { ids }) =>
          db.member.updateMany({ where: { customerId: ids.customer }, data: GONE }),
      ],
      [
        'by a customer who is gone',
        { memberId: null },
        ({ db }, { ids: { organization: organizationId } }) =>
          db.customer.updateMany({ where: { organizationId }, data: GONE }),
      ],
      [
        'by a customer without an address',
        { memberId: null },
        ({ db }, { ids: { organization: organizationId } }) =>
          db.customer.updateMany({ where: { organizationId }, data: { email: null } }),
      ],
    ])('%s', async (_name, data, change) => {
      await expectAnswers(
        async (usher, fixture) => {
          const id = await seatOf(usher, fixture);
          const token = await tokenOf(usher, id);
          await usher.db.customerSeat.updateMany({ where: { id }, data });
          await change?.(usher, fixture);
          const claim = call('POST', '/claim', { invitation_token: token });
          return [await claim(usher, fixture), await claim(usher, fixture)];
        },
        { memberModelEnabled },
      );
    });
  });

  test('of a seat that is not there, or is another’s', async () => {
    await expectAnswers(async (usher, fixture) => {
      const other = await usher.addFixture();
      const { body } = await assign(usher, other, { email: 'sam@globex.example' });
      const answers = [];
      for (const id of [randomUUID(), body.id]) {
        for (const [method, path] of [
          ['DELETE', ''],
          ['POST', '/resend'],
        ] as const) {
          const { status, body } = await call(method, `/${id}${path}`)(usher, fixture);
          answers.push({ status, body });
        }
      }
      return answers;
    });
  });
});
