import { randomUUID } from 'node:crypto';
import type { Db, Tx } from '../db/client.ts';
import type { AccessToken } from '../db/generated/prisma/client.ts';
import { transaction } from '../db/transaction.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { recordAudit } from './audit.ts';
import { recordSystem } from './recorded-actor.ts';
import { hashToken, newToken } from './token.ts';

/** The scopes of access tokens. */
export const SCOPES = [
  'billing:write',
  'customer_seats:read',
  'customer_seats:write',
  'customer_sessions:write',
  'members:write',
  'organizations:read',
  'organizations:write',
  'personal_data:read',
  'personal_data:write',
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
  const owner = await findSubject(db, subject);
  await transaction(db, async tx => {
    await tx.accessToken.create({
      data: {
        id,
        tokenHash: hashToken(token),
        createdAt: now,
        scopes: [...grant.scopes],
        expiresAt: grant.expiresAt,
        ...owner,
      },
    });
    await recordOfToken(tx, { id, organizationId: null, userId: null, ...owner }, 'created', now);
  });
  return { id, token };
}

/** Revokes a token. Throws TokenError if the id is unknown or the token is already revoked. */
export async function revokeAccessToken(db: Db, id: string, now: Date): Promise<void> {
  await transaction(db, async tx => {
    const [token] = await tx.accessToken.updateManyAndReturn({
      where: { id, revokedAt: null },
      data: { revokedAt: now },
    });
    if (token === undefined) {
      throw new TokenError(`Token ${id} does not exist or is already revoked.`);
    }
    await recordOfToken(tx, token, 'revoked', now);
    await announceTokenChange(tx);
  });
}

/** Records a change of a token for its organization, or for each organization of its user. */
async function recordOfToken(
  tx: Tx,
  { id, organizationId, userId }: Pick<AccessToken, 'id' | 'organizationId' | 'userId'>,
  change: 'created' | 'revoked',
  now: Date,
): Promise<void> {
  const user =
    userId === null
      ? null
      : await tx.user.findUnique({ where: { id: userId }, include: { memberships: true } });
  const organizations =
    organizationId === null
      ? (user?.memberships.map(membership => membership.organizationId) ?? [])
      : [organizationId];
  for (const each of organizations) {
    const audit = { organizationId: each, subjectId: id, subjectLabel: user?.email ?? null };
    const by = recordSystem('command');
    await recordAudit(tx, { ...audit, type: `access_token_${change}`, by }, now);
  }
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
