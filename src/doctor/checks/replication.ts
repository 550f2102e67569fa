import { type Check, counted, ok } from '../check.ts';

/** Looks for unused replication slots that keep PostgreSQL from removing its write-ahead log (WAL). */
export const checkReplication: Check = async ({ rows }) => {
  const [may] = await rows<{ read: boolean }>(
    `SELECT has_table_privilege('pg_catalog.pg_replication_slots', 'SELECT') AS read`,
  );
  if (!may?.read) return ok('the role may not see the replication slots');
  // Slots that a replica copies from its primary are never active.
  const idle = await rows<{ name: string; size: string; statement: string }>(
    `SELECT slot_name AS name, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) AS size,
            format('SELECT pg_drop_replication_slot(%L);', slot_name) AS statement
       FROM pg_replication_slots
      WHERE NOT pg_is_in_recovery() AND NOT active AND restart_lsn IS NOT NULL AND wal_status <> 'lost'
      ORDER BY restart_lsn`,
  );
  if (idle.length === 0) return ok('no replication slot is left over');
  const slots = idle.map(({ name, size }) => `${name} (${size})`).join(', ');
  return {
    status: 'warning',
    message: `${counted(idle.length, 'replication slot')} without a reader, for which the disk fills with WAL: ${slots}`,
    action:
      'Start what reads from it; or, if nothing does any more, run as a superuser or a role with REPLICATION',
    sql: idle.map(({ statement }) => statement),
  };
};
