import { builder } from '../builder.ts';

/** A product. */
export const Product = builder.prismaObject('Product', {
  name: 'Product',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    name: t.exposeString('name'),
    externalId: t.exposeString('externalId', { nullable: true }),
  }),
});
