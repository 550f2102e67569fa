import { builder } from '../builder.ts';

/** The tenant. */
export const Organization = builder.prismaObject('Organization', {
  name: 'Organization',
  fields: t => ({
    id: t.expose('id', { type: 'UUID' }),
    slug: t.exposeString('slug'),
    name: t.exposeString('name'),
    seatBasedPricingEnabled: t.exposeBoolean('seatBasedPricingEnabled'),
    memberModelEnabled: t.exposeBoolean('memberModelEnabled'),
  }),
});
