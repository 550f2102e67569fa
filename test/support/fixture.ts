import { randomUUID } from 'node:crypto';
import { SCOPES } from '../../src/auth/access-tokens.ts';
import { newToken } from '../../src/auth/token.ts';

export interface FixtureOptions {
  /** The number of seats of the subscription and of the order. */
  seats?: number;
  memberModelEnabled?: boolean;
  seatBasedPricingEnabled?: boolean;
  status?: 'active' | 'blocked';
  subscriptionStatus?: string;
  orderStatus?: string;
}

/**
 * Returns an organization with one customer, its team, a subscription and an order, and a token of each kind. All ids are
 * its own.
 */
export function createFixture(options: FixtureOptions = {}) {
  const { seats = 5, memberModelEnabled = true, seatBasedPricingEnabled = true } = options;
  const ids = {
    user: randomUUID(),
    organization: randomUUID(),
    product: randomUUID(),
    customer: randomUUID(),
    otherCustomer: randomUUID(),
    owner: randomUUID(),
    manager: randomUUID(),
    member: randomUUID(),
    otherMember: randomUUID(),
    subscription: randomUUID(),
    order: randomUUID(),
    subscriptionCheckout: randomUUID(),
    orderCheckout: randomUUID(),
  };
  const tokens = {
    personal: newToken('personal'),
    organization: newToken('organization'),
    reader: newToken('organization'),
    scopeless: newToken('organization'),
    expired: newToken('organization'),
    customer: newToken('customerSession'),
    otherCustomer: newToken('customerSession'),
    owner: newToken('memberSession'),
    manager: newToken('memberSession'),
    member: newToken('memberSession'),
    expiredSession: newToken('memberSession'),
  };
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const earlier = new Date(Date.now() - 1000).toISOString();
  const slug = `org-${ids.organization}`;
  const document = {
    users: [
      {
        id: ids.user,
        email: 'ada@acme.example',
        accessTokens: [{ token: tokens.personal, scopes: SCOPES }],
      },
    ],
    organizations: [
      {
        id: ids.organization,
        slug,
        name: 'Acme',
        memberModelEnabled,
        seatBasedPricingEnabled,
        status: options.status ?? 'active',
        userIds: [ids.user],
        accessTokens: [
          { token: tokens.organization, scopes: SCOPES },
          { token: tokens.reader, scopes: ['customer_seats:read'] },
          { token: tokens.scopeless, scopes: ['products:read'] },
          { token: tokens.expired, scopes: SCOPES, expiresAt: earlier },
        ],
        products: [{ id: ids.product, name: 'Team Pro' }],
        customers: [
          {
            id: ids.customer,
            email: 'Billing@Globex.example',
            name: 'Globex',
            externalId: 'globex',
            members: [
              {
                id: ids.owner,
                email: 'jane@globex.example',
                externalId: 'usr_jane',
                role: 'owner',
              },
              { id: ids.manager, email: 'raj@globex.example', role: 'billing_manager' },
              { id: ids.member, email: 'Mia@globex.example', externalId: 'usr_mia' },
            ],
            sessions: [{ token: tokens.customer, expiresAt: later }],
            memberSessions: [
              { token: tokens.owner, memberId: ids.owner, expiresAt: later },
              { token: tokens.manager, memberId: ids.manager, expiresAt: later },
              { token: tokens.member, memberId: ids.member, expiresAt: later },
              { token: tokens.expiredSession, memberId: ids.owner, expiresAt: earlier },
            ],
          },
          {
            id: ids.otherCustomer,
            email: 'initech@initech.example',
            externalId: 'initech',
            members: [
              { id: ids.otherMember, email: 'bill@initech.example', externalId: 'usr_bill' },
            ],
            sessions: [{ token: tokens.otherCustomer, expiresAt: later }],
          },
        ],
        subscriptions: [
          {
            id: ids.subscription,
            productId: ids.product,
            customerId: ids.customer,
            seats,
            status: options.subscriptionStatus ?? 'active',
            checkoutId: ids.subscriptionCheckout,
          },
        ],
        orders: [
          {
            id: ids.order,
            productId: ids.product,
            customerId: ids.customer,
            seats,
            status: options.orderStatus ?? 'paid',
            checkoutId: ids.orderCheckout,
          },
        ],
      },
    ],
  };
  return { ids, tokens, slug, document };
}

/** What `createFixture` returns. */
export type Fixture = ReturnType<typeof createFixture>;
