import * as errors from '../../domain/errors.ts';
import { previewRevokeBatch, type RevokeBatchPreview } from '../../seats/batch/revoke-batch.ts';
import type { SeatHolder as Holder } from '../../seats/view.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { PER_ITEM } from '../operation-cost.ts';
import { itemsOf } from './batch.ts';
import { REVOKE_ITEM_ERRORS, RevokeSeatsInput } from './revoke-batch.ts';
import { SeatHolder } from './seat-holder.ts';

const WouldRevokeSeat = builder
  .objectRef<{ formerHolder: Holder | null }>('WouldRevokeSeat')
  .implement({
    description: 'The seat would be revoked.',
    fields: t => ({
      formerHolder: t.field({
        type: SeatHolder,
        nullable: true,
        description: 'The person who would lose the seat; null if it is already revoked.',
        resolve: ({ formerHolder }) => formerHolder,
      }),
    }),
  });

const PreviewRevokeSeatsSuccess = builder
  .objectRef<RevokeBatchPreview>('PreviewRevokeSeatsSuccess')
  .implement({
    description: 'The batch was previewed.',
    fields: t => ({
      wouldCommit: t.exposeBoolean('wouldCommit', {
        description: 'Whether seats would be revoked.',
      }),
      results: t.field({
        type: [WouldRevokeSeat],
        description: 'One result for each of `seatIds`, in the same order.',
        extensions: PER_ITEM,
        itemErrors: {
          directResult: true,
          union: {
            name: 'PreviewRevokeSeatsItemResult',
            description: 'Result for one seat of `previewRevokeSeats`.',
          },
          types: [...REVOKE_ITEM_ERRORS],
        },
        resolve: ({ results }) => itemsOf<{ formerHolder: Holder | null }>(results),
      }),
      revokedCount: t.exposeInt('revokedCount', {
        description: 'The number of seats that would be revoked.',
      }),
      refusedCount: t.exposeInt('refusedCount', {
        description: 'The number of seats that would be refused.',
      }),
    }),
  });

builder.queryField('previewRevokeSeats', t =>
  t.field({
    type: PreviewRevokeSeatsSuccess,
    nullable: true,
    description: `Returns what \`revokeSeats\` would do with this input now. Changes nothing. ${MANAGING}`,
    args: {
      input: t.arg({ type: RevokeSeatsInput, required: true, description: 'The seats.' }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `previewRevokeSeats`.' },
      types: [errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => previewRevokeBatch(ctx, input),
  }),
);
