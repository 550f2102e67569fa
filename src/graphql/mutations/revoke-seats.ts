import * as errors from '../../domain/errors.ts';
import { once } from '../../idempotency/once.ts';
import { type RevokedBatch, revokeBatch } from '../../seats/batch/revoke-batch.ts';
import type { RevokedSeat } from '../../seats/revoke.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IS_REPLAY } from '../idempotency.ts';
import { PER_ITEM } from '../operation-cost.ts';
import { itemsOf } from '../types/batch.ts';
import { REVOKE_ITEM_ERRORS, RevokeSeatsInput } from '../types/revoke-batch.ts';
import { RevokeSeatSuccess } from '../types/revoked-seat.ts';
import { poolOf, SeatPool } from '../types/seat-pool.ts';

const RevokeSeatsSuccess = builder
  .objectRef<RevokedBatch & { isReplay: boolean }>('RevokeSeatsSuccess')
  .implement({
    description:
      'The batch was processed. With `ALL_OR_NOTHING`, nothing has changed if a seat was refused: see `isCommitted`.',
    fields: t => ({
      isCommitted: t.exposeBoolean('isCommitted', { description: 'Whether seats were revoked.' }),
      isReplay: t.exposeBoolean('isReplay', { description: IS_REPLAY }),
      results: t.field({
        type: [RevokeSeatSuccess],
        description: 'One result for each of `seatIds`, in the same order.',
        extensions: PER_ITEM,
        itemErrors: {
          directResult: true,
          union: {
            name: 'RevokeSeatsItemResult',
            description: 'Result for one seat of `revokeSeats`.',
          },
          types: [...REVOKE_ITEM_ERRORS],
        },
        resolve: ({ results }) => itemsOf<RevokedSeat>(results),
      }),
      revokedCount: t.exposeInt('revokedCount', {
        description: 'The number of seats that were revoked by this request.',
      }),
      refusedCount: t.exposeInt('refusedCount', {
        description: 'The number of seats that were refused.',
      }),
      pools: t.field({
        type: [SeatPool],
        description: 'The seat pools that have more free seats now.',
        extensions: PER_ITEM,
        resolve: ({ pools }, _args, ctx) => pools.map(pool => poolOf(ctx, pool)),
      }),
    }),
  });

builder.mutationField('revokeSeats', t =>
  t.field({
    type: RevokeSeatsSuccess,
    nullable: true,
    description: `Revokes up to 1,000 seats of any pools, with a result for each. ${MANAGING}`,
    args: {
      input: t.arg({ type: RevokeSeatsInput, required: true, description: 'The seats.' }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `revokeSeats`.' },
      types: [errors.NotPermitted, errors.InvalidInput, ...IDEMPOTENCY_ERRORS],
    },
    async resolve(_root, { input: { idempotencyKey: key, ...input } }, ctx) {
      const { result, isReplay } = await once(
        ctx,
        { operation: 'revokeSeats', key, input },
        keyed => revokeBatch(keyed, input),
      );
      return { ...result, isReplay };
    },
  }),
);
