import type { Fixture } from './fixture.ts';

/** A REST endpoint, and what a caller needs to be allowed to call it. */
export interface Endpoint {
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: object | undefined;
  /** Whose tokens are accepted. */
  side: 'admin' | 'portal' | 'public';
  /** The scopes of which a token needs at least one. */
  scopes?: string;
  /** Whether a plain member may not call it. */
  isForManagers?: boolean;
}

/** The ids and tokens that the requests use. */
export interface Names {
  subscription: string;
  seat: string;
  customer: string;
  invitation: string;
}

const WRITE = 'customer_seats:write';
const READ = 'customer_seats:read customer_seats:write';

/**
 * Returns all endpoints: the admin's four, the invitee's three, the portal's five, the one that creates sessions, and
 * usher's own.
 */
export function endpoints({ subscription, seat, customer, invitation }: Names): Endpoint[] {
  const admin = '/v1/customer-seats';
  const portal = '/v1/customer-portal/seats';
  const list = `subscription_id=${subscription}`;
  const assign = { subscription_id: subscription, email: 'new@globex.example' };
  const claim = { invitation_token: invitation };
  const isForManagers = true;
  return [
    { ...at('POST', admin, assign), name: 'A1', side: 'admin', scopes: WRITE },
    { ...at('GET', `${admin}?${list}`), name: 'A2', side: 'admin', scopes: READ },
    { ...at('DELETE', `${admin}/${seat}`), name: 'A3', side: 'admin', scopes: WRITE },
    { ...at('POST', `${admin}/${seat}/resend`), name: 'A4', side: 'admin', scopes: WRITE },
    { ...at('GET', `${admin}/claim/${invitation}`), name: 'C1', side: 'public' },
    { ...at('GET', `${admin}/claim/${invitation}/stream`), name: 'C2', side: 'public' },
    { ...at('POST', `${admin}/claim`, claim), name: 'C3', side: 'public' },
    { ...at('GET', `${portal}?${list}`), name: 'P1', side: 'portal' },
    { ...at('POST', portal, assign), name: 'P2', side: 'portal', isForManagers },
    { ...at('DELETE', `${portal}/${seat}`), name: 'P3', side: 'portal', isForManagers },
    { ...at('POST', `${portal}/${seat}/resend`), name: 'P4', side: 'portal', isForManagers },
    { ...at('GET', `${portal}/subscriptions`), name: 'P5', side: 'portal' },
    {
      ...at('POST', '/v1/customer-sessions/', { customer_id: customer }),
      name: 'S',
      side: 'admin',
      scopes: 'customer_sessions:write',
    },
    {
      ...at('PUT', '/v1/billing', { as_of: '2026-01-01T00:00:00Z' }),
      name: 'B',
      side: 'admin',
      scopes: 'billing:write',
    },
  ];
}

function at(method: Endpoint['method'], path: string, body?: object) {
  return { method, path, body };
}

/** Returns names that exist in a fixture; the caller gives those of the seat and the invitation. */
export function namesIn(fixture: Fixture, seat: string, invitation: string): Names {
  return {
    subscription: fixture.ids.subscription,
    customer: fixture.ids.customer,
    ...{ seat, invitation },
  };
}
