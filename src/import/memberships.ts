import { recordAudits } from '../auth/audit.ts';
import type { Importing } from './write-rows.ts';

/** Ends memberships that are missing from `userIds`. Organizations without this key keep their memberships. */
export async function endMemberships(importing: Importing): Promise<void> {
  const { client, file, by, notes, now, prisma } = importing;
  const listed = file.memberLists;
  if (listed.size === 0) return;
  const { rows } = await client.query<{ organizationId: string; userId: string; email: string }>(
    `WITH ended AS (
       DELETE FROM organization_memberships AS old
        WHERE old.organization_id = ANY($1::uuid[])
          AND NOT EXISTS (SELECT FROM unnest($2::uuid[], $3::uuid[]) AS f (organization_id, user_id)
                           WHERE f.organization_id = old.organization_id AND f.user_id = old.user_id)
       RETURNING old.organization_id, old.user_id),
     forgotten AS (
       DELETE FROM imported_rows AS mark USING unnest($1::uuid[]) AS listed (id)
        WHERE mark.organization_id = listed.id AND mark.kind = 'memberships'
          AND NOT EXISTS (SELECT FROM unnest($2::uuid[], $3::uuid[]) AS f (organization_id, user_id)
                           WHERE f.organization_id = mark.organization_id AND f.user_id = mark.id))
     SELECT ended.organization_id AS "organizationId", ended.user_id AS "userId", users.email
       FROM ended JOIN users ON users.id = ended.user_id
      ORDER BY 1, 2`,
    [
      [...listed.keys()],
      file.rows.memberships.map(({ columns }) => columns.organization_id),
      file.rows.memberships.map(({ columns }) => columns.user_id),
    ],
  );
  for (const { organizationId, email } of rows) {
    notes.push({
      path: listed.get(organizationId) ?? '',
      message: `ends the membership of ${email}, who is not listed`,
    });
  }
  const audits = rows.map(({ organizationId, userId, email }) => ({
    organizationId,
    type: 'membership_ended' as const,
    subjectId: userId,
    subjectLabel: email,
    by,
  }));
  if (audits.length > 0) await recordAudits(prisma(), audits, now);
}
