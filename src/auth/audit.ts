import type { Tx } from '../db/client.ts';
import type { AuditEventType } from '../db/generated/prisma/enums.ts';
import { actorColumns, type RecordedActor } from './recorded-actor.ts';

/** A change of something other than a seat. */
export interface AuditRecord {
  organizationId: string;
  type: AuditEventType;
  /** The id of the member, endpoint, token, user or customer that changed, or of the organization. */
  subjectId: string;
  /** What people know it by, such as an e-mail address. */
  subjectLabel?: string | null;
  /** The names of the values that changed, as in the API. */
  changes?: readonly string[];
  by: RecordedActor;
}

/** Records a change in its transaction. */
export async function recordAudit(tx: Tx, record: AuditRecord, now: Date): Promise<void> {
  await recordAudits(tx, [record], now);
}

/** Records changes in their transaction. */
export async function recordAudits(
  tx: Tx,
  records: readonly AuditRecord[],
  now: Date,
): Promise<void> {
  const data = records.map(({ by, subjectLabel = null, changes = [], ...event }) => ({
    ...event,
    subjectLabel,
    changes: changes.toSorted(),
    createdAt: now,
    ...actorColumns(by),
  }));
  await tx.auditEvent.createMany({ data });
}
