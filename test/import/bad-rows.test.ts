import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFile } from '../support/import.ts';
import { range } from '../support/parallel.ts';
import { createAcme, createFullAcme, seatOf } from './acme.ts';
import { openProbe } from './probe.ts';

const NOT_BARE = 'It must have no name, angle brackets or line breaks.';
const A_TIME = 'an RFC 3339 time such as 2026-01-31T12:00:00Z';

const endpoint = (change: Record<string, unknown>) => ({
  webhookEndpoints: [
    {
      id: randomUUID(),
      url: 'https://hooks.example/seats',
      secret: 'whsec_x',
      events: ['customer_seat.assigned'],
      ...change,
    },
  ],
});

let probe: Awaited<ReturnType<typeof openProbe>>;

beforeAll(async () => {
  probe = await openProbe();
});

afterAll(() => probe.close());

describe('a file with invalid rows', () => {
  it.each<[string, unknown]>([
    ['The file must be an object', null],
    ['The file must be an object', []],
    ['organisations: is not a key of the import file', { organisations: [] }],
    ['users: must be a list', { users: {} }],
    ['users[0]: must be an object', { users: [null] }],
  ])('is told: %s', async (problem, document) => {
    expect(await probe.problemsOf(document)).toEqual([problem]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['id: must be a UUID', { id: 'x' }],
    ['id: must be a string', { id: 7 }],
    ['email: is missing', { email: undefined }],
    ['email: must be an e-mail address: An email address must have an @-sign.', { email: 'ada' }],
    [
      'email: must be an e-mail address: There must be something before the @-sign.',
      { email: '@' },
    ],
    [`email: must be an e-mail address: ${NOT_BARE}`, { email: 'ada@b.example\r\nBcc: x@b.c' }],
    [`email: must be an e-mail address: ${NOT_BARE}`, { email: 'ada@b.example\r\n' }],
    [`email: must be an e-mail address: ${NOT_BARE}`, { email: 'Ada <ada@b.example>' }],
    [
      'email: must be an e-mail address: The part after the @-sign is not a valid domain name.',
      { email: 'a@xn--0.com' },
    ],
    ['email: must have at most 320 characters', { email: `${'a'.repeat(320)}@b` }],
    [`email: must be an e-mail address: ${NOT_BARE}`, { email: 'a\0@b' }],
    [
      'email: must be an e-mail address: The email address contains unsafe characters: U+D800.',
      { email: '\ud800@b' },
    ],
    ['["pass word"]: is not a key of the import file', { 'pass word': 1 }],
  ])('is told of a user: %s', async (problem, change) => {
    const user = { id: randomUUID(), email: 'ada@b.c', ...change };
    const dot = problem.startsWith('[') ? '' : '.';
    expect(await probe.problemsOf({ users: [user] })).toEqual([`users[0]${dot}${problem}`]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['.status: must be one of pending, claimed, revoked', { status: 'free' }],
    [': must have exactly one of subscriptionId and orderId', { subscriptionId: undefined }],
    [': must have exactly one of subscriptionId and orderId', { orderId: randomUUID() }],
    ['.metadata: must be an object', { metadata: [] }],
    ['.metadata: Metadata size cannot exceed 1KB', { metadata: { a: 'x'.repeat(2000) } }],
    ['.invitationToken: must not be empty', { invitationToken: '' }],
    [`.claimedAt: must be ${A_TIME}`, { claimedAt: '2026-01-31' }],
    [`.claimedAt: must be ${A_TIME}`, { claimedAt: '2026-02-30T00:00:00Z' }],
    ['.claimedAt: must be in the years 1 to 9999', { claimedAt: '0000-01-01T00:00:00Z' }],
    [
      '.subscriptionId: no such subscription in this organization',
      { subscriptionId: randomUUID() },
    ],
    ['.memberId: no such member in this organization', { memberId: randomUUID() }],
    ['.customerId: no such customer in this organization', { customerId: randomUUID() }],
  ])('is told of a seat%s', async (problem, change) => {
    const { document, organization, subscription } = createAcme();
    organization.seats.push(seatOf(subscription, 'mia@example.com', change));
    expect(await probe.problemsOf(document)).toEqual([`organizations[0].seats[0]${problem}`]);
  });

  it.each<[string, Record<string, unknown>]>([
    [
      'slug: must be letters and digits, with single hyphens or underscores between them',
      { slug: 'bad slug' },
    ],
    [
      'slug: must be letters and digits, with single hyphens or underscores between them',
      { slug: '' },
    ],
    [
      'slug: must be letters and digits, with single hyphens or underscores between them',
      { slug: '-acme' },
    ],
    ['name: must not be empty', { name: '' }],
    ['name: must not be empty', { name: ' \t' }],
    ['products[0].name: must not be empty', { products: [{ id: randomUUID(), name: '' }] }],
    ['customers[0].name: must not be empty', { customers: [{ id: randomUUID(), name: ' ' }] }],
    [
      'customers[0].members[0].name: must not be empty',
      {
        customers: [
          { id: randomUUID(), members: [{ id: randomUUID(), email: 'a@b.example', name: '' }] },
        ],
      },
    ],
    [
      'accessTokens[0].scopes[1]: is not a scope',
      { accessTokens: [{ token: 't', scopes: ['products:read', 'customer_seats:wrte'] }] },
    ],
    ['accessTokens[0].scopes[0]: is not a scope', { accessTokens: [{ token: 't', scopes: [''] }] }],
    ['webhookEndpoints[0].events: must not be empty', endpoint({ events: [] })],
    [
      'webhookEndpoints[0].events[0]: must be one of customer_seat.assigned, customer_seat.claimed, customer_seat.revoked',
      endpoint({ events: ['customer_seat.taken'] }),
    ],
    [
      'webhookEndpoints[0].url: Must be an http:// or https:// address.',
      endpoint({ url: 'ftp://a.example' }),
    ],
    [
      'webhookEndpoints[0].url: Must be an http:// or https:// address.',
      endpoint({ url: 'https://a b.example' }),
    ],
    [
      'webhookEndpoints[0].url: Must be without a fragment.',
      endpoint({ url: 'https://a.example/#x' }),
    ],
    ['webhookEndpoints[0].secret: must not be empty', endpoint({ secret: '' })],
  ])('is told of an organization: %s', async (problem, change) => {
    const organization = {
      id: randomUUID(),
      slug: `acme-${randomUUID()}`,
      name: 'Acme',
      ...change,
    };
    expect(await probe.problemsOf({ organizations: [organization] })).toEqual([
      `organizations[0].${problem}`,
    ]);
  });

  it('loads nothing, and reports each invalid row, but not the rows that refer to it', async () => {
    const { document, organization, globex, product, subscription, jane } = createAcme();
    const teamless = { id: randomUUID(), email: 'nobody' };
    const clash = { id: randomUUID(), email: 'BILLING@globex.example' };
    organization.customers.push(teamless, clash);
    globex.members.push({ id: randomUUID(), email: 'JANE@globex.example' });
    organization.products.push({ id: randomUUID() });
    organization.subscriptions.push(
      { id: randomUUID(), productId: product.id, customerId: teamless.id, seats: 1 },
      { id: randomUUID(), productId: product.id, customerId: clash.id, seats: 1 },
      { id: randomUUID(), productId: randomUUID(), customerId: globex.id, seats: -1 },
      { id: randomUUID(), productId: randomUUID(), customerId: globex.id },
    );
    organization.seats.push(
      ...organization.subscriptions.slice(1).map(({ id }) => seatOf({ id: String(id) }, 'mia@b.c')),
      seatOf(subscription, undefined, { memberId: jane.id }),
      seatOf(subscription, 'jane@globex.example'),
    );
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].products[1].name: is missing',
      'organizations[0].customers[1].email: must be an e-mail address: An email address must have an @-sign.',
      'organizations[0].subscriptions[3].seats: must be at least 0',
      'organizations[0].customers[2].email: another customer of this organization has this address',
      'organizations[0].customers[0].members[2].email: another member of this customer has this address',
      'organizations[0].subscriptions[4].productId: no such product in this organization',
      'organizations[0].seats[5].email: this address holds another seat of the same subscription or order',
    ]);
  });

  it('reports each of many invalid rows among thousands', async () => {
    const { document, organization } = createAcme();
    const bad = new Set([1, 999, 1000, 1001, 2500]);
    organization.customers = range(2501).map(i => ({
      id: randomUUID(),
      email: bad.has(i) ? 'Person0@example.com' : `person${i}@example.com`,
    }));
    Object.assign(organization, { subscriptions: [], orders: [] });
    const why = 'another customer of this organization has this address';
    expect(await probe.problemsOf(document)).toEqual(
      [...bad].map(i => `organizations[0].customers[${i}].email: ${why}`),
    );
  });

  it('reports a violated constraint at its key', async () => {
    const { document, organization, globex, jane } = createAcme();
    Object.assign(globex, { externalId: 'cus_1' });
    Object.assign(jane, { externalId: 'usr_1' });
    globex.members.push(
      { id: randomUUID(), email: 'two@b.c', externalId: 'usr_1' },
      { id: randomUUID(), email: 'three@b.c', role: 'owner' },
    );
    const other = createAcme();
    organization.customers.push({ id: randomUUID(), externalId: 'cus_1' });
    organization.orders.push({ id: randomUUID(), customerId: randomUUID() });
    Object.assign(organization, { userIds: [randomUUID()] });
    other.organization.slug = organization.slug.toUpperCase();
    document.organizations.push(other.organization);
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[1].slug: another organization has this slug',
      'organizations[0].userIds[0]: no such user',
      'organizations[0].customers[1].externalId: another customer of this organization has this external id',
      'organizations[0].customers[0].members[2].externalId: another member of this customer has this external id',
      'organizations[0].customers[0].members[3].role: this customer has another owner',
      'organizations[0].orders[1].customerId: no such customer in this organization',
    ]);
  });

  it('reports the row of any other database error', async () => {
    const { document, organization } = createAcme();
    const noise = range(2000)
      .map(() => randomUUID())
      .join('');
    Object.assign(organization, { slug: noise });
    expect(await probe.problemsOf(document)).toEqual([
      expect.stringContaining('organizations[0]: rejected by the database: index row'),
    ]);
  });

  it('reports an external id that is longer than the API allows', async () => {
    const { document, globex, jane } = createAcme();
    Object.assign(globex, { externalId: 'a'.repeat(513) });
    Object.assign(jane, { externalId: 'a'.repeat(513) });
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].customers[0].externalId: must have at most 512 characters',
      'organizations[0].customers[0].members[0].externalId: must have at most 512 characters',
    ]);
  });

  it('reports a duplicate id', async () => {
    const { document, organization, globex, product } = createAcme();
    organization.customers.push({ id: globex.id.toUpperCase() });
    organization.products.push(product);
    Object.assign(organization, { userIds: ['8A1D8C2E-0000-1000-8000-000000000000'] });
    document.users.push({ id: '8a1d8c2e-0000-1000-8000-000000000000', email: 'ada@b.c' });
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].products[1].id: duplicates organizations[0].products[0].id',
      'organizations[0].customers[1].id: duplicates organizations[0].customers[0].id',
    ]);
  });

  it('reports an id of another organization', async () => {
    const known = createAcme();
    await importFile(probe.url, known.document);
    const { document, organization, subscription } = createAcme();
    organization.customers.push({ ...known.globex, email: 'x@y.z', members: [known.jane] });
    organization.products.push(known.product);
    subscription.productId = known.product.id;
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].products[1].id: used in another organization',
      'organizations[0].customers[1].id: used in another organization',
    ]);
  });

  it('reports a reference to a row of another organization', async () => {
    const known = createAcme();
    await importFile(probe.url, known.document);
    const { document, subscription, order } = createAcme();
    subscription.productId = known.product.id;
    order.customerId = known.globex.id;
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].subscriptions[0].productId: no such product in this organization',
      'organizations[0].orders[0].customerId: no such customer in this organization',
    ]);
  });

  it('reports a token that has another owner in the file or in the database', async () => {
    const known = createFullAcme();
    await importFile(probe.url, known.document);
    const { document, organization, globex, jane, subscription } = createAcme();
    const expiresAt = '2030-01-01T00:00:00Z';
    Object.assign(organization, {
      accessTokens: [
        { token: known.tokens.personal, scopes: [] },
        { token: known.tokens.customer, scopes: [] },
        { token: 'twice', scopes: [] },
      ],
    });
    Object.assign(globex, {
      sessions: [
        { token: 'twice', expiresAt },
        { token: known.tokens.member, expiresAt },
      ],
      memberSessions: [{ token: known.tokens.organization, memberId: jane.id, expiresAt }],
    });
    organization.seats.push(
      seatOf(subscription, 'a@b.c', { invitationToken: known.tokens.invitation }),
      seatOf(subscription, 'b@b.c', { invitationToken: 'the same' }),
      seatOf(subscription, 'c@b.c', { invitationToken: 'the same' }),
    );
    const [organizationPath, customerPath] = ['organizations[0]', 'organizations[0].customers[0]'];
    const inUse = 'this token has another owner';
    expect(await probe.problemsOf(document)).toEqual([
      `${customerPath}.sessions[0].token: duplicates ${organizationPath}.accessTokens[2].token`,
      `${organizationPath}.seats[2].invitationToken: duplicates ${organizationPath}.seats[1].invitationToken`,
      `${organizationPath}.accessTokens[0].token: ${inUse}`,
      `${organizationPath}.accessTokens[1].token: ${inUse}`,
      `${customerPath}.sessions[1].token: ${inUse}`,
      `${customerPath}.memberSessions[0].token: ${inUse}`,
      `${organizationPath}.seats[0].invitationToken: another seat has this invitation token`,
    ]);
  });

  it('reports a session or a seat of a member of another customer', async () => {
    const { document, organization, subscription } = createAcme();
    const bill = { id: randomUUID(), email: 'bill@initech.example' };
    const expiresAt = '2030-01-01T00:00:00Z';
    organization.customers.push(
      { id: randomUUID(), members: [bill] },
      {
        id: randomUUID(),
        memberSessions: [
          { token: randomUUID(), memberId: bill.id, expiresAt },
          { token: randomUUID(), memberId: randomUUID(), expiresAt },
        ],
      },
    );
    organization.seats.push(seatOf(subscription, undefined, { memberId: bill.id }));
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].customers[2].memberSessions[1].memberId: no such member in this organization',
      'organizations[0].customers[2].memberSessions[0].memberId: not a member of this customer',
      'organizations[0].seats[0].memberId: not a member of the billing customer',
    ]);
  });
});

