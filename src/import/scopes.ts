import { SCOPES } from '../auth/access-tokens.ts';

// Further scopes of the vendors' tokens. usher does not use them, but imports tokens unchanged.
const WORDS = ['openid', 'profile', 'email'];
const RESOURCES = [
  'benefits',
  'checkout_links',
  'checkouts',
  'custom_fields',
  'customer_meters',
  'customer_portal',
  'customer_seats',
  'customer_sessions',
  'customers',
  'discounts',
  'disputes',
  'events',
  'external_organizations',
  'files',
  'issues',
  'license_keys',
  'member_sessions',
  'members',
  'meters',
  'metrics',
  'notification_recipients',
  'notifications',
  'orders',
  'organization_access_tokens',
  'organizations',
  'payments',
  'payouts',
  'products',
  'refunds',
  'repositories',
  'subscriptions',
  'transactions',
  'user',
  'wallets',
  'web',
  'webhooks',
];

/** All scopes that a token in an import file can have: usher's and the vendors'. */
export const KNOWN_SCOPES: ReadonlySet<string> = new Set([
  ...SCOPES,
  ...WORDS,
  ...RESOURCES.flatMap(resource => [`${resource}:read`, `${resource}:write`]),
]);
