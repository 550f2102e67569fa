import { TOLD } from '../billing/rules/newest.ts';
import { keyOf } from '../import/tables/all.ts';

// Each query has the keys of a row of the import file. A key whose value is null is left out of the file.

const hex = (column: string) => `encode(${column}, 'hex')`;

/** SQL: the times of the columns that have their own time, by key. */
const asOfByKey = (table: keyof typeof TOLD) => {
  const key = TOLD[table].map(column => `WHEN '${column}' THEN '${keyOf(column)}'`).join(' ');
  return `(SELECT json_object_agg(CASE key ${key} END, value ORDER BY key)
             FROM jsonb_each(as_of_by_column)) AS "asOfByKey"`;
};

const ACCESS_TOKEN = `${hex('token_hash')} AS "tokenHash", to_json(scopes) AS scopes, expires_at AS "expiresAt",
  created_at AS "createdAt"`;

/** SQL: whether an access token works at the time of the snapshot. */
const TOKEN_WORKS = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

const POOL = `id, external_id AS "externalId", product_id AS "productId", customer_id AS "customerId", seats, status::text,
  checkout_id AS "checkoutId", created_at AS "createdAt", as_of AS "asOf"`;

/** SQL: the users who may act for the organization in $1, or all users. */
const MEMBERSHIP = (user: string) => `($1::uuid IS NULL
  OR EXISTS (SELECT FROM organization_memberships AS m WHERE m.user_id = ${user} AND m.organization_id = $1))`;

/** The users: all, or those who may act for the organization in $1. */
export const USERS = `
  SELECT id, email, created_at AS "createdAt" FROM users
   WHERE deleted_at IS NULL AND ${MEMBERSHIP('users.id')}
   ORDER BY id`;

/** The personal access tokens of these users, in the order of the users. */
export const USER_TOKENS = `
  SELECT user_id AS "ownerId", ${ACCESS_TOKEN} FROM access_tokens
   WHERE user_id IS NOT NULL AND ${TOKEN_WORKS} AND ${MEMBERSHIP('access_tokens.user_id')}
   ORDER BY user_id, token_hash`;

/** The organization with the slug in $1. */
export const ORGANIZATION_ID =
  'SELECT id FROM organizations WHERE deleted_at IS NULL AND lower(slug) = lower($1)';

/** All organizations, or the one in $1. */
export const ORGANIZATIONS = `
  SELECT id, slug, name, status::text, seat_based_pricing_enabled AS "seatBasedPricingEnabled",
         member_model_enabled AS "memberModelEnabled", created_at AS "createdAt", sends_invitations AS "sendsInvitations",
         reminder_hours AS "reminderHours", return_url AS "returnUrl", invitation_subject AS "invitationSubject",
         invitation_text AS "invitationText", invitation_html AS "invitationHtml",
         (SELECT coalesce(json_agg(user_id ORDER BY user_id), '[]') FROM organization_memberships AS m
           WHERE m.organization_id = organizations.id) AS "userIds"
    FROM organizations WHERE deleted_at IS NULL AND ($1::uuid IS NULL OR id = $1) ORDER BY id`;

/** The lists of the organization in $1, by their keys in the file. */
export const LISTS = {
  accessTokens: `
    SELECT ${ACCESS_TOKEN} FROM access_tokens WHERE organization_id = $1 AND ${TOKEN_WORKS} ORDER BY token_hash`,
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
    SELECT id, url, secret, to_json(events) AS events, created_at AS "createdAt", disabled_at AS "disabledAt",
           previous_secret AS "previousSecret", sealed_secret AS "sealedSecret",
           sealed_previous_secret AS "sealedPreviousSecret", previous_secret_expires_at AS "previousSecretExpiresAt"
      FROM webhook_endpoints WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id`,
  mailOptOuts: `
    SELECT email, mail_id AS "mailId", created_at AS "createdAt"
      FROM mail_opt_outs WHERE organization_id = $1 ORDER BY email`,
} as const;

/** The customers of the organization in $1. */
export const CUSTOMERS = `
  SELECT id, email, name, external_id AS "externalId", created_at AS "createdAt", as_of AS "asOf", ${asOfByKey('customers')}
    FROM customers WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id`;

/** The members of all customers of the organization in $1, in the order of their customers. */
export const MEMBERS = `
  SELECT customer_id AS "ownerId", id, email, name, external_id AS "externalId", role::text, created_at AS "createdAt"
    FROM members WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY customer_id, id`;

const count = (table: string, where: string) => `
  (SELECT count(*)::integer FROM ${table} WHERE ${where} AND ($1::uuid IS NULL OR organization_id = $1))`;

const IS_OVERSOLD = 'seats_used > coalesce(seats, 0)';

/** Counts what the file of the organization in $1, or of all, lacks, and the pools that the import refuses. */
export const LEFT_BEHIND = `
  SELECT ${count('mails', "status = 'pending'")} AS mails,
         ${count('webhook_deliveries', "status = 'pending'")} AS deliveries,
         ${count('outbox_events', 'dispatched_at IS NULL')} AS events,
         ${count('webhook_endpoints', 'deleted_at IS NULL AND previous_secret_expires_at > now()')} AS rotated,
         ${count('subscriptions', IS_OVERSOLD)} + ${count('orders', IS_OVERSOLD)} AS oversold`;
