import { randomUUID } from 'node:crypto';
import { organizationsInReach } from '../../auth/access.ts';
import { createBatch } from '../../db/batch.ts';
import { DatabaseBusy, isConflict, StaleLook } from '../../db/constraints.ts';
import type { Sql } from '../../db/sql.ts';
import { type BatchMode, isVoid } from '../batch/items.ts';
import { newInvitation } from '../invitation-token.ts';
import {
  type AssignmentOutcome,
  type AssignmentRequest,
  type DecisionContext,
  decideAssignments,
  voidAssignments,
} from '../rules/assign.ts';
import { noChanges } from '../rules/changes.ts';
import { untilNoConflict } from './change-seats.ts';
import { type Locking, lookQueries, MAX_BATCH, readFacts } from './look.ts';
import { writeQuery } from './write.ts';

/** Look, decide, write: the only way to assign seats. */
export interface Assignments {
  /** Assigns one seat, batched with concurrent requests. Throws DatabaseBusy. */
  assign(request: AssignmentRequest): Promise<AssignmentOutcome>;
  /**
   * Assigns seats for one caller in one transaction, in the order of the requests. Throws DatabaseBusy, and RangeError for
   * more than 1,000 requests.
   */
  assignMany(requests: readonly AssignmentRequest[], mode: BatchMode): Promise<AssignmentOutcome[]>;
  /** Returns what `assignMany` would return now. Locks nothing and writes nothing. Throws RangeError like `assignMany`. */
  preview(requests: readonly AssignmentRequest[]): Promise<AssignmentOutcome[]>;
}

export interface AssignmentsOptions {
  secretKey: string;
  now: () => Date;
}

/** An outcome; `held` if another transaction holds the pool or the member; `conflict` if the batch has to be repeated. */
type Joined = AssignmentOutcome | { kind: 'held' } | { kind: 'conflict' };

/** Creates the time, secrets and ids for a decision. */
export function decisionContext({ secretKey, now }: AssignmentsOptions): DecisionContext {
  const at = now();
  return {
    now: at,
    newId: randomUUID,
    newInvitation: seatId => newInvitation(secretKey, seatId, at),
  };
}

export function createAssignments(sql: Sql, { secretKey, now }: AssignmentsOptions): Assignments {
  const contextNow = () => decisionContext({ secretKey, now });

  /** Runs the three steps in one transaction of two round trips. */
  async function run(
    requests: readonly AssignmentRequest[],
    locking: 'wait' | 'skip',
    mode: BatchMode = 'best-effort',
  ): Promise<(AssignmentOutcome | { kind: 'held' })[]> {
    return await sql.lookAndWrite(lookQueries(requests, locking), rows => {
      const all = readFacts(rows, requests, locking);
      if (locking === 'wait' && all.includes(null)) throw new StaleLook();
      const ready = requests.flatMap((request, i) => {
        const facts = all[i];
        return facts ? [{ request, facts }] : [];
      });
      const context = contextNow();
      const { outcomes, changes } = decideAssignments(ready, context);
      const isUndone = isVoid(outcomes, mode);
      const inOrder = (isUndone ? voidAssignments(outcomes) : outcomes).values();
      return {
        write: writeQuery(isUndone ? noChanges() : changes, context.now),
        // One outcome for each request that has facts.
        result: all.map(facts => (facts ? (inOrder.next().value as AssignmentOutcome) : HELD)),
      };
    });
  }

  /** `run` for a batch whose requests must not fail because of one another. */
  async function runJoined(
    requests: readonly AssignmentRequest[],
    locking: 'wait' | 'skip',
  ): Promise<Joined[]> {
    try {
      return await run(requests, locking);
    } catch (error) {
      const hasWaited = error instanceof DatabaseBusy && error.isUndone;
      if (isConflict(error) || (hasWaited && requests.length > 1)) {
        return requests.map(() => ({ kind: 'conflict' }));
      }
      throw error;
    }
  }

  async function assignAlone(request: AssignmentRequest): Promise<AssignmentOutcome> {
    const [outcome] = await untilNoConflict(() => run([request], 'wait'));
    // A request that waits for the lock is never `held`.
    return outcome as AssignmentOutcome;
  }

  // The fewer batches at a time, the larger each one.
  const limits = { inFlight: 1, inFlightOfAll: 2, most: 100 } as const;
  const joinInOrganization = createBatch(
    (requests: readonly AssignmentRequest[]) => runJoined(requests, 'skip'),
    { ...limits, groupOf: ({ actor }) => [...organizationsInReach(actor)].sort().join() },
  );
  const joinInPool = createBatch(
    (requests: readonly AssignmentRequest[]) => runJoined(requests, 'wait'),
    {
      ...limits,
      groupOf: ({ actor, input }) =>
        `${input.source.id} ${[...organizationsInReach(actor)].sort().join()}`,
    },
  );

  return {
    async assign(request) {
      let outcome = await joinInOrganization(request);
      if (outcome.kind === 'held') outcome = await joinInPool(request);
      return outcome.kind === 'conflict' || outcome.kind === 'held'
        ? await assignAlone(request)
        : outcome;
    },
    async assignMany(requests, mode) {
      requireBatch(requests);
      if (requests.length === 0) return [];
      const outcomes = await untilNoConflict(() => run(requests, 'wait', mode));
      return outcomes as AssignmentOutcome[];
    },
    async preview(requests) {
      requireBatch(requests);
      if (requests.length === 0) return [];
      const locking: Locking = 'none';
      const looked = await Promise.all(
        lookQueries(requests, locking).map(({ statement, values }) =>
          sql.rows<object>(statement, values),
        ),
      );
      const facts = readFacts(looked, requests, locking);
      const ready = requests.flatMap((request, i) => {
        const known = facts[i];
        return known ? [{ request, facts: known }] : [];
      });
      return decideAssignments(ready, contextNow()).outcomes;
    },
  };
}

const HELD = { kind: 'held' } as const;

function requireBatch({ length }: readonly AssignmentRequest[]): void {
  if (length > MAX_BATCH)
    throw new RangeError(`${length} requests; a batch has at most ${MAX_BATCH}.`);
}
