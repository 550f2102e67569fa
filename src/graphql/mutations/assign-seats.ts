import { once } from '../../idempotency/once.ts';
import { type AssignedBatch, assignBatch } from '../../seats/batch/assign-batch.ts';
import type { InvitedSeat } from '../../seats/invitation/invitation-link.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IS_REPLAY } from '../idempotency.ts';
import { PER_ITEM } from '../operation-cost.ts';
import {
  ASSIGN_BATCH_ERRORS,
  ASSIGN_ITEM_ERRORS,
  AssignSeatsInput,
  toAssignBatch,
} from '../types/assign-batch.ts';
import { AssignSeatSuccess } from '../types/assigned-seat.ts';
import { itemsOf } from '../types/batch.ts';
import { poolOf, SeatPool } from '../types/seat-pool.ts';

const AssignSeatsSuccess = builder
  .objectRef<AssignedBatch & { isReplay: boolean }>('AssignSeatsSuccess')
  .implement({
    description:
      'The batch was processed. With `ALL_OR_NOTHING`, nothing has changed if a person was refused: see `isCommitted`.',
    fields: t => ({
      isCommitted: t.exposeBoolean('isCommitted', { description: 'Whether seats were assigned.' }),
      isReplay: t.exposeBoolean('isReplay', { description: IS_REPLAY }),
      results: t.field({
        type: [AssignSeatSuccess],
        description: 'One result for each of `seats`, in the same order.',
        extensions: PER_ITEM,
        itemErrors: {
          directResult: true,
          union: {
            name: 'AssignSeatsItemResult',
            description: 'Result for one person of `assignSeats`.',
          },
          types: [...ASSIGN_ITEM_ERRORS],
        },
        resolve: ({ results }) => itemsOf<{ seat: InvitedSeat }>(results),
      }),
      assignedCount: t.exposeInt('assignedCount', {
        description: 'The number of seats that were assigned.',
      }),
      refusedCount: t.exposeInt('refusedCount', {
        description: 'The number of people who were refused.',
      }),
      pool: t.field({
        type: SeatPool,
        description: 'The seat pool after the change.',
        resolve: ({ pool }, _args, ctx) => poolOf(ctx, pool),
      }),
    }),
  });

builder.mutationField('assignSeats', t =>
  t.field({
    type: AssignSeatsSuccess,
    nullable: true,
    description: `Assigns seats of one pool to up to 1,000 people, with a result for each. ${MANAGING}`,
    args: {
      input: t.arg({
        type: AssignSeatsInput,
        required: true,
        description: 'The seat pool and the people.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `assignSeats`.' },
      types: [...ASSIGN_BATCH_ERRORS, ...IDEMPOTENCY_ERRORS],
    },
    async resolve(_root, { input: { idempotencyKey: key, ...input } }, ctx) {
      const batch = await toAssignBatch(ctx, input);
      const { result, isReplay } = await once(
        ctx,
        { operation: 'assignSeats', key, input, isUnknown: batch.source.isUnknown ?? false },
        keyed => assignBatch(keyed, batch),
      );
      return { ...result, isReplay };
    },
  }),
);
