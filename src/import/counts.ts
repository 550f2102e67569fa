import type { ImportCounts } from './import-file.ts';
import type { TableName } from './tables/all.ts';

const NOUNS: Readonly<Record<TableName, readonly [one: string, many: string]>> = {
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
  mailOptOuts: ['unsubscribed address', 'unsubscribed addresses'],
  subscriptions: ['subscription', 'subscriptions'],
  orders: ['order', 'orders'],
  seats: ['seat', 'seats'],
};

/**
 * Returns a one-line summary of an import: each kind of row with its count, and the seats revoked because their pool ended.
 */
export function describeCounts(counts: ImportCounts): string {
  // `Object.keys` returns the keys of NOUNS, typed as string[].
  const kinds = Object.keys(NOUNS) as TableName[];
  const parts = kinds
    .filter(kind => counts[kind] > 0)
    .map(kind => amount(counts[kind], NOUNS[kind]));
  if (parts.length === 0) return 'Imported nothing: the file is empty.';
  const { revokedSeats = 0, changes } = counts;
  if (changes !== undefined) {
    const rows = amount(changes.length, ['row', 'rows']);
    const seats = revokedSeats === 0 ? '' : `, and ${amount(revokedSeats, NOUNS.seats)} be revoked`;
    return `Dry run: nothing was imported. ${rows} would be new or changed${seats}.`;
  }
  const imported = `Imported ${parts.join(', ')}.`;
  return revokedSeats === 0
    ? imported
    : `${imported} Revoked ${amount(revokedSeats, NOUNS.seats)} of ended subscriptions and orders.`;
}

function amount(count: number, [one, many]: readonly [string, string]): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
