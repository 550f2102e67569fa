import { requireSeatManager } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import type { SeatSourceInput } from '../seats/inputs.ts';
import { findPoolByExternalId } from '../seats/read/find-pool.ts';
import { uuidOfName } from './ids.ts';
import { externalIdOf, type SeatSource, toSource } from './inputs.ts';

/** A pool. `isUnknown` if only an external id was given and no pool has it. */
export type ResolvedSource = SeatSourceInput & { isUnknown?: boolean };

/**
 * Returns the pool that a source names, in the domain's terms. An unknown external id becomes a UUID that names nothing, so
 * the verb refuses it, but only after it has looked for an outcome that is kept for the idempotency key from when the id was
 * known. That refusal is not kept for the key, because the id may become known later. Throws Unauthenticated and
 * NotPermitted, and InvalidInput for an external id of several organizations.
 */
export async function resolveSource(
  ctx: Ctx,
  source: typeof SeatSource.$inferInput,
): Promise<ResolvedSource> {
  const external = externalIdOf(source);
  if (external === undefined) return toSource(source);
  const pool = await findPoolByExternalId(ctx.db, requireSeatManager(ctx.actor), external);
  if (pool !== undefined) return pool;
  return { kind: external.kind, id: uuidOfName(external.externalId), isUnknown: true };
}
