import { recordAudit } from '../auth/audit.ts';
import { recordSystem } from '../auth/recorded-actor.ts';
import type { Db, Tx } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { auditOf } from './change.ts';
import type { Lease } from './take.ts';

/** Consecutive failed events after which usher disables an endpoint. The reference's rule. */
const MAX_FAILED_EVENTS = 10;

/** Result of one attempt. */
export interface Attempt {
  id: string;
  status: 'succeeded' | 'failed' | 'pending';
  attemptedAt: Date;
  durationMs: number;
  /** Time of the next attempt, if the delivery is pending. */
  nextAttemptAt: Date;
  responseStatus: number | null;
  responseBody: string | null;
  /** Why there was no answer. */
  error: string | null;
}

/** 410 Gone: the receiver is gone permanently. */
export const GONE = 410;

/**
 * Records the results of attempts, which are in the order of their events. Disables the endpoint if it answered 410 or if
 * ten consecutive events have failed all their attempts. Its pending deliveries are then skipped, and the organization's
 * users are notified by mail. Returns whether it disabled the endpoint.
 */
export async function recordAttempts(
  db: Db,
  lease: Lease,
  attempts: readonly Attempt[],
  now: Date,
): Promise<boolean> {
  await writeAttempts(db, lease, attempts, now);
  const failures = attempts.filter(({ status }) => status === 'failed').length;
  const lastSuccess = attempts.findLastIndex(({ status }) => status === 'succeeded');
  if (lastSuccess === -1 && failures === 0) return false;
  const since = attempts.slice(lastSuccess + 1).filter(({ status }) => status === 'failed').length;
  const count = await countFailures(db, lease, since, lastSuccess !== -1);
  const isGone = attempts.some(({ responseStatus }) => responseStatus === GONE);
  if (count < MAX_FAILED_EVENTS && !isGone) return false;
  return await transaction(db, tx => disableFailing(tx, lease, now));
}

async function writeAttempts(
  db: Db,
  { organizationId }: Lease,
  attempts: readonly Attempt[],
  now: Date,
): Promise<void> {
  await db.$executeRaw`
    UPDATE webhook_deliveries AS delivery
       SET status = attempt.status::webhook_delivery_status,
           attempts = delivery.attempts + 1,
           last_attempt_at = attempt."attemptedAt",
           duration_ms = attempt."durationMs",
           next_attempt_at = attempt."nextAttemptAt",
           response_status = attempt."responseStatus",
           response_body = attempt."responseBody",
           error = attempt.error,
           finished_at = CASE WHEN attempt.status <> 'pending' THEN ${now}::timestamptz END
      FROM jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) AS attempt
           (id uuid, status text, "attemptedAt" timestamptz, "durationMs" integer, "nextAttemptAt" timestamptz,
            "responseStatus" integer, "responseBody" text, error text)
     WHERE delivery.organization_id = ${organizationId}::uuid
       AND delivery.id = attempt.id
       AND delivery.status = 'pending'`;
}

/**
 * Adds to the endpoint's consecutive failures, or sets them if `fromZero`, and returns the count. Writes only if it changes.
 */
async function countFailures(
  db: Db,
  { organizationId, endpointId }: Lease,
  failures: number,
  fromZero: boolean,
): Promise<number> {
  if (fromZero && failures === 0) {
    await db.webhookEndpoint.updateMany({
      where: { organizationId, id: endpointId, consecutiveFailures: { not: 0 } },
      data: { consecutiveFailures: 0 },
    });
    return 0;
  }
  const [endpoint] = await db.webhookEndpoint.updateManyAndReturn({
    where: { organizationId, id: endpointId },
    data: { consecutiveFailures: fromZero ? failures : { increment: failures } },
    select: { consecutiveFailures: true },
  });
  return endpoint?.consecutiveFailures ?? 0;
}

async function disableFailing(
  tx: Tx,
  { organizationId, endpointId }: Lease,
  now: Date,
): Promise<boolean> {
  const [disabled] = await tx.webhookEndpoint.updateManyAndReturn({
    where: { organizationId, id: endpointId, disabledAt: null },
    data: { disabledAt: now, modifiedAt: now },
  });
  if (disabled === undefined) return false;
  const by = recordSystem('worker');
  await recordAudit(tx, { ...auditOf(disabled), type: 'webhook_endpoint_disabled', by }, now);
  await tx.$executeRaw`
    INSERT INTO mails (organization_id, kind, endpoint_id, recipient, created_at, next_attempt_at)
    SELECT membership.organization_id, 'webhook_disabled', ${endpointId}::uuid, person.email, ${now}, ${now}
      FROM organization_memberships AS membership
      JOIN users AS person ON person.id = membership.user_id AND person.deleted_at IS NULL
     WHERE membership.organization_id = ${organizationId}::uuid`;
  return true;
}
