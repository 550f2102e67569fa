import type { Sql, Statement } from '../../db/sql.ts';

/** An invitation, by its seat and the hash of its token. */
export interface InvitationKey {
  organizationId: string;
  seatId: string;
  tokenHash: Uint8Array;
}

const LAST_SENT: Statement = {
  name: 'invitations_last_sent',
  text: `
    SELECT wanted.n::integer, max(mail.finished_at) AS "sentAt"
      FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) WITH ORDINALITY AS wanted (organization_id, seat_id, token_hash, n)
      JOIN mails AS mail ON mail.organization_id = wanted.organization_id AND mail.seat_id = wanted.seat_id
       AND mail.kind IN ('invitation', 'reminder') AND mail.invitation_token_hash = wanted.token_hash
     WHERE mail.status = 'sent' AND wanted.n BETWEEN 1 AND 1000
     GROUP BY wanted.n`,
};

/** Returns when usher last mailed each invitation, unscoped, with one statement; null if it has not. */
export async function readLastSent(
  sql: Sql,
  invitations: readonly InvitationKey[],
): Promise<(Date | null)[]> {
  const rows = await sql.rows<{ n: number; sentAt: Date }>(LAST_SENT, [
    invitations.map(({ organizationId }) => organizationId),
    invitations.map(({ seatId }) => seatId),
    invitations.map(({ tokenHash }) => tokenHash),
  ]);
  const byNumber = new Map(rows.map(({ n, sentAt }) => [n, sentAt]));
  return invitations.map((_, i) => byNumber.get(i + 1) ?? null);
}
