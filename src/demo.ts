import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SCOPES } from './auth/access-tokens.ts';
import { hashToken, TOKEN_PREFIX } from './auth/token.ts';
import type { Db } from './db/client.ts';
import type { Sql, Statement } from './db/sql.ts';
import { TOKEN_CHANNEL } from './events/token-changes.ts';
import { shippedFile } from './shipped-files.ts';

const DEMO_FILE = shippedFile('prisma/demo.json');
const SESSIONS_END = '2099-12-31T23:59:59Z';

const ORGANIZATION_ID = '3b1f3d5c-6c0e-4a53-8f6e-1f5f0f5f9a10';
const CUSTOMER_ID = '9d2b0c9e-33c4-4b0f-9a57-2c1d6f1b7a20';
const OWNER_ID = '51e0b6a4-0d5c-4f7e-8a7c-0c5c5d1b3a31';

/** The ids of the demo's tokens. They are the same in every database, even in a copy on a server with another key. */
const TOKEN_IDS = {
  organization: 'de300000-0000-4000-8000-000000000001',
  personal: 'de300000-0000-4000-8000-000000000002',
  customerSession: 'de300000-0000-4000-8000-000000000003',
  memberSession: 'de300000-0000-4000-8000-000000000004',
};

/** A token for each subject of the demo data. Each server derives its own from its secret key. */
export type DemoTokens = Record<keyof typeof TOKEN_IDS, string>;

/** The demo data in a database. */
export interface Demo {
  /** The tokens that give access to the demo, except those that were revoked or have expired. */
  tokens: Partial<DemoTokens>;
}

function demoTokens(secretKey: string): DemoTokens {
  const token = (kind: keyof DemoTokens) =>
    TOKEN_PREFIX[kind] + createHmac('sha256', secretKey).update(`demo:${kind}`).digest('base64url');
  return {
    organization: token('organization'),
    personal: token('personal'),
    customerSession: token('customerSession'),
    memberSession: token('memberSession'),
  };
}

/**
 * Returns the demo of this server, and creates it in an empty database; undefined for a database that has organizations but
 * no demo. Ended tokens and sessions stay ended.
 */
export async function openDemo(
  database: { db: Db; sql: Sql },
  url: string,
  secretKey: string,
): Promise<Demo | undefined> {
  const tokens = demoTokens(secretKey);
  if ((await database.db.organization.count()) === 0) {
    await importDemo(url, tokens);
    await markTokens(database.db, tokens);
  }
  return await findDemo(database.sql, tokens);
}

async function importDemo(url: string, tokens: DemoTokens): Promise<void> {
  const file = JSON.parse(await readFile(DEMO_FILE, 'utf8'));
  const [user] = file.users;
  const [organization] = file.organizations;
  const [customer] = organization.customers;
  user.accessTokens = [{ token: tokens.personal, scopes: SCOPES }];
  organization.accessTokens = [{ token: tokens.organization, scopes: SCOPES }];
  customer.sessions = [{ token: tokens.customerSession, expiresAt: SESSIONS_END }];
  customer.memberSessions = [
    { token: tokens.memberSession, memberId: OWNER_ID, expiresAt: SESSIONS_END },
  ];
  // A server uses this module for nothing else.
  const { importFile } = await import('./import/import-file.ts');
  await importFile(url, file);
}

/**
 * Gives the tokens their fixed ids. Without these, a server finds the tokens by their hashes, but only while its key is the
 * same.
 */
async function markTokens(db: Db, tokens: DemoTokens): Promise<void> {
  const marked = (kind: keyof DemoTokens) => ({
    where: { tokenHash: hashToken(tokens[kind]) },
    data: { id: TOKEN_IDS[kind] },
  });
  await db.accessToken.updateMany(marked('organization'));
  await db.accessToken.updateMany(marked('personal'));
  await db.customerSession.updateMany(marked('customerSession'));
  await db.memberSession.updateMany(marked('memberSession'));
}

