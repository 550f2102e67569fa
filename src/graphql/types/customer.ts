import type { Ctx } from '../../context.ts';
import { builder } from '../builder.ts';

/** Who buys. */
export const Customer = builder.prismaObject('Customer', {
  name: 'Customer',
  fields: t => ({
    id: t.expose('id', { type: 'UUID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    name: t.exposeString('name', { nullable: true }),
    externalId: t.exposeString('externalId', { nullable: true }),
  }),
});

/** The customer that a row belongs to. Prisma asks for those of a whole page at once. */
export function findCustomer(
  ctx: Ctx,
  { organizationId, customerId }: { organizationId: string; customerId: string },
) {
  const where = { organizationId_id: { organizationId, id: customerId } };
  return ctx.db.customer.findUnique({ where });
}
