import type { Ctx } from '../context.ts';
import { inTurn } from '../db/in-turn.ts';
import type { KeyedRequest } from './keyed-sql.ts';

/** How many requests with keys of one caller a process carries out at the same time. */
const LANES = 4;

/**
 * Does the work of a request in its turn, so that the requests of one caller that wait for a key or a pool hold few connections
 * of the process. Requests with the same input take the same lane.
 */
export async function inLane<Result>(
  { db }: Pick<Ctx, 'db'>,
  { scopeId, callerId, inputHash }: KeyedRequest,
  work: () => Promise<Result>,
): Promise<Result> {
  const lane = inputHash.readUInt8() % LANES;
  return await inTurn(db, `${scopeId} ${callerId} ${lane}`, work);
}
