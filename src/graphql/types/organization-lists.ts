import {
  mayReadSeats,
  organizationsInReach,
  ownedBy,
  requireSeatReader,
} from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import type { Customer as CustomerRow } from '../../db/generated/prisma/client.ts';
import { Unauthenticated } from '../../domain/errors.ts';
import { countPeople, findPeople } from '../../organizations/find-people.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { ORGANIZATION_ARGUMENT, readableOrganization } from '../organization-argument.ts';
import { pageComplexity, pageOfFound, pageOfRows } from '../pages.ts';
import { requireSearch } from '../search.ts';
import { Customer } from './customer.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSeat } from './customer-seat.ts';
import { CustomerSubscription } from './customer-subscription.ts';
import { Organization } from './organization.ts';
import {
  OrderConnection,
  POOL_LIST,
  pageOfOrders,
  pageOfSubscriptions,
  SubscriptionConnection,
} from './pool-connections.ts';
import { pageOfSeats, SEAT_LIST, SeatConnection } from './seat-connection.ts';
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

/**
 * Returns the scope of the seats of an organization that the caller can see: all, or those of its own customer; undefined
 * for none.
 */
function scopeOf(ctx: Ctx, organizationId: string) {
  const where = rowsOf(ctx, organizationId);
  if (where === undefined) return undefined;
  const { customerId } = where;
  return customerId === undefined
    ? ({ of: 'organization', organizationId, id: organizationId } as const)
    : ({ of: 'customer', organizationId, id: customerId } as const);
}

/** Names a list by its owner, for its cursors. */
const listOf = (name: string, where: { organizationId: string; customerId?: string }) => [
  name,
  where.organizationId,
  where.customerId,
];

const CustomerFilter = builder.inputType('CustomerFilter', {
  description: 'Conditions for customers.',
  fields: t => ({
    search: t.string({
      description:
        'A part of the e-mail address, name or external id, ignoring case: at least three characters, two of them letters or digits.',
    }),
  }),
});

builder.prismaObjectFields('Organization', t => ({
  customers: t.connection(
    {
      type: Customer,
      nullable: true,
      description:
        'The customers, from oldest to newest; a session sees only its own. Null if you are not allowed to see them. `first` is at most 100.',
      args: {
        filter: t.arg({
          type: CustomerFilter,
          description: 'Returns only customers who meet these conditions.',
        }),
      },
      complexity: pageComplexity,
      resolve: (organization, { filter: input, ...args }, ctx, info) => {
        const where = rowsOf(ctx, organization.id);
        if (where === undefined) return null;
        const { customerId, ...others } = where;
        const customers = { ...others, ...(customerId !== undefined && { id: customerId }) };
        const request = { args, ctx, info, type: 'Customer', list: listOf('customers', where) };
        const search = requireSearch('filter.search', input?.search);
        if (search === undefined) {
          return pageOfRows<CustomerRow>(
            request,
            ({ beyond, ...page }) =>
              ctx.db.customer.findMany({ ...page, where: { ...customers, AND: beyond } }),
            () => ctx.db.customer.count({ where: customers }),
          );
        }
        const { organizationId } = where;
        const query = {
          of: 'customers',
          organizationId,
          id: customerId,
          filter: { search },
        } as const;
        return pageOfFound<CustomerRow>(
          { ...request, list: [...request.list, search] },
          part => findPeople(ctx.sql, query, part),
          ({ where: found, ...page }) =>
            ctx.db.customer.findMany({ ...page, where: { AND: [customers, found] } }),
          () => countPeople(ctx.sql, query),
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
      args: POOL_LIST,
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
      args: POOL_LIST,
      complexity: pageComplexity,
      resolve: (organization, args, ctx, info) => {
        const where = rowsOf(ctx, organization.id);
        if (where === undefined) return null;
        return pageOfOrders(ctx, args, info, listOf('orders', where), where);
      },
    },
    OrderConnection,
  ),
  seats: t.connection(
    {
      type: CustomerSeat,
      nullable: true,
      description:
        "The seats of all pools, including revoked ones; for a session, those of its customer's pools. Null if you are not allowed to see them. `first` is at most 100.",
      args: SEAT_LIST,
      complexity: pageComplexity,
      resolve: ({ id }, args, ctx, info) => {
        const scope = scopeOf(ctx, id);
        return scope === undefined ? null : pageOfSeats(ctx, args, info, scope);
      },
    },
    SeatConnection,
  ),
  usage: t.field({
    type: SeatUsage,
    nullable: true,
    description:
      "How the seats of all pools are used; for a session, those of its customer's pools. Null if you are not allowed to see it.",
    // The field reads every pool.
    complexity: 100,
    resolve: ({ id: organizationId }, _args, ctx) => {
      const scope = scopeOf(ctx, organizationId);
      return scope === undefined ? null : ctx.seats.usage(scope, ctx.now());
    },
  }),
}));

builder.queryField('organization', t =>
  t.prismaField({
    type: Organization,
    nullable: true,
    description:
      'An organization by id; null if it does not exist or the token cannot access it. The id is required only if the token can act for several organizations.',
    args: { id: t.arg({ type: 'ID', description: "The organization's id." }) },
    resolve: async (query, _root, { id }, { actor, db }) => {
      if (actor.kind === 'anonymous') throw new Unauthenticated();
      const wanted = readableOrganization(actor, id, 'id');
      if (wanted === undefined) return null;
      return await db.organization.findUnique({ ...query, where: { id: wanted } });
    },
  }),
);

builder.queryField('customerSeats', t =>
  t.connection(
    {
      type: CustomerSeat,
      nullable: true,
      description: `The seats of all pools of an organization, including revoked ones; for a session, those of its customer's pools. Null if you are not allowed to see them. \`first\` is at most 100. ${READING}`,
      args: { ...SEAT_LIST, organizationId: t.arg(ORGANIZATION_ARGUMENT) },
      complexity: pageComplexity,
      resolve: (_root, { organizationId: named, ...args }, ctx, info) => {
        const organizationId = readableOrganization(requireSeatReader(ctx.actor), named);
        const scope = organizationId === undefined ? undefined : scopeOf(ctx, organizationId);
        return scope === undefined ? null : pageOfSeats(ctx, args, info, scope);
      },
    },
    SeatConnection,
  ),
);
