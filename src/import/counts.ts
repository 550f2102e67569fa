import type { ImportCounts } from './import-world.ts';
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
  subscriptions: ['subscription', 'subscriptions'],
  orders: ['order', 'orders'],
  seats: ['seat', 'seats'],
};

/** What was imported, in a line: every kind that there was any of, and the seats that ended with their pool. */
export function describeCounts(counts: ImportCounts): string {
  // The keys are those of the record.
  const kinds = Object.keys(NOUNS) as TableName[];
  const parts = kinds
    .filter(kind => counts[kind] > 0)
    .map(kind => amount(counts[kind], NOUNS[kind]));
  if (parts.length === 0) return 'Imported nothing: the file is empty.';
  const { revokedSeats = 0, changes } = counts;
  if (changes !== undefined) {
    const rows = amount(changes.length, ['row', 'rows']);
    const seats = revokedSeats === 0 ? '' : `, and ${amount(revokedSeats, NOUNS.seats)} be revoked`;
    return `Nothing was imported: this was a dry run. ${rows} would be new or changed${seats}.`;
  }
  const imported = `Imported ${parts.join(', ')}.`;
  return revokedSeats === 0
    ? imported
    : `${imported} Revoked ${amount(revokedSeats, NOUNS.seats)} of what has ended.`;
}

function amount(count: number, [one, many]: readonly [string, string]): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
