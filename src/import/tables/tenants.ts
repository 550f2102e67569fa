import type { Table } from './table.ts';

/** The people with personal access tokens. */
export const users = {
  name: 'users',
  key: ['id'],
  columns: { id: 'uuid', email: 'text', created_at: 'timestamptz' },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'coalesce(f.created_at, clock.now)' },
  hasModifiedAt: true,
  violations: {},
} satisfies Table;

/** The organizations. Releasing a slug replaces it with the id, which is unique. */
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
    created_at: 'timestamptz',
    sends_invitations: 'boolean',
    reminder_hours: 'integer',
    return_url: 'text',
    invitation_subject: 'text',
    invitation_text: 'text',
    invitation_html: 'text',
  },
  values: { deleted_at: 'NULL::timestamptz' },
  once: {
    created_at: 'coalesce(f.created_at, clock.now)',
    sends_invitations: 'coalesce(f.sends_invitations, true)',
    reminder_hours: 'f.reminder_hours',
    return_url: 'f.return_url',
    invitation_subject: 'f.invitation_subject',
    invitation_text: 'f.invitation_text',
    invitation_html: 'f.invitation_html',
  },
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
    created_at: 'timestamptz',
    disabled_at: 'timestamptz',
  },
  values: { deleted_at: 'NULL::timestamptz' },
  once: { created_at: 'coalesce(f.created_at, clock.now)', disabled_at: 'f.disabled_at' },
  hasModifiedAt: true,
  violations: {},
} satisfies Table;

/** The addresses that unsubscribed from invitations. The import adds such addresses and never removes one. */
export const mailOptOuts = {
  name: 'mail_opt_outs',
  key: ['organization_id', 'email'],
  columns: { organization_id: 'uuid', email: 'text', mail_id: 'uuid', created_at: 'timestamptz' },
  once: { mail_id: 'f.mail_id', created_at: 'coalesce(f.created_at, clock.now)' },
  hasModifiedAt: false,
  violations: {},
} satisfies Table;
