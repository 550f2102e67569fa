import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../../src/import/import-file.ts';
import { createDatabase } from '../support/database.ts';
import { range } from '../support/parallel.ts';
import { runProgram } from '../support/programs.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

test('an export is of one moment, whatever changes while it is written', async () => {
  const fixture = await usher.addFixture({ seats: 3_000 });
  const { ids, tokens } = fixture;
  const call = (method: string, path: string, body?: object) =>
    usher.rest(method, `/v1/customer-seats${path}`, { token: tokens.organization, body });
  for (const at of [0, 1_000]) {
    const seats = range(1_000).map(i => ({ email: `p-${at + i}@globex.example` }));
    await call('POST', '/batch', { subscription_id: ids.subscription, seats });
  }
  const revoked = await givenSeat(usher, fixture, { email: 'revoked@globex.example' });
  const exportNow = async () => (await runProgram(usher, 'export', ['--all'])).stdout;
  const before = await exportNow();

  const child = spawn(process.execPath, ['dist/export.js', '--all'], {
    env: { PATH: process.env.PATH, DATABASE_URL: usher.databaseUrl },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  // It has begun, and waits, since a pipe takes less than the members, which come before the seats.
  await once(child.stdout, 'readable');
  await givenSeat(usher, fixture, { email: 'meanwhile@globex.example' });
  expect((await call('DELETE', `/${revoked.id}`)).status).toBe(200);
  const during = await textOf(child.stdout);
  expect(await closed).toEqual([0, null]);

  expect(during === before).toBe(true);
  const after = await exportNow();
  expect(during).not.toContain('meanwhile@globex.example');
  expect(after.split('meanwhile@globex.example').length - 1).toBe(2);

  const target = await createDatabase();
  try {
    const counts = await importFile(target.url, JSON.parse(during));
    expect(counts).toMatchObject({ seats: 2_001, members: 2_005 });
  } finally {
    await target.drop();
  }
}, 60_000);
