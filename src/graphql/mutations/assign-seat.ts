import * as errors from '../../domain/errors.ts';
import { assignSeat } from '../../seats/assign.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { SeatRecipient, SeatSource, toMetadata, toRecipient, toSource } from '../inputs.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const AssignSeatInput = builder.inputType('AssignSeatInput', {
  description: 'A seat of which pool goes to whom.',
  fields: t => ({
    source: t.field({ type: SeatSource, required: true, description: 'The pool.' }),
    recipient: t.field({ type: SeatRecipient, required: true, description: 'The person.' }),
    metadata: t.field({
      type: 'JSONObject',
      description: 'Free-form facts to keep with the seat: at most 10 keys and 1 KB.',
    }),
    immediateClaim: t.boolean({
      defaultValue: false,
      description: 'Hands the seat over at once, without an invitation.',
    }),
  }),
});

builder.mutationField('assignSeat', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `Gives a seat of a pool to a person, who is invited by e-mail and has 24 hours to claim it. ${MANAGING}`,
    args: {
      input: t.arg({ type: AssignSeatInput, required: true, description: 'What to assign.' }),
    },
    errors: {
      dataField: { name: 'seat', description: 'The seat as it is now.' },
      union: { description: 'The seat, or why there is none.' },
      result: { description: 'The seat is assigned.' },
      types: [
        errors.SeatNotAvailable,
        errors.SeatAlreadyAssigned,
        errors.CustomerNotFound,
        errors.MemberNotFound,
        errors.MemberEmailMismatch,
        errors.InvalidSeatAssignmentRequest,
        errors.FeatureNotEnabled,
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
      ],
    },
    resolve: (_root, { input }, ctx) =>
      assignSeat(ctx, {
        source: toSource(input.source),
        recipient: toRecipient(input.recipient),
        metadata: toMetadata(input.metadata),
        immediateClaim: input.immediateClaim ?? false,
      }),
  }),
);
