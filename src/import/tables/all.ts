import { customers, members, products } from './customers.ts';
import { orders, subscriptions } from './pools.ts';
import { seats } from './seats.ts';
import type { Table } from './table.ts';
import { mailOptOuts, memberships, organizations, users, webhookEndpoints } from './tenants.ts';
import { accessTokens, customerSessions, memberSessions } from './tokens.ts';

/** Every table that the import fills, by its name in the file. A table comes after the tables that it references. */
export const TABLES = {
  users,
  organizations,
  memberships,
  accessTokens,
  products,
  customers,
  members,
  customerSessions,
  memberSessions,
  subscriptions,
  orders,
  seats,
  webhookEndpoints,
  mailOptOuts,
} satisfies Record<string, Table>;

/** The name of a table in the file. */
export type TableName = keyof typeof TABLES;

/** The columns of a row of the file: exactly those of `columns`. */
export type Columns<Name extends TableName> = Record<
  keyof (typeof TABLES)[Name]['columns'],
  unknown
>;

const KEYS: Readonly<Record<string, string>> = {
  invitation_token_hash: 'invitationToken',
  sealed_secret: 'secret',
  deleted_at: 'its deletion, which it undoes',
};

/** Returns the key of a column in the file. */
export function keyOf(column: string): string {
  return KEYS[column] ?? inCamelCase(column);
}

/** Returns a column's name in camel case. */
export function inCamelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
