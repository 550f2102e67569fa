import * as errors from '../../domain/errors.ts';
import { assignSeat } from '../../seats/assign.ts';
import type { SeatSourceInput } from '../../seats/inputs.ts';
import { requirePoolByExternalId } from '../../seats/read/find-pool.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import {
  externalIdOf,
  SeatRecipient,
  SeatSource,
  toMetadata,
  toRecipient,
  toSource,
} from '../inputs.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const AssignSeatInput = builder.inputType('AssignSeatInput', {
  description: 'Input of `assignSeat`.',
  fields: t => ({
    source: t.field({ type: SeatSource, required: true, description: 'The seat pool.' }),
    recipient: t.field({
      type: SeatRecipient,
      required: true,
      description: 'The recipient of the seat.',
    }),
    metadata: t.field({
      type: 'JSONObject',
      description: 'Custom data to store with the seat: at most 10 keys and 1 KB.',
    }),
    immediateClaim: t.boolean({
      defaultValue: false,
      description: 'Whether the seat is claimed immediately, without an invitation.',
    }),
  }),
});

builder.mutationField('assignSeat', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `Assigns a seat to a person. The person gets an invitation by e-mail and has 24 hours to claim the seat. ${MANAGING}`,
    args: {
      input: t.arg({
        type: AssignSeatInput,
        required: true,
        description: 'The seat pool and the recipient.',
      }),
    },
    errors: {
      dataField: { name: 'seat', description: 'The seat after the change.' },
      union: { description: 'Result of `assignSeat`.' },
      result: { description: 'The seat was assigned.' },
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
    resolve: (_root, { input }, ctx) => {
      const assign = (source: SeatSourceInput) =>
        assignSeat(ctx, {
          source,
          recipient: toRecipient(input.recipient),
          metadata: toMetadata(input.metadata),
          immediateClaim: input.immediateClaim ?? false,
        });
      const external = externalIdOf(input.source);
      return external === undefined
        ? assign(toSource(input.source))
        : requirePoolByExternalId(ctx, external).then(assign);
    },
  }),
);
