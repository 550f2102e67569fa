import type { Ctx } from '../context.ts';
import type { Member } from '../db/generated/prisma/client.ts';
import { optimistic } from '../db/optimistic.ts';
import type { Statement } from '../db/sql.ts';
import { TOKEN_CHANNEL } from '../events/token-changes.ts';
import { InvalidInput } from '../seats/errors.ts';
import { insertEvent } from '../seats/event-sql.ts';
import { requireMemberManager, requireOwnersRights } from './access.ts';
import { findMember } from './find.ts';
import { AS_READ, LEFT_BEHIND, readAs } from './row.ts';

/**
 * Removes a member from their team: every live seat of theirs is revoked, with an event each, and their sessions end.
 * Their address is free from then on, and whoever is assigned a seat by it is somebody new.
 * Throws Unauthenticated, NotPermitted, ResourceNotFound, and InvalidInput for the only owner.
 */
export async function removeMember(ctx: Ctx, memberId: string): Promise<Member> {
  const actor = requireMemberManager(ctx.actor);
  const { removed, revoked } = await optimistic(
    async () => {
      const { member } = await findMember(ctx.db, actor, memberId);
      if (member.role === 'owner') {
        requireOwnersRights(actor);
        const message = 'Cannot delete the only owner. Transfer ownership first.';
        throw new InvalidInput([{ path: ['memberId'], code: 'ONLY_OWNER', message }]);
      }
      const now = ctx.now();
      const values = [...readAs(member), now, TOKEN_CHANNEL];
      const [row] = await ctx.sql.change<[string[]]>(REMOVE, values);
      return row && { removed: { ...member, deletedAt: now, modifiedAt: now }, revoked: row[0] };
    },
    { constraints: [LEFT_BEHIND] },
  );
  ctx.actors.forgetTeam(removed);
  for (const id of revoked) ctx.changes.announce(id);
  return removed;
}

/** Locks the pools of one kind in which the member has live seats, in their order. */
const poolsOf = (table: string, column: string) => `
  SELECT p.id
    FROM ${table} p
   WHERE p.organization_id = $1::uuid
     AND p.id IN (SELECT s.${column} FROM customer_seats s
                   WHERE s.organization_id = $1::uuid AND s.member_id = $2::uuid AND s.status <> 'revoked')
   ORDER BY p.id
     FOR NO KEY UPDATE`;

// The locks are taken in the order of every verb: pools, member, seats. Once the member's row is had, nobody gives them a
// seat any more; one that was given just before is seen by the last look of all, and so is the session of a last claim.
const REMOVE: Statement = {
  name: 'remove_member',
  text: `
    WITH subscription AS (${poolsOf('subscriptions', 'subscription_id')}
    ), "order" AS (${poolsOf('orders', 'order_id')}
    ), member AS (
      UPDATE members m
         SET deleted_at = $7::timestamptz, modified_at = $7::timestamptz
       WHERE ${AS_READ}
         AND (SELECT count(*) FROM subscription) >= 0 AND (SELECT count(*) FROM "order") >= 0
      RETURNING m.*
    ), seat AS (
      UPDATE customer_seats s
         SET status = 'revoked', revoked_at = $7::timestamptz, modified_at = $7::timestamptz,
             customer_id = NULL, member_id = NULL, email = NULL, invitation_nonce = NULL
        FROM member m
       WHERE s.organization_id = m.organization_id AND s.member_id = m.id AND s.status <> 'revoked'
      RETURNING s.*
    ), event AS (
      ${insertEvent('seat s CROSS JOIN member m', {
        type: `'customer_seat.revoked'`,
        id: 'gen_random_uuid()',
        now: '$7::timestamptz',
      })}
       ORDER BY s.created_at, s.id
    ), session AS (
      UPDATE member_sessions s SET ended_at = $7::timestamptz
        FROM member m
       WHERE s.organization_id = m.organization_id AND s.member_id = m.id AND s.ended_at IS NULL
      RETURNING s.id
    ), ended AS (
      SELECT count(*) AS n FROM session
    ), revoked AS (
      SELECT coalesce(array_agg(s.id ORDER BY s.created_at, s.id), '{}') AS ids FROM seat s
    )
    SELECT revoked.ids, pg_notify($8, '')::text,
           CASE WHEN ended.n >= 0 THEN refuse_left_behind(m.organization_id, m.id, NULL)::text END
      FROM member m CROSS JOIN revoked CROSS JOIN ended`,
};
