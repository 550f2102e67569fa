import type { Table } from './table.ts';

// The unique indexes exclude deleted rows. The upsert restores the row right after.
const LEAVE_INDEXES = 'deleted_at = clock.now';

/** The customers of organizations. */
export const customers = {
  name: 'customers',
  key: ['organization_id', 'id'],
  columns: {
    organization_id: 'uuid',
    id: 'uuid',
    email: 'text',
    name: 'text',
    external_id: 'text',
    created_at: 'timestamptz',
  },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'coalesce(f.created_at, clock.now)' },
  hasModifiedAt: true,
  release: {
    set: LEAVE_INDEXES,
    when: `(lower(old.email), old.external_id) IS DISTINCT FROM (lower(f.email), f.external_id)`,
  },
  violations: {
    customers_email_key: {
      field: 'email',
      code: 'TAKEN',
      message: 'another customer of this organization has this address',
    },
    customers_external_id_key: {
      field: 'externalId',
      code: 'TAKEN',
      message: 'another customer of this organization has this external id',
    },
  },
} satisfies Table;

/** The members of customers. */
export const members = {
  name: 'members',
  key: ['organization_id', 'id'],
  columns: {
    organization_id: 'uuid',
    id: 'uuid',
    customer_id: 'uuid',
    email: 'text',
    name: 'text',
    external_id: 'text',
    role: 'member_role',
    created_at: 'timestamptz',
  },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'coalesce(f.created_at, clock.now)' },
  hasModifiedAt: true,
  release: {
    set: LEAVE_INDEXES,
    when: `(old.customer_id, lower(old.email), old.external_id, old.role)
           IS DISTINCT FROM (f.customer_id, lower(f.email), f.external_id, f.role)`,
  },
  violations: {
    members_email_key: {
      field: 'email',
      message: 'another member of this customer has this address',
    },
    members_external_id_key: {
      field: 'externalId',
      message: 'another member of this customer has this external id',
    },
    members_owner_key: { field: 'role', message: 'this customer has another owner' },
  },
} satisfies Table;

/** The products of organizations. */
export const products = {
  name: 'products',
  key: ['organization_id', 'id'],
  columns: {
    organization_id: 'uuid',
    id: 'uuid',
    name: 'text',
    external_id: 'text',
    created_at: 'timestamptz',
  },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'coalesce(f.created_at, clock.now)' },
  hasModifiedAt: true,
  release: { set: LEAVE_INDEXES, when: 'old.external_id IS DISTINCT FROM f.external_id' },
  violations: {
    products_external_id_key: {
      field: 'externalId',
      code: 'TAKEN',
      message: 'another product of this organization has this external id',
    },
  },
} satisfies Table;
