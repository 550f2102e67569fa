import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SCOPES } from './auth/access-tokens.ts';
import { hashToken, TOKEN_PREFIX } from './auth/token.ts';
import type { Db } from './db/client.ts';
import type { Sql, Statement } from './db/sql.ts';

const WORLD = new URL('../prisma/demo.json', import.meta.url);
const SESSIONS_END = '2099-12-31T23:59:59Z';

/** The demo world's tokens: each server has its own, made from its secret key, so that they can be shown again at every start. */
export interface DemoTokens {
  organization: string;
  personal: string;
  customerSession: string;
  memberSession: string;
}

/** The tokens that the demo world has, or would have, on this server. */
function demoTokens(secretKey: string): DemoTokens {
  const token = (kind: keyof typeof TOKEN_PREFIX) =>
    TOKEN_PREFIX[kind] + createHmac('sha256', secretKey).update(`demo:${kind}`).digest('base64url');
  return {
    organization: token('organization'),
    personal: token('personal'),
    customerSession: token('customerSession'),
    memberSession: token('memberSession'),
  };
}

/** Gives an empty database the demo world; one with any organization is left as it is. */
export async function importDemo(db: Db, url: string, secretKey: string): Promise<void> {
  if ((await db.organization.count()) > 0) return;
  const tokens = demoTokens(secretKey);
  const world = JSON.parse(await readFile(WORLD, 'utf8'));
  const [user] = world.users;
  const [organization] = world.organizations;
  const [customer] = organization.customers;
  const [owner] = customer.members;
  user.accessTokens = [{ token: tokens.personal, scopes: SCOPES }];
  organization.accessTokens = [{ token: tokens.organization, scopes: SCOPES }];
  customer.sessions = [{ token: tokens.customerSession, expiresAt: SESSIONS_END }];
  customer.memberSessions = [
    { token: tokens.memberSession, memberId: owner.id, expiresAt: SESSIONS_END },
  ];
  // Loaded for nothing else in a server.
  const { importWorld } = await import('./import/import-world.ts');
  await importWorld(url, world);
}

/** The demo tokens where this database has the demo world, and they open it; undefined anywhere else. */
export async function findDemo(sql: Sql, secretKey: string): Promise<DemoTokens | undefined> {
  const tokens = demoTokens(secretKey);
  // By hand, so that a start does not wait for Prisma to be ready.
  const found = await sql.rows(FIND_TOKEN, [hashToken(tokens.organization)]);
  return found.length === 0 ? undefined : tokens;
}

const FIND_TOKEN: Statement = {
  name: 'demo_token',
  text: 'SELECT 1 FROM access_tokens WHERE token_hash = $1::bytea',
};
