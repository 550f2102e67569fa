import { KEPT_MS } from '../../idempotency/keyed-sql.ts';
import { type Check, counted, type Finding, ok, problem } from '../check.ts';

/** The worker deletes in batches every ten minutes. What is a day late, it does not delete. */
const GRACE_DAYS = 1;
const MOST = 100_000;
const FOREVER = 100_000;

/** Looks for rows that the worker should have archived or deleted, and tells the size of the database. */
export const checkRetention: Check = async ({ config, rows }) => {
  const { mailDays, tokenDays } = config.retention;
  // Days without an end are longer than any row has been there.
  const [days, ofMails, ofTokens] = [config.retentionDays, mailDays, tokenDays].map(
    kept => (kept || FOREVER) + GRACE_DAYS,
  );
  const late = await rows<{ name: string; count: number }>(
    `SELECT name, count FROM (
       SELECT 'events' AS name, count(*)::integer AS count FROM (
         SELECT FROM outbox_events e
          WHERE created_at < clock_timestamp() - make_interval(days => $1) AND dispatched_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM webhook_deliveries d
                             WHERE d.organization_id = e.organization_id AND d.event_id = e.id AND d.status = 'pending')
          LIMIT ${MOST}) AS t
       UNION ALL SELECT 'mails', count(*)::integer FROM (
         SELECT FROM mails WHERE created_at < clock_timestamp() - make_interval(days => $4) AND status <> 'pending' LIMIT ${MOST}) AS t
       UNION ALL SELECT 'access tokens', count(*)::integer FROM (
         SELECT FROM access_tokens WHERE expires_at < clock_timestamp() - make_interval(days => $5) LIMIT ${MOST}) AS t
       UNION ALL SELECT 'sessions', count(*)::integer FROM (
         SELECT FROM customer_sessions WHERE expires_at < clock_timestamp() - make_interval(days => $2)
         UNION ALL
         SELECT FROM member_sessions WHERE expires_at < clock_timestamp() - make_interval(days => $2) LIMIT ${MOST}) AS t
       UNION ALL SELECT 'idempotency keys', count(*)::integer FROM (
         SELECT FROM idempotency_keys
          WHERE created_at < clock_timestamp() - make_interval(secs => $3) - make_interval(days => $2) LIMIT ${MOST}) AS t
     ) AS late WHERE count > 0`,
    [days, GRACE_DAYS, KEPT_MS / 1000, ofMails, ofTokens],
  );
  if (late.length > 0) {
    const what = late.map(({ name, count }) => `${count.toLocaleString('en')} ${name}`).join(', ');
    return problem(
      `rows that should be archived or deleted by now: ${what}`,
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
