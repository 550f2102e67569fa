import { expect, test } from 'vitest';
import { torture } from './torture/torture.ts';

// A short run of what `npm run torture` does at length: all its promises, three deaths.
test('nothing is lost when usher or its database is killed under load', async ({ signal }) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const told = [`seed ${seed}`];
  const tally = await torture({
    victims: ['server', 'database', 'server'],
    seed,
    callers: 12,
    isHurried: true,
    tell: line => void told.push(line),
    signal,
  }).catch(error => {
    throw new Error(`${told.join('\n')}\n${error.message}`, { cause: error });
  });
  // That it was no idle run.
  expect(tally.get('rounds')).toBe(3);
  for (const name of ['calls done', 'calls unanswered', 'deliveries', 'invitations mailed']) {
    expect(tally.get(name), name).toBeGreaterThan(0);
  }
}, 150_000);