describe('a pool with too few seats', () => {
  it('is reported with the numbers', async () => {
    const { document, organization, subscription, order } = createAcme();
    Object.assign(order, { seats: undefined });
    organization.seats = [
      ...range(6).map(i => seatOf(subscription, `person${i}@b.c`, { status: 'claimed' })),
      seatOf(subscription, undefined, { status: 'revoked' }),
      { ...seatOf(order, 'mia@b.c'), subscriptionId: undefined, orderId: order.id },
    ];
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].subscriptions[0].seats: 5 seats, but 6 of them are pending or claimed',
      'organizations[0].orders[0].seats: not sold by the seat, but has 1 pending or claimed',
    ]);
  });

  it('is reported if it shrinks below the live seats that are missing from the file', async () => {
    const { document, organization, subscription } = createAcme();
    organization.seats = range(3).map(i => seatOf(subscription, `person${i}@b.c`));
    await importFile(probe.url, document);
    subscription.seats = 1;
    organization.seats = organization.seats.slice(1);
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].subscriptions[0].seats: 1 seat, but 3 of them are pending or claimed',
    ]);
  });

  it('is reported at its first seat if the pool is missing from the file', async () => {
    const { document, organization, subscription } = createAcme();
    await importFile(probe.url, document);
    organization.subscriptions = [];
    organization.seats = range(6).map(i => seatOf(subscription, `person${i}@b.c`));
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].seats[0].subscriptionId: too few seats: 6 would be pending or claimed',
    ]);
  });

  it('is not reported if one of its seats is invalid', async () => {
    const { document, organization, subscription } = createAcme();
    const seats = range(5).map(i => seatOf(subscription, `person${i}@b.c`));
    organization.seats = seats;
    await importFile(probe.url, document);
    const revoked = { ...seats[0], status: 'revokd' };
    organization.seats = [revoked, ...seats.slice(1), seatOf(subscription, 'next@b.c')];
    expect(await probe.problemsOf(document)).toEqual([
      'organizations[0].seats[0].status: must be one of pending, claimed, revoked',
    ]);
  });
});

describe('an aborted import', () => {
  it('writes nothing', async () => {
    const { document, organization } = createAcme();
    organization.customers.push(...range(5000).map(() => ({ id: randomUUID() })));
    const before = await probe.fingerprint();
    const stop = new AbortController();
    const importing = importFile(probe.url, document, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('stopped')),
    });
    await expect(importing).rejects.toThrow('stopped');
    expect(await probe.fingerprint()).toEqual(before);
  });

  it('does not start if the signal is already aborted', async () => {
    const { document } = createAcme();
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(importFile(probe.url, document, { signal })).rejects.toThrow('stopped');
  });
});
