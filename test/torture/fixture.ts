import { randomUUID } from 'node:crypto';
import { newToken } from '../../src/auth/token.ts';
import type { Caller, Pool } from '../support/verbs.ts';

/** Where an organization wants to hear of its seats. */
export interface Endpoint {
  id: string;
  organizationId: string;
  secret: string;
  events: readonly string[];
}

export interface TorturedOrganization {
  id: string;
  hasMemberModel: boolean;
  pools: readonly [Pool, ...Pool[]];
  /** Who may do everything. */
  callers: readonly [Caller, ...Caller[]];
  /** Who may only look. */
  reader: Caller;
  endpoints: readonly Endpoint[];
}

export interface TortureFixture {
  organizations: readonly [TorturedOrganization, ...TorturedOrganization[]];
  /** The whole of it as an import file. */
  document: unknown;
  /** How many sessions there are before anybody claims. */
  sessions: number;
}

const SCOPES = ['customer_seats:read', 'customer_seats:write'];
const SUBSCRIPTIONS = [1, 4, 9];
const ORDERS = [2, 12];
const REVOKED = 'customer_seat.revoked';
const ALL = ['customer_seat.assigned', 'customer_seat.claimed', REVOKED];

/** Four organizations, one of them without the member model, each with small and large pools and two endpoints at `hookUrl`. */
export function createTortureFixture(hookUrl: string): TortureFixture {
  const user = { id: randomUUID(), token: newToken('personal') };
  const first = createOrganization(hookUrl, user, 0);
  const others = [1, 2, 3].map(index => createOrganization(hookUrl, user, index));
  return {
    organizations: [first.organization, ...others.map(({ organization }) => organization)],
    document: {
      users: [
        {
          id: user.id,
          email: 'ada@acme.example',
          accessTokens: [{ token: user.token, scopes: SCOPES }],
        },
      ],
      organizations: [first.document, ...others.map(({ document }) => document)],
    },
    sessions: 4 * (others.length + 1),
  };
}

function createOrganization(hookUrl: string, user: { id: string; token: string }, index: number) {
  const id = randomUUID();
  const hasMemberModel = index !== 1;
  const product = { id: randomUUID(), name: 'Team Pro' };
  const customerId = randomUUID();
  const owner = { id: randomUUID(), email: 'jane@globex.example', role: 'owner' };
  const manager = { id: randomUUID(), email: 'raj@globex.example', role: 'billing_manager' };
  const member = { id: randomUUID(), email: 'mia@globex.example' };
  const tokens = {
    organization: newToken('organization'),
    customer: newToken('customerSession'),
    owner: newToken('memberSession'),
    manager: newToken('memberSession'),
    member: newToken('memberSession'),
  };
  const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const pool = (seats: number) => ({ id: randomUUID(), productId: product.id, customerId, seats });
  const subscriptions = SUBSCRIPTIONS.map(pool);
  const orders = ORDERS.map(pool);
  // A key is the bytes of the whole secret, whatever they are.
  const endpoints = [
    { id: randomUUID(), secret: `whsec_${randomUUID()}`, events: ALL },
    { id: randomUUID(), secret: `Schlüssel ${randomUUID()}`, events: [REVOKED] },
  ];
  const pools: Pool[] = [
    ...subscriptions.map(row => ({ kind: 'subscription', id: row.id }) as const),
    ...orders.map(row => ({ kind: 'order', id: row.id }) as const),
  ];
  const [firstPool, ...otherPools] = pools;
  if (!firstPool) throw new Error('An organization without a pool.');
  const organization: TorturedOrganization = {
    id,
    hasMemberModel,
    pools: [firstPool, ...otherPools],
    callers: [
      { token: tokens.organization, side: 'admin' },
      { token: user.token, side: 'admin' },
      { token: tokens.customer, side: 'portal' },
      { token: tokens.owner, side: 'portal' },
      { token: tokens.manager, side: 'portal' },
    ],
    reader: { token: tokens.member, side: 'portal' },
    endpoints: endpoints.map(endpoint => ({ ...endpoint, organizationId: id })),
  };
  const document = {
    id,
    slug: `torture-${id}`,
    name: `Acme ${index}`,
    memberModelEnabled: hasMemberModel,
    userIds: [user.id],
    accessTokens: [{ token: tokens.organization, scopes: SCOPES }],
    products: [product],
    customers: [
      {
        id: customerId,
        email: 'billing@globex.example',
        members: [owner, manager, member],
        sessions: [{ token: tokens.customer, expiresAt }],
        memberSessions: [
          { token: tokens.owner, memberId: owner.id, expiresAt },
          { token: tokens.manager, memberId: manager.id, expiresAt },
          { token: tokens.member, memberId: member.id, expiresAt },
        ],
      },
    ],
    subscriptions,
    orders,
    webhookEndpoints: endpoints.map(endpoint => ({
      ...endpoint,
      url: `${hookUrl}/${endpoint.id}`,
    })),
  };
  return { organization, document };
}
