import { randomUUID } from 'node:crypto';
import type { Db } from '../db/client.ts';
import type { AccessToken } from '../db/generated/prisma/client.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { hashToken, newToken } from './token.ts';

/** The scopes of access tokens. */
export const SCOPES = [
  'customer_seats:read',
  'customer_seats:write',
  'customer_sessions:write',
  'members:write',
  'organizations:read',
  'organizations:write',
  'webhooks:read',
  'webhooks:write',
] as const;

/** The subject of a token: an organization by its slug, or a user by their e-mail address. */
export type TokenSubject = { organization: string } | { user: string };

/** Error for a token that cannot be created or revoked. The message says what to correct. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** Creates a token and returns it; only its hash is stored. Throws TokenError for an unknown subject. */
export async function createAccessToken(
  db: Db,
  subject: TokenSubject,
  grant: { scopes: readonly (typeof SCOPES)[number][]; expiresAt: Date | null },
  now: Date,
): Promise<{ id: string; token: string }> {
  const token = newToken('organization' in subject ? 'organization' : 'personal');
  const id = randomUUID();
  await db.accessToken.create({
    data: {
      id,
      tokenHash: hashToken(token),
      createdAt: now,
      scopes: [...grant.scopes],
      expiresAt: grant.expiresAt,
      ...(await findSubject(db, subject)),
    },
  });
  return { id, token };
}

/** Revokes a token. Throws TokenError if the id is unknown or the token is already revoked. */
export async function revokeAccessToken(db: Db, id: string, now: Date): Promise<void> {
  const { count } = await db.accessToken.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) throw new TokenError(`Token ${id} does not exist or is already revoked.`);
  await announceTokenChange(db);
}

/** Returns the access tokens of a subject, oldest first, without the secrets. */
export async function listAccessTokens(
  db: Db,
  subject: TokenSubject,
): Promise<Omit<AccessToken, 'tokenHash'>[]> {
  return await db.accessToken.findMany({
    where: await findSubject(db, subject),
    omit: { tokenHash: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

/** Returns the id of a subject. Throws TokenError for an unknown or ambiguous subject. */
export async function findSubject(db: Db, subject: TokenSubject) {
  if ('organization' in subject) {
    const [organization] = await db.$queryRaw<{ id: string }[]>`
      SELECT id FROM organizations
       WHERE lower(slug) = lower(${subject.organization}) AND deleted_at IS NULL`;
    if (!organization)
      throw new TokenError(`No organization with the slug ${subject.organization}.`);
    return { organizationId: organization.id };
  }
  const users = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM users WHERE lower(email) = lower(${subject.user}) AND deleted_at IS NULL`;
  const [user, ...others] = users;
  if (!user) throw new TokenError(`No user with the e-mail address ${subject.user}.`);
  if (others.length > 0) throw new TokenError(`Several users have the address ${subject.user}.`);
  return { userId: user.id };
}
