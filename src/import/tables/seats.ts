import type { Table } from './table.ts';

const isLive = `f.status <> 'revoked'`;

const customerId = `coalesce(f.customer_id,
  CASE WHEN ${isLive} AND organization.member_model_enabled THEN pool.customer_id END)`;

// A person whose seat has only an address may have become a member since.
const memberId = `coalesce(f.member_id,
  CASE WHEN ${isLive} AND old.status <> 'revoked' AND lower(old.email) = lower(f.email) THEN old.member_id END)`;

// A seat keeps its copy of the member's address, which `followAddresses` updates. The file's address applies only to a new
// seat or a new holder.
const email = `CASE WHEN ${isLive} AND old.member_id = ${memberId} THEN coalesce(old.email, f.email, member.email)
  ELSE coalesce(f.email, CASE WHEN ${isLive} THEN member.email END) END`;

/** SQL: whether the seat has the same person in the file and in the table. */
export const hasSamePerson = `(old.member_id, old.customer_id) IS NOT DISTINCT FROM (${memberId}, ${customerId})
  AND (f.member_id IS NOT NULL OR lower(old.email) IS NOT DISTINCT FROM lower(f.email))`;

/** SQL: whether the seat has the same person and the same pool in both. */
export const hasSameHolder = `(old.subscription_id, old.order_id) IS NOT DISTINCT FROM (f.subscription_id, f.order_id)
  AND ${hasSamePerson}`;

// The file does not know the invitation that usher sent. That invitation stays valid while the same person is invited.
const keepsInvitation = `f.invitation_token_hash IS NULL AND old.invitation_token_hash IS NOT NULL
  AND f.status = 'pending' AND old.status = 'pending' AND ${hasSameHolder}`;

const ALREADY_SEATED = 'holds another seat of the same subscription or order';
const BY_MEMBER = { field: 'memberId', message: `this member ${ALREADY_SEATED}` };
const BY_EMAIL = { field: 'email', message: `this address ${ALREADY_SEATED}` };
const BY_CUSTOMER = { field: 'customerId', message: `this customer ${ALREADY_SEATED}` };

/** The seats of pools, with their holders. */
export const seats = {
  name: 'customer_seats',
  key: ['organization_id', 'id'],
  columns: {
    organization_id: 'uuid',
    id: 'uuid',
    subscription_id: 'uuid',
    order_id: 'uuid',
    status: 'seat_status',
    customer_id: 'uuid',
    member_id: 'uuid',
    email: 'text',
    metadata: 'jsonb',
    invitation_token_hash: 'bytea',
    invitation_nonce: 'bytea',
    invitation_token_expires_at: 'timestamptz',
    claimed_at: 'timestamptz',
    revoked_at: 'timestamptz',
    created_at: 'timestamptz',
    assigned_at: 'timestamptz',
  },
  values: {
    customer_id: customerId,
    member_id: memberId,
    email,
    // A time that is missing from the file stays, or becomes the current time.
    claimed_at: `coalesce(f.claimed_at, CASE
      WHEN f.status = 'revoked' OR f.status = 'claimed' AND old.status = 'claimed' THEN old.claimed_at
      WHEN f.status = 'claimed' AND old.id IS NOT NULL THEN clock.now END)`,
    revoked_at: `coalesce(f.revoked_at, CASE WHEN f.status = 'revoked' THEN old.revoked_at END)`,
    invitation_token_hash: `CASE WHEN ${keepsInvitation} THEN old.invitation_token_hash ELSE f.invitation_token_hash END`,
    invitation_nonce: `CASE WHEN ${keepsInvitation} OR old.invitation_token_hash = f.invitation_token_hash
      THEN old.invitation_nonce WHEN f.status = 'pending' THEN f.invitation_nonce END`,
    invitation_token_expires_at: `CASE WHEN ${keepsInvitation} THEN old.invitation_token_expires_at
      ELSE f.invitation_token_expires_at END`,
    created_at: 'coalesce(f.created_at, old.created_at, clock.now)',
    assigned_at: `CASE
      WHEN old.id IS NULL THEN coalesce(f.assigned_at, f.created_at, clock.now)
      WHEN NOT (${isLive}) OR old.status <> 'revoked' AND ${hasSameHolder} THEN old.assigned_at
      ELSE clock.now END`,
  },
  joins: `
    LEFT JOIN organizations AS organization ON organization.id = f.organization_id
    LEFT JOIN members AS member
      ON member.organization_id = f.organization_id AND member.id = f.member_id
    LEFT JOIN LATERAL (
      SELECT customer_id FROM subscriptions
       WHERE organization_id = f.organization_id AND id = f.subscription_id
      UNION ALL
      SELECT customer_id FROM orders
       WHERE organization_id = f.organization_id AND id = f.order_id
    ) AS pool ON true`,
  hasModifiedAt: true,
  // Counts and unique indexes cover live seats only. Releasing first avoids conflicts, in any order of the seats.
  release: {
    set: `status = 'revoked', revoked_at = clock.now`,
    when: `old.status <> 'revoked' AND NOT (${isLive} AND ${hasSameHolder})`,
  },
  checks: [
    {
      field: 'memberId',
      message: 'not a member of the billing customer',
      when: 'member.customer_id <> pool.customer_id',
    },
    {
      field: 'memberId',
      message: 'this member was removed here',
      when: `${isLive} AND member.deleted_at IS NOT NULL`,
    },
    {
      field: 'invitationToken',
      message: 'another seat has this invitation token',
      when: `EXISTS (SELECT FROM customer_seats AS other
                      WHERE other.invitation_token_hash = f.invitation_token_hash
                        AND (other.organization_id, other.id) <> (f.organization_id, f.id))`,
    },
  ],
  violations: {
    customer_seats_organization_id_subscription_id_fkey: {
      field: 'subscriptionId',
      message: 'no such subscription in this organization',
    },
    customer_seats_organization_id_order_id_fkey: {
      field: 'orderId',
      message: 'no such order in this organization',
    },
    customer_seats_organization_id_customer_id_fkey: {
      field: 'customerId',
      message: 'no such customer in this organization',
    },
    customer_seats_organization_id_member_id_fkey: {
      field: 'memberId',
      message: 'no such member in this organization',
    },
    customer_seats_subscription_member_key: BY_MEMBER,
    customer_seats_order_member_key: BY_MEMBER,
    customer_seats_subscription_email_key: BY_EMAIL,
    customer_seats_order_email_key: BY_EMAIL,
    customer_seats_subscription_customer_key: BY_CUSTOMER,
    customer_seats_order_customer_key: BY_CUSTOMER,
    subscriptions_seats_used_check: {
      field: 'subscriptionId',
      message: 'no seat of this subscription is left',
    },
    orders_seats_used_check: { field: 'orderId', message: 'no seat of this order is left' },
  },
} satisfies Table;
