import type { FileRows } from './file-rows.ts';
import type { TableName } from './tables/all.ts';

const COLUMN = {
  products: 'product_id',
  customers: 'customer_id',
  members: 'member_id',
  subscriptions: 'subscription_id',
  orders: 'order_id',
} as const;

const REFERRING: readonly TableName[] = [
  'members',
  'customerSessions',
  'memberSessions',
  'subscriptions',
  'orders',
  'seats',
];

/** Replaces the ids by which rows of the file refer to rows of a table. */
export function changeReferences(
  file: FileRows,
  table: keyof typeof COLUMN,
  ids: ReadonlyMap<unknown, string>,
): void {
  const column = COLUMN[table];
  for (const name of REFERRING) {
    for (const { columns } of file.rows[name]) {
      const id = ids.get(columns[column]);
      if (id !== undefined) columns[column] = id;
    }
  }
}
