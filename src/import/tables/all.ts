import { customers, members, products } from './buyers.ts';
import { orders, subscriptions } from './pools.ts';
import { seats } from './seats.ts';
import type { Table } from './table.ts';
import { memberships, organizations, users, webhookEndpoints } from './tenants.ts';
import { accessTokens, customerSessions, memberSessions } from './tokens.ts';

/** Every table that the file fills, by what the file calls it; what is referred to comes first. */
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
} satisfies Record<string, Table>;

/** What the file calls a table. */
export type TableName = keyof typeof TABLES;

/** What a row of the file brings to the table: every column, none beyond. */
export type Columns<Name extends TableName> = Record<
  keyof (typeof TABLES)[Name]['columns'],
  unknown
>;
