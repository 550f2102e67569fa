import type { Table } from './table.ts';

/** The people with personal access tokens. */
export const users = {
  name: 'users',
  key: ['id'],
  columns: { id: 'uuid', email: 'text' },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'clock.now' },
  hasModifiedAt: true,
  violations: {},
} satisfies Table;

/** The organizations. Releasing a slug replaces it by the id, which is unique. */
export const organizations = {
  name: 'organizations',
  key: ['id'],
  columns: {
    id: 'uuid',
    slug: 'text',
    name: 'text',
    status: 'organization_status',
    seat_based_pricing_enabled: 'boolean',
    member_model_enabled: 'boolean',
  },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'clock.now' },
  hasModifiedAt: true,
  release: { set: 'slug = old.id::text', when: 'lower(old.slug) <> lower(f.slug)' },
  violations: {
    organizations_slug_key: { field: 'slug', message: 'another organization has this slug' },
  },
} satisfies Table;

/** The users who may act for an organization. */
export const memberships = {
  name: 'organization_memberships',
  key: ['organization_id', 'user_id'],
  columns: { organization_id: 'uuid', user_id: 'uuid' },
  hasModifiedAt: false,
  violations: {
    organization_memberships_user_id_fkey: { field: '', message: 'no such user' },
  },
} satisfies Table;

/** The endpoints that receive events. */
export const webhookEndpoints = {
  name: 'webhook_endpoints',
  key: ['organization_id', 'id'],
  columns: {
    organization_id: 'uuid',
    id: 'uuid',
    url: 'text',
    sealed_secret: 'text',
    events: 'text[]',
  },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'clock.now' },
  hasModifiedAt: true,
  violations: {},
} satisfies Table;
