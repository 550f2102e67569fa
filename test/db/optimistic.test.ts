import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { DatabaseBusy } from '../../src/db/constraints.ts';
import { optimistic } from '../../src/db/optimistic.ts';

const constraints = ['in_the_way'];

function refusal(fields: { constraint?: string; code?: string }) {
  return Object.assign(new pg.DatabaseError('refused', 0, 'error'), fields);
}

describe('what is changed as it was read', () => {
  test('is tried again while somebody else is quicker', async () => {
    const outcomes = [undefined, refusal({ constraint: 'in_the_way' }), refusal({ code: '40P01' })];
    const result = await optimistic(
      async () => {
        if (outcomes.length === 0) return 'done';
        const outcome = outcomes.shift();
        if (outcome) throw outcome;
        return undefined;
      },
      { constraints },
    );
    expect(result).toBe('done');
  });

  test('is given up in the end, with nothing changed', async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts++;
      return undefined;
    };
    const error = await optimistic(attempt, { constraints }).catch(error => error);
    expect(error).toBeInstanceOf(DatabaseBusy);
    expect(error).toMatchObject({ isUndone: true });
    expect(attempts).toBe(25);
  });

  test.each([new Error('ours'), refusal({ constraint: 'another' })])(
    'is not tried again where that would be of no use: %s',
    async error => {
      let attempts = 0;
      const attempt = async () => {
        attempts++;
        throw error;
      };
      await expect(optimistic(attempt, { constraints })).rejects.toBe(error);
      expect(attempts).toBe(1);
    },
  );
});
