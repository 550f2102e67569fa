import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { checkSecretKey, OtherSecretKey } from '../../src/db/secret-key-check.ts';
import { createDatabase } from '../support/database.ts';
import { range } from '../support/parallel.ts';
import { runProgram } from '../support/program.ts';

let created: Awaited<ReturnType<typeof createDatabase>>;
let database: Database;
beforeEach(async () => {
  created = await createDatabase();
  database = openDatabase(created.url);
});
afterEach(async () => {
  await database.close();
  await created.drop();
});

const keyOf = (name: string) => name.repeat(40);
let time = 0;
const check = (secretKey: string, previousSecretKey?: string, isGenerated = false) => {
  time += 1_000;
  return checkSecretKey(
    database.db,
    { secretKey, previousSecretKey, isGenerated },
    new Date(Date.now() + time),
  );
};

describe('the key of a database', () => {
  test('is the first that a program uses, and no other', async () => {
    await check(keyOf('a'));
    await check(keyOf('a'));
    await expect(check(keyOf('b'))).rejects.toBeInstanceOf(OtherSecretKey);
    await expect(check(keyOf('b'), keyOf('c'))).rejects.toBeInstanceOf(OtherSecretKey);
    await check(keyOf('a'));
  });

  test('is one, whatever programs with different keys start at the same moment', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const started = await Promise.allSettled(names.map(name => check(keyOf(name))));
    expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const same = await Promise.allSettled(
      range(4).map(() => check(keyOf(names[started.findIndex(isFulfilled)] ?? ''))),
    );
    expect(same.every(isFulfilled)).toBe(true);
  });

  test('is changed by a program that knows the one before, and back', async () => {
    await check(keyOf('a'));
    await check(keyOf('b'), keyOf('a'));
    await check(keyOf('b'));
    await expect(check(keyOf('a'))).rejects.toBeInstanceOf(OtherSecretKey);
    await check(keyOf('a'), keyOf('b'));
    await check(keyOf('a'));
  });

  test('is another one where it was generated, and was removed for a new one', async () => {
    await check(keyOf('a'), undefined, true);
    await check(keyOf('b'), undefined, true);
    await expect(check(keyOf('a'))).rejects.toBeInstanceOf(OtherSecretKey);
  });

  test('is stored as a hash alone', async () => {
    await check(keyOf('a'));
    const [stored] = await database.db.secretKey.findMany();
    expect(stored?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });
});

const isFulfilled = ({ status }: PromiseSettledResult<void>) => status === 'fulfilled';

test.each(['main', 'worker'] as const)('%s does not start with another key', async name => {
  await check(keyOf('a'));
  const program = runProgram(name, [], { DATABASE_URL: created.url, SECRET_KEY: keyOf('b') });
  expect(await program.ended()).toBe(1);
  expect(program.output.stderr).toMatch(
    /^usher: SECRET_KEY is not the key that the invitation links of this database were made with\. .*\n$/,
  );
  const SECRET_KEY_PREVIOUS = keyOf('a');
  const next = runProgram(name, [], {
    DATABASE_URL: created.url,
    SECRET_KEY: keyOf('b'),
    SECRET_KEY_PREVIOUS,
  });
  await next.said(/running/);
  expect(await next.stop('SIGTERM')).toBe(0);
});
