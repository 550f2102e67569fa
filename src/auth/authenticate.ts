import { isBusy } from '../db/constraints.ts';
import type { MemberRole } from '../db/generated/prisma/enums.ts';
import type { Sql, Statement } from '../db/sql.ts';
import type { Actor } from './actor.ts';

/** Error for a bearer token that is unknown, expired or revoked. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';

  constructor() {
    super(
      'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
    );
  }
}

/**
 * Returns the bearer token of an Authorization header (RFC 6750); undefined if the header is missing, has another
 * scheme, is empty or is not ASCII.
 */
export function bearerToken(authorization: string | null | undefined): string | undefined {
  const match = /^bearer (.+)$/is.exec(authorization ?? '');
  const token = match?.[1];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern covers all of ASCII.
  return token !== undefined && /^[\x00-\x7f]+$/.test(token) ? token : undefined;
}

const MINUTE_MS = 60_000;

const FIND_SUBJECT: Statement = {
  name: 'token_subject',
  text: `
    SELECT 'organization' AS kind, t.organization_id AS "organizationId", t.scopes,
           t.last_used_at AS "lastUsedAt", t.expires_at AS "expiresAt",
           NULL::uuid AS "userId", NULL::uuid[] AS "organizationIds",
           NULL::uuid AS "customerId", NULL::uuid AS "memberId", NULL::text AS role,
           t.id AS "tokenId", t.id::text AS label
      FROM access_tokens t
      JOIN organizations o ON o.id = t.organization_id
     WHERE t.token_hash = $1::bytea
       AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2::timestamptz)
       AND o.deleted_at IS NULL AND o.status <> 'blocked'
    UNION ALL
    SELECT 'user', NULL, t.scopes, t.last_used_at, t.expires_at,
           u.id, ARRAY(SELECT o.id FROM organization_memberships m
                         JOIN organizations o ON o.id = m.organization_id
                        WHERE m.user_id = u.id AND o.deleted_at IS NULL AND o.status <> 'blocked'),
           NULL, NULL, NULL, NULL, u.email
      FROM access_tokens t
      JOIN users u ON u.id = t.user_id
     WHERE t.token_hash = $1::bytea
       AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2::timestamptz)
       AND u.deleted_at IS NULL
    UNION ALL
    SELECT 'customer', s.organization_id, NULL, NULL, s.expires_at, NULL, NULL, s.customer_id, NULL, NULL,
           NULL, coalesce(c.email, c.name)
      FROM customer_sessions s
      JOIN customers c ON c.organization_id = s.organization_id AND c.id = s.customer_id
      JOIN organizations o ON o.id = s.organization_id
     WHERE s.token_hash = $1::bytea AND s.expires_at > $2::timestamptz AND s.ended_at IS NULL
       AND c.deleted_at IS NULL AND o.deleted_at IS NULL
    UNION ALL
    SELECT 'member', s.organization_id, NULL, NULL, s.expires_at, NULL, NULL, m.customer_id, m.id, m.role::text,
           NULL, m.email
      FROM member_sessions s
      JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
      JOIN customers c ON c.organization_id = m.organization_id AND c.id = m.customer_id
      JOIN organizations o ON o.id = s.organization_id
     WHERE s.token_hash = $1::bytea AND s.expires_at > $2::timestamptz AND s.ended_at IS NULL
       AND m.deleted_at IS NULL AND c.deleted_at IS NULL AND o.deleted_at IS NULL`,
};

/** The actor of a token, and the time at which the token expires; null: never. */
export interface Authenticated {
  actor: Exclude<Actor, { kind: 'anonymous' }>;
  expiresAt: Date | null;
}

/**
 * Returns the actor of a token, given by its hash. The table of the token determines the kind, not its prefix.
 * Throws InvalidToken for a token that is unknown, expired or revoked, or whose subject was deleted. Access tokens of a
 * blocked organization are invalid; sessions of its customers stay valid, as in the reference.
 */
export async function authenticate(
  sql: Pick<Sql, 'rows'>,
  tokenHash: Uint8Array<ArrayBuffer>,
  now: Date,
): Promise<Authenticated> {
  const [subject] = await sql.rows<Subject>(FIND_SUBJECT, [tokenHash, now]);
  if (subject === undefined) throw new InvalidToken();
  const isAccessToken = subject.kind === 'organization' || subject.kind === 'user';
  if (isAccessToken && isStale(subject.lastUsedAt, now)) await recordUse(sql, tokenHash, now);
  return { actor: toActor(subject), expiresAt: subject.expiresAt };
}

function isStale(lastUsedAt: Date | null, now: Date): boolean {
  return lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= MINUTE_MS;
}

const RECORD_USE: Statement = {
  name: 'token_use',
  text: `
    UPDATE access_tokens SET last_used_at = $2::timestamptz
     WHERE token_hash = $1::bytea AND (last_used_at IS NULL OR last_used_at <= $3::timestamptz)`,
};

/** Records the use of an access token, at most once a minute, unless the database cannot write now. */
async function recordUse(
  sql: Pick<Sql, 'rows'>,
  tokenHash: Uint8Array<ArrayBuffer>,
  now: Date,
): Promise<void> {
  const before = new Date(now.getTime() - MINUTE_MS);
  await sql.rows(RECORD_USE, [tokenHash, now, before]).catch(error => {
    if (!isBusy(error)) throw error;
  });
}

/** A row of FIND_SUBJECT. Each kind sets its own columns. */
type Subject = { expiresAt: Date | null; label: string | null } & (
  | {
      kind: 'organization';
      organizationId: string;
      scopes: string[];
      lastUsedAt: Date | null;
      tokenId: string;
    }
  | {
      kind: 'user';
      userId: string;
      organizationIds: string[];
      scopes: string[];
      lastUsedAt: Date | null;
    }
  | { kind: 'customer'; organizationId: string; customerId: string }
  | {
      kind: 'member';
      organizationId: string;
      customerId: string;
      memberId: string;
      role: MemberRole;
    }
);

function toActor(subject: Subject): Authenticated['actor'] {
  const { kind, label } = subject;
  switch (kind) {
    case 'organization': {
      const { organizationId, scopes, tokenId } = subject;
      return { kind, label, organizationId, scopes, tokenId };
    }
    case 'user': {
      const { userId, organizationIds, scopes } = subject;
      return { kind, label, userId, organizationIds, scopes };
    }
    case 'customer': {
      const { organizationId, customerId } = subject;
      return { kind, label, organizationId, customerId };
    }
    case 'member': {
      const { organizationId, customerId, memberId, role } = subject;
      return { kind, label, organizationId, customerId, memberId, role };
    }
  }
}
