import type { Ctx } from '../context.ts';
import type { SeatSourceInput } from '../seats/inputs.ts';
import { requirePoolByExternalId } from '../seats/read/find-pool.ts';
import { externalIdOf, type SeatSource, toSource } from './inputs.ts';

/**
 * Returns the pool that a source names, in the domain's terms. Throws Unauthenticated, NotPermitted and ResourceNotFound for an
 * external id that cannot be looked up.
 */
export async function resolveSource(
  ctx: Ctx,
  source: typeof SeatSource.$inferInput,
): Promise<SeatSourceInput> {
  const external = externalIdOf(source);
  return external === undefined ? toSource(source) : await requirePoolByExternalId(ctx, external);
}
