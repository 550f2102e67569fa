import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DebianPostgres,
  hasDebianPostgres,
  startDebianPostgres,
} from '../support/debian-postgres.ts';
import { execute, runDoctor } from './run-doctor.ts';

describe.runIf(hasDebianPostgres())('a server', () => {
  let postgres: DebianPostgres;
  beforeAll(async () => {
    // Leaves five connections to roles that are no superusers.
    postgres = await startDebianPostgres(() => 'superuser_reserved_connections = 95\n');
  });
  afterAll(() => postgres?.close());

  const admin = (sql: string) => execute(postgres.adminUrl, sql);
  const look = async (check: string) => {
    const { code, findings } = await runDoctor({ DATABASE_URL: postgres.url });
    return { code, found: findings.filter(finding => finding.check === check) };
  };

  test('with a replication slot that nobody reads keeps its WAL until the slot is dropped', async () => {
    await admin(`SELECT pg_create_physical_replication_slot('it_s_left', true);
      SELECT pg_create_physical_replication_slot('holds_nothing')`);
    const { found } = await look('replication');
    expect(found).toEqual([
      {
        check: 'replication',
        status: 'warning',
        message: expect.stringMatching(
          /^1 replication slot without a reader, .*: it_s_left \(\d+ \w+\)$/,
        ),
        action: expect.stringMatching(/run as a superuser or a role with REPLICATION$/),
        sql: ["SELECT pg_drop_replication_slot('it_s_left');"],
      },
    ]);
    await admin('CREATE ROLE dropper REPLICATION');
    await execute(postgres.adminUrl, found[0]?.sql?.join('\n') ?? '', 'dropper');
    expect((await look('replication')).found[0]).toMatchObject({
      status: 'ok',
      message: 'no replication slot is left over',
    });
  });

  test('that keeps the slots to itself is no problem', async () => {
    await execute(
      new URL('/usher', postgres.adminUrl).href,
      'REVOKE SELECT ON pg_replication_slots FROM PUBLIC',
    );
    expect((await look('replication')).found[0]).toMatchObject({
      status: 'ok',
      message: 'the role may not see the replication slots',
    });
  });

  test('without a free connection is full, and not absent', async () => {
    const held = Array.from({ length: 5 }, () => new pg.Client(postgres.url));
    try {
      for (const client of held) await client.connect();
      const { code, found } = await look('database');
      expect([code, found]).toEqual([
        1,
        [
          expect.objectContaining({
            message: expect.stringMatching(/remaining connection slots are reserved/),
            action: expect.stringMatching(
              /^The server has no free connection: raise max_connections, end connections/,
            ),
          }),
        ],
      ]);
    } finally {
      await Promise.all(held.map(client => client.end()));
    }
    expect((await look('database')).found[0]?.status).toBe('ok');
  });
});
