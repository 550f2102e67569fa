import * as errors from '../../domain/errors.ts';
import { revokeSeat } from '../../seats/revoke.ts';
import { builder } from '../builder.ts';
import { MANAGING } from '../descriptions.ts';
import { CustomerSeat } from '../types/customer-seat.ts';

const RevokeSeatInput = builder.inputType('RevokeSeatInput', {
  description: 'Which seat is taken back.',
  fields: t => ({
    seatId: t.field({ type: 'UUID', required: true, description: 'The seat.' }),
  }),
});

builder.mutationField('revokeSeat', t =>
  t.field({
    type: CustomerSeat,
    nullable: true,
    description: `Takes a seat from its holder, or withdraws its invitation, and frees its place. A revoked seat is answered as it is. ${MANAGING}`,
    args: {
      input: t.arg({ type: RevokeSeatInput, required: true, description: 'What to revoke.' }),
    },
    errors: {
      dataField: { name: 'seat', description: 'The seat as it is now.' },
      union: { description: 'The seat, or why it stays.' },
      result: { description: 'The seat is revoked.' },
      types: [errors.FeatureNotEnabled, errors.ResourceNotFound, errors.NotPermitted],
    },
    resolve: (_root, { input }, ctx) => revokeSeat(ctx, input.seatId),
  }),
);