const FIND_TOKENS: Statement = {
  name: 'demo_tokens',
  text: `
    SELECT 'organization' AS kind, revoked_at IS NULL AS "isOpen" FROM access_tokens WHERE token_hash = $1::bytea
    UNION ALL
    SELECT 'personal', revoked_at IS NULL FROM access_tokens WHERE token_hash = $2::bytea
    UNION ALL
    SELECT 'customerSession', expires_at > now() FROM customer_sessions WHERE token_hash = $3::bytea
    UNION ALL
    SELECT 'memberSession', expires_at > now() FROM member_sessions WHERE token_hash = $4::bytea`,
};

async function findDemo(sql: Sql, tokens: DemoTokens): Promise<Demo | undefined> {
  // Hand-written SQL, so that startup does not wait for Prisma.
  const found = await sql.rows<{ kind: keyof DemoTokens; isOpen: boolean }>(
    FIND_TOKENS,
    hashesOf(tokens),
  );
  if (found.length === 0) return undefined;
  const open = found.filter(({ isOpen }) => isOpen);
  return { tokens: Object.fromEntries(open.map(({ kind }) => [kind, tokens[kind]])) };
}

// $1 to $4 are the tokens' hashes, $5 to $8 their ids, then the organization, the customer and the member.
const OPEN_TOKENS = `
  SELECT 1 FROM access_tokens
   WHERE (token_hash IN ($1::bytea, $2::bytea) OR id IN ($5::uuid, $6::uuid)) AND revoked_at IS NULL
  UNION ALL
  SELECT 1 FROM customer_sessions WHERE token_hash = $3::bytea
  UNION ALL
  SELECT 1 FROM customer_sessions
   WHERE organization_id = $9::uuid AND customer_id = $10::uuid AND id = $7::uuid
  UNION ALL
  SELECT 1 FROM member_sessions WHERE token_hash = $4::bytea
  UNION ALL
  SELECT 1 FROM member_sessions
   WHERE organization_id = $9::uuid AND member_id = $11::uuid AND id = $8::uuid`;

const HAS_OPEN_TOKENS: Statement = { name: 'demo_is_open', text: `${OPEN_TOKENS} LIMIT 1` };

const END_DEMO: Statement = {
  name: 'demo_end',
  text: `
    WITH open AS (${OPEN_TOKENS}),
    revoked AS (
      UPDATE access_tokens SET revoked_at = now()
       WHERE (token_hash IN ($1::bytea, $2::bytea) OR id IN ($5::uuid, $6::uuid)) AND revoked_at IS NULL
    ),
    customers AS (
      DELETE FROM customer_sessions
       WHERE token_hash = $3::bytea OR organization_id = $9::uuid AND EXISTS (SELECT FROM open)
    ),
    members AS (
      DELETE FROM member_sessions
       WHERE token_hash = $4::bytea OR organization_id = $9::uuid AND EXISTS (SELECT FROM open)
    )
    SELECT pg_notify($12, '')::text`,
};

/**
 * Permanently revokes the demo's access tokens and ends every session of its organization. Returns whether it ended
 * anything. Only reads a database without the demo.
 */
export async function endDemo(sql: Sql, secretKey: string): Promise<boolean> {
  const values = [
    ...hashesOf(demoTokens(secretKey)),
    ...Object.values(TOKEN_IDS),
    ORGANIZATION_ID,
    CUSTOMER_ID,
    OWNER_ID,
  ];
  if ((await sql.rows(HAS_OPEN_TOKENS, values)).length === 0) return false;
  await sql.rows(END_DEMO, [...values, TOKEN_CHANNEL]);
  return true;
}

function hashesOf(tokens: DemoTokens): Uint8Array[] {
  const { organization, personal, customerSession, memberSession } = tokens;
  return [organization, personal, customerSession, memberSession].map(hashToken);
}
