import { type KnownActor, ownedBy } from '../../auth/access.ts';
import type { Db, Prisma } from '../../db/client.ts';
import { InvalidInput } from '../../domain/errors.ts';
import { isStorable } from '../../domain/storable-text.ts';
import type { PoolKind } from './read-pool.ts';

/** A pool by its id in the organization's own system. */
interface ExternalPool {
  kind: PoolKind;
  externalId: string;
}

/**
 * Returns the pool with this external id among those that the actor can access. Throws InvalidInput if several of the
 * actor's organizations have one.
 */
export async function findPoolByExternalId(
  db: Db,
  actor: KnownActor,
  { kind, externalId }: ExternalPool,
): Promise<{ kind: PoolKind; id: string } | undefined> {
  if (!isStorable(externalId)) return undefined;
  const named = {
    where: { ...ownedBy(actor), externalId, deletedAt: null },
    select: { id: true },
    take: 2,
  } as const satisfies Prisma.SubscriptionFindManyArgs & Prisma.OrderFindManyArgs;
  const [pool, other] =
    kind === 'subscription'
      ? await db.subscription.findMany(named)
      : await db.order.findMany(named);
  if (other !== undefined) {
    const message = 'Several organizations have this external id. Use the id instead.';
    throw new InvalidInput([{ path: [`${kind}ExternalId`], code: 'AMBIGUOUS', message }]);
  }
  return pool && { kind, id: pool.id };
}

/** Returns the pool with this id or this external id. Throws InvalidInput for both or neither. */
export async function findPoolByEither(
  db: Db,
  actor: KnownActor,
  kind: PoolKind,
  { id, externalId }: { id?: string | null | undefined; externalId?: string | null | undefined },
): Promise<{ kind: PoolKind; id: string } | undefined> {
  if (typeof externalId !== 'string' || id) {
    const message = 'Give exactly one of id and externalId.';
    throw new InvalidInput([{ path: ['id'], code: 'ONE_OF', message }]);
  }
  return await findPoolByExternalId(db, actor, { kind, externalId });
}
