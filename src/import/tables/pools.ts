import type { Table } from './table.ts';

const COLUMNS = {
  organization_id: 'uuid',
  id: 'uuid',
  product_id: 'uuid',
  customer_id: 'uuid',
  checkout_id: 'uuid',
  external_id: 'text',
  seats: 'integer',
  created_at: 'timestamptz',
};

const VALUES = {
  created_at: 'coalesce(f.created_at, old.created_at, clock.now)',
  deleted_at: 'NULL::timestamptz',
  // `applyCapacity` lowers the capacity after the file's seats are written, since one of them may leave the pool.
  seats: `CASE WHEN coalesce(f.seats, 0) < least(old.seats_used, coalesce(old.seats, 0)) THEN old.seats_used ELSE f.seats END`,
};

// The unique indexes exclude deleted rows. The upsert restores the row right after.
const RELEASE = {
  set: 'deleted_at = clock.now',
  when: 'old.external_id IS DISTINCT FROM f.external_id',
};

const NO_PRODUCT = {
  field: 'productId',
  code: 'NOT_FOUND',
  message: 'no such product in this organization',
} as const;
const NO_CUSTOMER = {
  field: 'customerId',
  code: 'NOT_FOUND',
  message: 'no such customer in this organization',
} as const;
const TOO_SMALL = { field: 'seats', message: 'fewer than are pending or claimed' };

const takenBy = (other: string) =>
  ({
    field: 'externalId',
    code: 'TAKEN',
    message: `another ${other} of this organization has this external id`,
  }) as const;

/** The recurring purchases. */
export const subscriptions = {
  name: 'subscriptions',
  key: ['organization_id', 'id'],
  columns: { ...COLUMNS, status: 'subscription_status' },
  values: VALUES,
  hasModifiedAt: true,
  release: RELEASE,
  violations: {
    subscriptions_external_id_key: takenBy('subscription'),
    subscriptions_organization_id_product_id_fkey: NO_PRODUCT,
    subscriptions_organization_id_customer_id_fkey: NO_CUSTOMER,
    subscriptions_seats_used_check: TOO_SMALL,
  },
} satisfies Table;

/** The one-time purchases. */
export const orders = {
  name: 'orders',
  key: ['organization_id', 'id'],
  columns: { ...COLUMNS, status: 'order_status' },
  values: VALUES,
  hasModifiedAt: true,
  release: RELEASE,
  violations: {
    orders_external_id_key: takenBy('order'),
    orders_organization_id_product_id_fkey: NO_PRODUCT,
    orders_organization_id_customer_id_fkey: NO_CUSTOMER,
    orders_seats_used_check: TOO_SMALL,
  },
} satisfies Table;

/** The tables of seat pools, in the order in which pools are locked. */
export const POOL_TABLES = ['subscriptions', 'orders'] as const;

export type PoolTable = (typeof POOL_TABLES)[number];

/** Returns a statement for each table of seat pools. */
export function forEachPoolTable(
  statement: (table: PoolTable) => string,
): Record<PoolTable, string> {
  return { subscriptions: statement('subscriptions'), orders: statement('orders') };
}
