import type { ImportCounts } from './import-world.ts';

const NOUNS: Readonly<Record<keyof ImportCounts, readonly [one: string, many: string]>> = {
  organizations: ['organization', 'organizations'],
  users: ['user', 'users'],
  memberships: ['membership', 'memberships'],
  accessTokens: ['access token', 'access tokens'],
  products: ['product', 'products'],
  customers: ['customer', 'customers'],
  members: ['member', 'members'],
  customerSessions: ['customer session', 'customer sessions'],
  memberSessions: ['member session', 'member sessions'],
  webhookEndpoints: ['webhook endpoint', 'webhook endpoints'],
  subscriptions: ['subscription', 'subscriptions'],
  orders: ['order', 'orders'],
  seats: ['seat', 'seats'],
};

/** What was imported, in a line: every kind that there was any of. */
export function describeCounts(counts: ImportCounts): string {
  // The keys are those of the record.
  const kinds = Object.keys(NOUNS) as (keyof ImportCounts)[];
  const parts = kinds
    .filter(kind => counts[kind] > 0)
    .map(kind => `${counts[kind].toLocaleString('en')} ${NOUNS[kind][counts[kind] === 1 ? 0 : 1]}`);
  return parts.length > 0
    ? `Imported ${parts.join(', ')}.`
    : 'Imported nothing: the file is empty.';
}
