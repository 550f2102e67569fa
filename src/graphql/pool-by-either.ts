import type { GraphQLResolveInfo } from 'graphql';
import { requireSeatReader } from '../auth/access.ts';
import type { Ctx } from '../context.ts';
import { findPoolByEither } from '../seats/read/find-pool.ts';
import type { PoolKind, PoolRow } from '../seats/read/read-pool.ts';
import { selects } from './selects.ts';

/** The ids of a pool. A field takes exactly one of them. */
interface PoolIds {
  id?: string | null | undefined;
  externalId?: string | null | undefined;
}

/**
 * Returns the pool with one of its ids, and with its seat counts if they are selected; null if the caller cannot see it.
 * Throws Unauthenticated, NotPermitted, and InvalidInput for both ids or neither.
 */
export function poolByEither<Kind extends PoolKind>(
  kind: Kind,
  { id, externalId }: PoolIds,
  ctx: Ctx,
  info: GraphQLResolveInfo,
): Promise<PoolRow<Kind> | null | undefined> {
  const actor = requireSeatReader(ctx.actor);
  const withCounts = selects(info, ['pendingSeats', 'claimedSeats']);
  const read = (known: string) => ctx.seats.poolOf(actor, kind, { id: known, withCounts });
  if (id && typeof externalId !== 'string') return read(id);
  return findPoolByEither(ctx.db, actor, kind, { id, externalId }).then(pool =>
    pool === undefined ? null : read(pool.id),
  );
}
