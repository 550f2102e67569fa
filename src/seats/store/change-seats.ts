import { DatabaseBusy, isConflict, isFromConcurrency } from '../../db/constraints.ts';
import type { Query, Sql } from '../../db/sql.ts';
import type { SeatChanges } from '../rules/changes.ts';
import { writeQuery } from './write.ts';

/** How many times the three steps run before a conflict is reported. */
const ATTEMPTS = 5;

/**
 * Look, decide, write: a transaction in two round trips. After a conflict (a constraint that refuses the write, a deadlock
 * or a stale look), the steps run again on fresh data. Throws what `decide` throws, and DatabaseBusy.
 */
export async function changeSeats<Result>(
  sql: Sql,
  reads: readonly Query[],
  decide: (looked: readonly (readonly object[])[]) => {
    result: Result;
    changes: SeatChanges;
    now: Date;
  },
): Promise<Result> {
  return await untilNoConflict(() =>
    sql.lookAndWrite(reads, looked => {
      const { result, changes, now } = decide(looked);
      return { result, write: writeQuery(changes, now) };
    }),
  );
}

/**
 * Repeats the work after a conflict. After the last attempt, throws DatabaseBusy if concurrent requests can explain the
 * conflict.
 */
export async function untilNoConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt < ATTEMPTS) continue;
      throw isFromConcurrency(error) ? new DatabaseBusy('undone', { cause: error }) : error;
    }
  }
}
