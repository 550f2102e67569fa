import { isPastTime, RETENTION_RULES } from '../../events/retention-rules.ts';
import { type Check, counted, type Finding, ok, problem } from '../check.ts';

/** The worker deletes in batches every ten minutes. If rows are a day late, it is not deleting them. */
const GRACE_DAYS = 1;
const DAY_MS = 24 * 60 * 60_000;
const MOST = 100_000;

/** Looks for rows that the worker should have archived or deleted, and reports the size of the database. */
export const checkRetention: Check = async ({ config, rows }) => {
  const events = await rows<{ count: number }>(
    `SELECT count(*)::integer FROM (
       SELECT FROM outbox_events e
        WHERE created_at < clock_timestamp() - make_interval(days => $1) AND dispatched_at IS NOT NULL
          AND NOT EXISTS (SELECT FROM webhook_deliveries d
                           WHERE d.organization_id = e.organization_id AND d.event_id = e.id AND d.status = 'pending')
        LIMIT ${MOST}) AS late`,
    [config.retentionDays + GRACE_DAYS],
  );
  const late = [{ noun: 'event', count: events[0]?.count ?? 0 }];
  const before = new Date(Date.now() - GRACE_DAYS * DAY_MS);
  for (const rule of RETENTION_RULES) {
    const condition = isPastTime(rule, config.retention, before);
    if (condition === undefined) continue;
    const [found] = await rows<{ count: number }>(
      `SELECT count(*)::integer FROM (SELECT FROM ${rule.table} AS row WHERE ${condition.text} LIMIT ${MOST}) AS late`,
      condition.values,
    );
    late.push({ noun: rule.noun, count: found?.count ?? 0 });
  }
  const what = late.filter(({ count }) => count > 0).map(({ noun, count }) => counted(count, noun));
  if (what.length > 0) {
    return problem(
      `rows that should be archived or deleted by now: ${what.join(', ')}`,
      'Start `npm start` without WORKER=false, or `npm run worker`, with the same retention variables; it works through them in batches',
    );
  }
  return await sizeFinding(rows);
};

async function sizeFinding(rows: Parameters<Check>[0]['rows']): Promise<Finding> {
  const [size] = await rows<{ size: string; archive: string; count: number }>(
    `SELECT pg_size_pretty(pg_database_size(current_database())) AS size,
            pg_size_pretty(pg_total_relation_size('archived_events')) AS archive,
            greatest(reltuples, 0)::integer AS count
       FROM pg_class WHERE oid = 'archived_events'::regclass`,
  );
  const { size: total = '', archive = '', count = 0 } = size ?? {};
  return ok(
    `the database has ${total}, of which the archive of ${count === 0 ? '' : 'about '}${counted(count, 'event')} has ${archive}`,
  );
}
