import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { mendRestoredEvents } from '../../src/events/restored-events.ts';
import type { Fixture } from '../support/fixture.ts';
import { runProgram } from '../support/program.ts';
import { givenSeat } from '../support/seats.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture({ seats: 20 });
});
afterAll(() => usher.close());

const assign = (name: string) => givenSeat(usher, fixture, { email: `${name}@globex.example` });

/** The addresses of the seats that were assigned, in the order of `seatEvents`. */
async function addressesInOrder(): Promise<string[]> {
  const rows = await usher.db.$queryRaw<{ email: string }[]>`
    SELECT payload->>'customer_email' AS email FROM (
      SELECT payload, transaction_id, sequence FROM outbox_events
      UNION ALL SELECT payload, transaction_id, sequence FROM archived_events) AS e
     ORDER BY transaction_id, sequence`;
  return rows.map(({ email }) => email.split('@')[0] ?? '');
}

/** Makes the events what they are after a restore into a server with fewer transactions. */
async function restore(): Promise<void> {
  await usher.db.$executeRaw`
    WITH old AS (DELETE FROM outbox_events WHERE sequence = (SELECT min(sequence) FROM outbox_events) RETURNING *)
    INSERT INTO archived_events (organization_id, id, sequence, created_at, type, seat_id, payload, deliveries, archived_at,
                                 actor_kind, actor_id, actor_label, actor_channel, pool_id, transaction_id)
    SELECT organization_id, id, sequence, created_at, type, seat_id, payload, '[]', now(),
           actor_kind, actor_id, actor_label, actor_channel, pool_id, transaction_id FROM old`;
  for (const table of ['outbox_events', 'archived_events']) {
    await usher.db.$executeRawUnsafe(
      `UPDATE ${table} SET transaction_id = (transaction_id::text::numeric + 5000000000)::text::xid8`,
    );
  }
}

test('events of another server come before new ones, in the order in which they happened', async () => {
  const { sql, close } = openDatabase(usher.databaseUrl, { poolSize: 1 });
  const said: string[] = [];
  const mend = () => mendRestoredEvents(usher.databaseUrl, sql, message => said.push(message));
  try {
    await assign('one');
    await assign('two');
    await assign('three');
    await mend();
    expect(said).toEqual([]);
    await restore();
    await assign('four');
    expect(await addressesInOrder()).toEqual(['four', 'one', 'two', 'three']);
    await Promise.all([mend(), mend()]);
    expect(said).toContain('The events are from another server: putting them before new ones');
    await assign('five');
    expect(await addressesInOrder()).toEqual(['one', 'two', 'three', 'four', 'five']);
  } finally {
    await close();
  }
});

test.each(['main', 'worker'] as const)('%s does so when it starts', async name => {
  await restore();
  const program = runProgram(name, [], { DATABASE_URL: usher.databaseUrl, SECRET_KEY });
  await program.said(/running/);
  expect(await program.stop('SIGTERM')).toBe(0);
  await assign(name);
  expect((await addressesInOrder()).at(-1)).toBe(name);
});
