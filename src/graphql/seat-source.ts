import { requireSeatManager } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import type { SeatSourceInput } from '../seats/inputs.ts';
import { findPoolByExternalId } from '../seats/read/find-pool.ts';
import { uuidOfName } from './ids.ts';
import { externalIdOf, type SeatSource, toSource } from './inputs.ts';

/** A pool, and whether nothing is known of it but an external id. */
export type ResolvedSource = SeatSourceInput & { isUnknown?: boolean };

/**
 * Returns the pool that a source names, in the domain's terms. An unknown external id becomes a UUID that names nothing, so
 * that the verb refuses it, after it has looked whether an idempotency key has an outcome from when the id was known. That
 * refusal is not kept for the key: the id may be told later.
 * Throws Unauthenticated and NotPermitted, and InvalidInput for an external id of several organizations.
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
