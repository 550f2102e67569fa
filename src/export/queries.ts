import { TOLD } from '../billing/rules/newest.ts';
import { keyOf } from '../import/tables/all.ts';

// Each query has the keys of a row of the import file. A key whose value is null is left out of the file.

const hex = (column: string) => `encode(${column}, 'hex')`;

/** SQL: the times of columns with a time of their own, by their keys. */
const asOfByKey = (table: keyof typeof TOLD) => {
  const key = TOLD[table].map(column => `WHEN '${column}' THEN '${keyOf(column)}'`).join(' ');
  return `(SELECT json_object_agg(CASE key ${key} END, value ORDER BY key)
             FROM jsonb_each(as_of_by_column)) AS "asOfByKey"`;
};

const ACCESS_TOKENS = (owner: string) => `
  SELECT ${hex('token_hash')} AS "tokenHash", to_json(scopes) AS scopes, expires_at AS "expiresAt", created_at AS "createdAt"
    FROM access_tokens
   WHERE ${owner} = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
   ORDER BY token_hash`;

const POOL = `id, external_id AS "externalId", product_id AS "productId", customer_id AS "customerId", seats, status::text,
  checkout_id AS "checkoutId", created_at AS "createdAt", as_of AS "asOf"`;

/** The users: all, or those who may act for the organizations in $1. */
export const USERS = `
  SELECT id, email, created_at AS "createdAt" FROM users
   WHERE deleted_at IS NULL
     AND ($1::uuid[] IS NULL OR id IN (SELECT user_id FROM organization_memberships WHERE organization_id = ANY ($1)))
   ORDER BY id`;

/** Of the user in $1. */
export const TOKENS_OF_USER = ACCESS_TOKENS('user_id');

/** All organizations, or the one with the slug in $1. */
export const ORGANIZATIONS = `
  SELECT id, slug, name, status::text, seat_based_pricing_enabled AS "seatBasedPricingEnabled",
         member_model_enabled AS "memberModelEnabled", created_at AS "createdAt", sends_invitations AS "sendsInvitations",
         reminder_hours AS "reminderHours", return_url AS "returnUrl", invitation_subject AS "invitationSubject",
         invitation_text AS "invitationText", invitation_html AS "invitationHtml"
    FROM organizations WHERE deleted_at IS NULL AND ($1::text IS NULL OR lower(slug) = lower($1)) ORDER BY id`;

/** The lists of the organization in $1, by their keys in the file. */
export const LISTS = {
  accessTokens: ACCESS_TOKENS('organization_id'),
  products: `
    SELECT id, name, external_id AS "externalId", created_at AS "createdAt", as_of AS "asOf", ${asOfByKey('products')}
      FROM products WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id`,
  subscriptions: `
    SELECT ${POOL}, ${asOfByKey('subscriptions')}
      FROM subscriptions WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id`,
  orders: `
    SELECT ${POOL}, ${asOfByKey('orders')}
      FROM orders WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id`,
  seats: `
    SELECT id, subscription_id AS "subscriptionId", order_id AS "orderId", status::text, customer_id AS "customerId",
           member_id AS "memberId", email, nullif(metadata, '{}') AS metadata, ${hex('invitation_token_hash')} AS "invitationTokenHash",
           ${hex('invitation_nonce')} AS "invitationNonce", invitation_token_expires_at AS "invitationTokenExpiresAt",
           claimed_at AS "claimedAt", revoked_at AS "revokedAt", created_at AS "createdAt", assigned_at AS "assignedAt"
      FROM customer_seats WHERE organization_id = $1 ORDER BY id`,
  webhookEndpoints: `
    SELECT id, url, secret, to_json(events) AS events, created_at AS "createdAt", disabled_at AS "disabledAt"
      FROM webhook_endpoints WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id`,
  mailOptOuts: `
    SELECT email, mail_id AS "mailId", created_at AS "createdAt"
      FROM mail_opt_outs WHERE organization_id = $1 ORDER BY email`,
} as const;

/** The users who may act for the organization in $1. */
export const USER_IDS =
  'SELECT user_id AS id FROM organization_memberships WHERE organization_id = $1 ORDER BY user_id';

export const CUSTOMERS = `
  SELECT id, email, name, external_id AS "externalId", created_at AS "createdAt", as_of AS "asOf", ${asOfByKey('customers')}
    FROM customers WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id`;

/** The members of all customers of the organization in $1, in the order of their customers. */
export const MEMBERS = `
  SELECT customer_id AS "customerId", id, email, name, external_id AS "externalId", role::text, created_at AS "createdAt"
    FROM members WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY customer_id, id`;

/** What waits for a worker in the organizations in $1, or in all, and is not in the file; and pools that the import refuses. */
export const LEFT_BEHIND = `
  SELECT (SELECT count(*)::integer FROM mails WHERE status = 'pending' AND ($1::uuid[] IS NULL OR organization_id = ANY ($1))) AS mails,
         (SELECT count(*)::integer FROM webhook_deliveries WHERE status = 'pending' AND ($1::uuid[] IS NULL OR organization_id = ANY ($1))) AS deliveries,
         (SELECT count(*)::integer FROM outbox_events WHERE dispatched_at IS NULL AND ($1::uuid[] IS NULL OR organization_id = ANY ($1))) AS events,
         (SELECT count(*)::integer FROM (
            SELECT organization_id, seats, seats_used FROM subscriptions UNION ALL SELECT organization_id, seats, seats_used FROM orders) AS pools
           WHERE seats_used > coalesce(seats, 0) AND ($1::uuid[] IS NULL OR organization_id = ANY ($1))) AS oversold`;
