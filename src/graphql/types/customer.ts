import { requireSeatReader, sessionCustomerOf } from '../../auth/access.ts';
import type { Db, Prisma } from '../../db/client.ts';
import { isStorable } from '../../domain/storable-text.ts';
import { parseEmail } from '../../email/parse-email.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { ORGANIZATION_ARGUMENT, readableOrganization } from '../organization-argument.ts';

/** A customer, who buys seats. */
export const Customer = builder.prismaObject('Customer', {
  name: 'Customer',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    name: t.exposeString('name', { nullable: true }),
    externalId: t.exposeString('externalId', { nullable: true }),
  }),
});

const CustomerLookup = builder.inputType('CustomerLookupInput', {
  description: 'A customer: exactly one of these fields.',
  isOneOf: true,
  fields: t => ({
    id: t.field({ type: 'ID', description: "The customer's id." }),
    externalId: t.string({ description: "The customer's id in the organization's own system." }),
    email: t.string({ description: "The customer's e-mail address, ignoring case." }),
  }),
});

builder.queryField('customer', t =>
  t.prismaField({
    type: Customer,
    nullable: true,
    description: `A customer; null if it does not exist or you are not allowed to see it. ${READING}`,
    args: {
      by: t.arg({ type: CustomerLookup, required: true, description: 'The customer.' }),
      organizationId: t.arg(ORGANIZATION_ARGUMENT),
    },
    resolve: async (query, _root, { by, organizationId: named }, ctx) => {
      const actor = requireSeatReader(ctx.actor);
      const organizationId = readableOrganization(actor, named);
      const own = sessionCustomerOf(actor);
      if (organizationId === undefined) return null;
      const condition = await conditionOf(ctx.db, organizationId, by);
      if (condition === undefined) return null;
      return await ctx.db.customer.findFirst({
        ...query,
        where: {
          ...condition,
          organizationId,
          deletedAt: null,
          ...(own !== null && { AND: { id: own } }),
        },
      });
    },
  }),
);

/** Returns the condition for a customer; undefined if nobody can have this id or address. */
async function conditionOf(
  db: Db,
  organizationId: string,
  { id, externalId, email }: typeof CustomerLookup.$inferInput,
): Promise<Prisma.CustomerWhereInput | undefined> {
  if (id) return { id };
  if (typeof externalId === 'string') return isStorable(externalId) ? { externalId } : undefined;
  const parsed = parseEmail(email ?? '');
  if (!parsed.ok) return undefined;
  // Prisma compares case-insensitively by ILIKE, which uses no index.
  const [found] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM customers
     WHERE organization_id = ${organizationId}::uuid AND lower(email) = lower(${parsed.email}) AND deleted_at IS NULL`;
  return found;
}
