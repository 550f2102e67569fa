import { randomUUID } from 'node:crypto';

type Row = Record<string, unknown>;

/** Returns an import file with one organization, its customer Globex with two members, a subscription and an order. Tests add to it. */
export function createAcme() {
  const product = { id: randomUUID(), name: 'Team Pro' };
  const jane = { id: randomUUID(), email: 'Jane@globex.example', role: 'owner' };
  const raj = { id: randomUUID(), email: 'raj@globex.example', role: 'member' };
  const globex = {
    id: randomUUID(),
    email: 'billing@globex.example',
    members: [jane, raj] as Row[],
  };
  const subscription = { id: randomUUID(), productId: product.id, customerId: globex.id, seats: 5 };
  const order = { id: randomUUID(), productId: product.id, customerId: globex.id, seats: 5 };
  const organization = {
    id: randomUUID(),
    slug: `acme-${randomUUID()}`,
    name: 'Acme',
    products: [product] as Row[],
    customers: [globex] as Row[],
    subscriptions: [subscription] as Row[],
    orders: [order] as Row[],
    seats: [] as Row[],
  };
  const document = { users: [] as Row[], organizations: [organization as Row] };
  return { document, organization, product, globex, jane, raj, subscription, order };
}

/** The same, with every key that the format has, and a seat of the order. */
export function createFullAcme() {
  const acme = createAcme();
  const tokens = {
    personal: `pat ${randomUUID()}`,
    organization: `oat ${randomUUID()}`,
    customer: `cst ${randomUUID()}`,
    member: `mst ${randomUUID()}`,
    invitation: `invitation ${randomUUID()}`,
  };
  const user = {
    id: randomUUID(),
    email: 'ada@acme.example',
    accessTokens: [{ token: tokens.personal, scopes: ['customer_seats:read'], expiresAt: null }],
  };
  acme.document.users.push(user);
  Object.assign(acme.organization, {
    seatBasedPricingEnabled: false,
    memberModelEnabled: false,
    status: 'blocked',
    userIds: [user.id],
    accessTokens: [
      {
        token: tokens.organization,
        scopes: ['customer_seats:read', 'customer_seats:write'],
        expiresAt: '2030-01-01T00:00:00+02:00',
      },
    ],
    webhookEndpoints: [
      {
        id: randomUUID(),
        url: 'http://127.0.0.1:9000/hook',
        secret: 'whsec_x',
        events: ['customer_seat.assigned'],
      },
    ],
  });
  Object.assign(acme.globex, {
    name: 'Globex',
    externalId: 'cus_1',
    sessions: [{ token: tokens.customer, expiresAt: '2030-01-01T00:00:00Z' }],
    memberSessions: [
      { token: tokens.member, memberId: acme.jane.id, expiresAt: '2030-01-01T00:00:00Z' },
    ],
  });
  Object.assign(acme.jane, { name: 'Jane Doe', externalId: 'usr_1337' });
  const pool = { checkoutId: randomUUID(), createdAt: '2025-05-05T05:05:05.125Z' };
  Object.assign(acme.subscription, pool, { status: 'trialing' });
  Object.assign(acme.order, pool, { status: 'paid' });
  const seat = {
    id: randomUUID(),
    orderId: acme.order.id,
    status: 'claimed',
    customerId: acme.globex.id,
    memberId: acme.jane.id,
    email: 'jane@home.example',
    metadata: { department: 'R&D', nested: { level: [1, null] } },
    invitationToken: tokens.invitation,
    invitationTokenExpiresAt: '2025-06-07T00:00:00Z',
    claimedAt: '2025-06-06T00:00:00Z',
    revokedAt: '2025-06-08T00:00:00Z',
    createdAt: '2025-06-05T00:00:00Z',
  };
  acme.organization.seats.push(seat);
  return { ...acme, tokens, seat };
}

/** A seat of the subscription, pending, for the person with this address or what `more` says. */
export function seatOf(subscription: { id: string }, email: string | undefined, more: Row = {}) {
  return { id: randomUUID(), subscriptionId: subscription.id, status: 'pending', email, ...more };
}
