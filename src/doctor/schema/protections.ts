import type { SchemaObject } from './catalog.ts';

const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /^customer_seats_count_(?:insert|update|delete)$|^count_customer_seats$/,
    'it counts the live seats of each pool; without it, a pool can be oversold',
  ],
  [/_refuse_oversold$|^refuse_oversold_pool$/, 'it keeps a pool from being oversold'],
  [/_seats_used_not_negative_check$/, 'it keeps the count of live seats right'],
  [
    /^customer_seats_.*_(?:member|customer)_key$/,
    'it keeps one person from holding two seats of one pool',
  ],
  [/^customer_seats_.*_email_key$/, 'it keeps one address from holding two seats of one pool'],
  [/^customer_seats_source_check$/, 'it keeps each seat in exactly one pool'],
  [
    /^skip_pending_deliveries$|_skip_pending$/,
    'it skips deliveries to an endpoint that is disabled or deleted',
  ],
  [/^end_sessions_without_seat$/, 'it ends sessions of people whose last seat was revoked'],
];

/** Returns what an object of the schema protects, if its name does not already say so. */
export function protectionOf({ kind, name }: SchemaObject): string | undefined {
  if (kind === 'column') return undefined;
  return RULES.find(([pattern]) => pattern.test(name))?.[1];
}
