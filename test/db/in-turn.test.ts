import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { inTurn } from '../../src/db/in-turn.ts';

test('work for one key runs one after another, also after a failure', async () => {
  const { db, close } = openDatabase('postgres://127.0.0.1:1/nowhere');
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`begin ${name}`);
    await Promise.resolve();
    log.push(`end ${name}`);
    if (name === 'bad') throw new Error(name);
    return name;
  };
  const results = await Promise.allSettled([
    inTurn(db, 'a', work('bad')),
    inTurn(db, 'a', work('good')),
    inTurn(db, 'b', work('other')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(log.indexOf('begin good')).toBeGreaterThan(log.indexOf('end bad'));
  expect(log.indexOf('begin other')).toBeLessThan(log.indexOf('begin good'));
  await close();
});
