import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { DatabaseBusy } from '../../src/db/constraints.ts';
import { optimistic } from '../../src/db/optimistic.ts';

const constraints = ['conflicting'];

function databaseError(fields: { constraint?: string; code?: string }) {
  return Object.assign(new pg.DatabaseError('refused', 0, 'error'), fields);
}

describe('optimistic', () => {
  test('retries while another request is faster', async () => {
    const outcomes = [
      undefined,
      databaseError({ constraint: 'conflicting' }),
      databaseError({ code: '40P01' }),
    ];
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

  test('throws DatabaseBusy after the last attempt, with nothing changed', async () => {
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

  test.each([new Error('ours'), databaseError({ constraint: 'another' })])(
    'does not retry after any other error: %s',
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
