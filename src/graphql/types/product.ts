import type { Ctx } from '../../context.ts';
import { builder } from '../builder.ts';

/** What is sold. */
export const Product = builder.prismaObject('Product', {
  name: 'Product',
  fields: t => ({
    id: t.expose('id', { type: 'UUID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    name: t.exposeString('name'),
  }),
});

/** The product of a pool that has one. Prisma asks for those of a whole page at once. */
export function getProduct(
  ctx: Ctx,
  { organizationId, productId }: { organizationId: string; productId: string },
) {
  const where = { organizationId_id: { organizationId, id: productId } };
  return ctx.db.product.findUniqueOrThrow({ where });
}
