import type { Ctx } from '../context.ts';
import { inTurn } from '../db/in-turn.ts';
import type { KeyedRequest } from './keyed-sql.ts';

/** How many requests with keys a process runs concurrently for one caller. */
const LANES = 4;

/**
 * Runs a request in its turn, so that one caller's requests that wait for a key or a pool hold few of the process's
 * connections. Requests with the same input share a lane.
 */
export async function inLane<Result>(
  { db }: Pick<Ctx, 'db'>,
  { scopeId, callerId, inputHash }: KeyedRequest,
  work: () => Promise<Result>,
): Promise<Result> {
  const lane = inputHash.readUInt8() % LANES;
  return await inTurn(db, `${scopeId} ${callerId} ${lane}`, work);
}
