import { mayReadSeats, organizationsInReach, ownedBy } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import type { Customer as CustomerRow } from '../../db/generated/prisma/client.ts';
import { Unauthenticated } from '../../domain/errors.ts';
import { builder } from '../builder.ts';
import { readableOrganization } from '../organization-argument.ts';
import { pageComplexity, pageOfRows } from '../pages.ts';
import { Customer } from './customer.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSubscription } from './customer-subscription.ts';
import { Organization } from './organization.ts';
import {
  OrderConnection,
  pageOfOrders,
  pageOfSubscriptions,
  SubscriptionConnection,
} from './pool-connections.ts';
import { SeatUsage } from './seat-usage.ts';

const CustomerConnection = builder.connectionObject({
  type: Customer,
  name: 'CustomerConnection',
  description: 'A page of customers, from oldest to newest.',
});

/** Returns the tenant rule for rows of an organization's customers; undefined if the caller is not allowed to see them. */
function rowsOf({ actor }: Ctx, id: string) {
  if (!mayReadSeats(actor) || !organizationsInReach(actor).includes(id)) return undefined;
  return { ...ownedBy(actor), organizationId: id, deletedAt: null };
}

/** Whose rows a list has, for its cursors. */
const listOf = (name: string, where: { organizationId: string; customerId?: string }) => [
  name,
  where.organizationId,
  where.customerId,
];

builder.prismaObjectFields('Organization', t => ({
  customers: t.connection(
    {
      type: Customer,
      nullable: true,
      description:
        'The customers, from oldest to newest; a session sees only its own. Null if you are not allowed to see them. `first` is at most 100.',
      complexity: pageComplexity,
      resolve: (organization, args, ctx, info) => {
        const where = rowsOf(ctx, organization.id);
        if (where === undefined) return null;
        const { customerId, ...others } = where;
        const customers = { ...others, ...(customerId !== undefined && { id: customerId }) };
        return pageOfRows<CustomerRow>(
          { args, ctx, info, type: 'Customer', list: listOf('customers', where) },
          ({ beyond, ...page }) =>
            ctx.db.customer.findMany({ ...page, where: { ...customers, AND: beyond } }),
          () => ctx.db.customer.count({ where: customers }),
        );
      },
    },
    CustomerConnection,
  ),
  subscriptions: t.connection(
    {
      type: CustomerSubscription,
      nullable: true,
      description:
        "The subscriptions, from oldest to newest; a session sees only its customer's. Null if you are not allowed to see them. `first` is at most 100.",
      complexity: pageComplexity,
      resolve: (organization, args, ctx, info) => {
        const where = rowsOf(ctx, organization.id);
        if (where === undefined) return null;
        return pageOfSubscriptions(ctx, args, info, listOf('subscriptions', where), where);
      },
    },
    SubscriptionConnection,
  ),
  orders: t.connection(
    {
      type: CustomerOrder,
      nullable: true,
      description:
        "The orders, from oldest to newest; a session sees only its customer's. Null if you are not allowed to see them. `first` is at most 100.",
      complexity: pageComplexity,
      resolve: (organization, args, ctx, info) => {
        const where = rowsOf(ctx, organization.id);
        if (where === undefined) return null;
        return pageOfOrders(ctx, args, info, listOf('orders', where), where);
      },
    },
    OrderConnection,
  ),
  usage: t.field({
    type: SeatUsage,
    nullable: true,
    description:
      "How the seats of all pools are used; for a session, those of its customer's pools. Null if you are not allowed to see it.",
    // It reads every pool.
    complexity: 100,
    resolve: ({ id: organizationId }, _args, ctx) => {
      const where = rowsOf(ctx, organizationId);
      if (where === undefined) return null;
      const { customerId } = where;
      const scope =
        customerId === undefined
          ? ({ of: 'organization', organizationId, id: organizationId } as const)
          : ({ of: 'customer', organizationId, id: customerId } as const);
      return ctx.seats.usage(scope, ctx.now());
    },
  }),
}));

builder.queryField('organization', t =>
  t.prismaField({
    type: Organization,
    nullable: true,
    description:
      'An organization by id; null if it does not exist or the token cannot access it. The id is required only if the token can act for several organizations.',
    args: { id: t.arg({ type: 'UUID', description: "The organization's id." }) },
    resolve: async (query, _root, { id }, { actor, db }) => {
      if (actor.kind === 'anonymous') throw new Unauthenticated();
      const wanted = readableOrganization(actor, id, 'id');
      if (wanted === undefined) return null;
      return await db.organization.findUnique({ ...query, where: { id: wanted } });
    },
  }),
);
