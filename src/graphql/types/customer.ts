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
