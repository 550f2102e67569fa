import { queryFromInfo } from '@pothos/plugin-prisma';
import * as errors from '../../seats/errors.ts';
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
    resolve: async (_root, { input }, ctx, info) => {
      const revoked = await revokeSeat(ctx, input.seatId);
      const { organizationId, id } = revoked;
      // Prisma takes no empty selection, which is what `__typename` alone would amount to.
      const selection = queryFromInfo({ context: ctx, info, select: { id: true } });
      const row = await ctx.db.customerSeat.findUniqueOrThrow({
        ...selection,
        where: { organizationId_id: { organizationId, id } },
      });
      // The row leads to what else is selected; who held the seat only the verb still knows.
      return { ...row, ...revoked };
    },
  }),
);
