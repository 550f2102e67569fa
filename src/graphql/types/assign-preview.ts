import {
  type AssignBatchPreview,
  previewAssignBatch,
  type WouldAssign,
} from '../../seats/batch/assign-batch.ts';
import type { UsageForecast } from '../../seats/batch/forecast.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { PER_ITEM } from '../operation-cost.ts';
import {
  ASSIGN_BATCH_ERRORS,
  ASSIGN_ITEM_ERRORS,
  AssignSeatsInput,
  toAssignBatch,
} from './assign-batch.ts';
import { itemsOf } from './batch.ts';
import { SeatHolder } from './seat-holder.ts';

const WouldAssignSeat = builder.objectRef<WouldAssign>('WouldAssignSeat').implement({
  description: 'The person would get a seat.',
  fields: t => ({
    recipient: t.field({
      type: SeatHolder,
      description: 'The person. A member who would be created has no id.',
      resolve: ({ recipient }) => recipient,
    }),
    createsMember: t.exposeBoolean('createsMember', {
      description: 'Whether the person would become a member.',
    }),
    sendsInvitation: t.exposeBoolean('sendsInvitation', {
      description: 'Whether the person would get an invitation by e-mail.',
    }),
  }),
});

const SeatUsageForecast = builder.objectRef<UsageForecast>('SeatUsageForecast').implement({
  description:
    'How the seats of a pool would be used. It has no id, so that no cache takes it for the present use.',
  fields: t => ({
    total: t.exposeInt('total', { description: 'The number of seats that were bought.' }),
    available: t.exposeInt('available', { description: 'The number of seats that would be free.' }),
    pending: t.exposeInt('pending', {
      description: 'The number of seats that would be assigned and not claimed.',
    }),
    claimed: t.exposeInt('claimed', { description: 'The number of seats that would be claimed.' }),
    overage: t.exposeInt('overage', {
      description: 'The number of pending and claimed seats beyond those that were bought.',
    }),
  }),
});

const PreviewAssignSeatsSuccess = builder
  .objectRef<AssignBatchPreview>('PreviewAssignSeatsSuccess')
  .implement({
    description: 'The batch was previewed.',
    fields: t => ({
      wouldCommit: t.exposeBoolean('wouldCommit', {
        description: 'Whether seats would be assigned.',
      }),
      results: t.field({
        type: [WouldAssignSeat],
        description: 'One result for each of `seats`, in the same order.',
        extensions: PER_ITEM,
        itemErrors: {
          directResult: true,
          union: {
            name: 'PreviewAssignSeatsItemResult',
            description: 'Result for one person of `previewAssignSeats`.',
          },
          types: [...ASSIGN_ITEM_ERRORS],
        },
        resolve: ({ results }) => itemsOf<WouldAssign>(results),
      }),
      assignedCount: t.exposeInt('assignedCount', {
        description: 'The number of seats that would be assigned.',
      }),
      refusedCount: t.exposeInt('refusedCount', {
        description: 'The number of people who would be refused.',
      }),
      usageAfter: t.field({
        type: SeatUsageForecast,
        description: 'How the seats of the pool would be used.',
        resolve: ({ usageAfter }) => usageAfter,
      }),
    }),
  });

builder.queryField('previewAssignSeats', t =>
  t.field({
    type: PreviewAssignSeatsSuccess,
    nullable: true,
    description: `Returns what \`assignSeats\` would do with this input now. Changes nothing and reserves nothing. ${MANAGING}`,
    args: {
      input: t.arg({
        type: AssignSeatsInput,
        required: true,
        description: 'The seat pool and the people.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `previewAssignSeats`.' },
      types: [...ASSIGN_BATCH_ERRORS],
    },
    resolve: async (_root, { input }, ctx) =>
      previewAssignBatch(ctx, await toAssignBatch(ctx, input)),
  }),
);
