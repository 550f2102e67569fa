import type { Table } from './table.ts';

const IN_USE = { field: 'token', message: 'this token has another owner' };

function usedIn(...tables: string[]): string {
  return tables
    .map(table => `EXISTS (SELECT FROM ${table} AS t WHERE t.token_hash = f.token_hash)`)
    .join(' OR ');
}

/** The access tokens. A revoked token stays revoked. */
export const accessTokens = {
  name: 'access_tokens',
  key: ['token_hash'],
  columns: {
    token_hash: 'bytea',
    organization_id: 'uuid',
    user_id: 'uuid',
    scopes: 'text[]',
    expires_at: 'timestamptz',
    created_at: 'timestamptz',
  },
  once: {
    id: 'gen_random_uuid()',
    organization_id: 'f.organization_id',
    user_id: 'f.user_id',
    created_at: 'coalesce(f.created_at, clock.now)',
  },
  hasModifiedAt: false,
  checks: [
    {
      ...IN_USE,
      when: `(old.organization_id, old.user_id) IS DISTINCT FROM (f.organization_id, f.user_id)
             OR ${usedIn('customer_sessions', 'member_sessions')}`,
    },
  ],
  violations: {},
} satisfies Table;

/** The portal sessions of customers. */
export const customerSessions = {
  name: 'customer_sessions',
  key: ['token_hash'],
  columns: {
    token_hash: 'bytea',
    organization_id: 'uuid',
    customer_id: 'uuid',
    expires_at: 'timestamptz',
  },
  once: {
    organization_id: 'f.organization_id',
    customer_id: 'f.customer_id',
    created_at: 'clock.now',
  },
  hasModifiedAt: false,
  checks: [
    {
      ...IN_USE,
      when: `(old.organization_id, old.customer_id) <> (f.organization_id, f.customer_id)
             OR ${usedIn('access_tokens', 'member_sessions')}`,
    },
  ],
  violations: {},
} satisfies Table;

/** The portal sessions of members. */
export const memberSessions = {
  name: 'member_sessions',
  key: ['token_hash'],
  columns: {
    token_hash: 'bytea',
    organization_id: 'uuid',
    customer_id: 'uuid',
    member_id: 'uuid',
    expires_at: 'timestamptz',
  },
  once: {
    organization_id: 'f.organization_id',
    customer_id: 'f.customer_id',
    member_id: 'f.member_id',
    created_at: 'clock.now',
  },
  hasModifiedAt: false,
  checks: [
    {
      ...IN_USE,
      when: `(old.organization_id, old.member_id) <> (f.organization_id, f.member_id)
             OR ${usedIn('access_tokens', 'customer_sessions')}`,
    },
    {
      field: 'memberId',
      message: 'not a member of this customer',
      when: `EXISTS (SELECT FROM members AS m
                      WHERE m.organization_id = f.organization_id AND m.id = f.member_id
                        AND m.customer_id <> f.customer_id)`,
    },
  ],
  violations: {
    member_sessions_organization_id_member_id_fkey: {
      field: 'memberId',
      message: 'no such member in this organization',
    },
  },
} satisfies Table;
