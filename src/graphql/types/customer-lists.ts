import { mayRead, mayReadSeats } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import type { Member as MemberRow } from '../../db/generated/prisma/client.ts';
import { countPeople, findPeople } from '../../organizations/find-people.ts';
import { builder } from '../builder.ts';
import { pageComplexity, pageOfFound, pageOfRows, requireFilter } from '../pages.ts';
import { requireSearch } from '../search.ts';
import { CustomerOrder } from './customer-order.ts';
import { CustomerSeat } from './customer-seat.ts';
import { CustomerSubscription } from './customer-subscription.ts';
import { Member, MemberRole } from './member.ts';
import {
  OrderConnection,
  POOL_LIST,
  pageOfOrders,
  pageOfSubscriptions,
  SubscriptionConnection,
} from './pool-connections.ts';
import { pageOfSeats, SEAT_LIST, SeatConnection } from './seat-connection.ts';
import { SeatUsage } from './seat-usage.ts';

// The lists of a customer. Their types refer to the customer in turn, so they are defined first.

const MemberConnection = builder.connectionObject({
  type: Member,
  name: 'MemberConnection',
  description: 'A page of members, from oldest to newest.',
});

type Row = { organizationId: string; id: string };

/** Returns the condition for the rows of a customer; undefined if the caller is not allowed to see them. */
function rowsOf({ actor }: Ctx, { organizationId, id: customerId }: Row) {
  const isAllowed = mayReadSeats(actor) && mayRead(actor, { organizationId, customerId });
  return isAllowed ? { organizationId, customerId, deletedAt: null } : undefined;
}

const MemberFilter = builder.inputType('MemberFilter', {
  description: 'Conditions for members: a member has to meet all of them.',
  fields: t => ({
    search: t.string({
      description:
        'A part of the e-mail address, name or external id, ignoring case: at least three characters, two of them letters or digits.',
    }),
    role: t.field({ type: [MemberRole], description: 'The roles; an empty list is an error.' }),
    hasSeat: t.boolean({ description: 'Whether the member holds a live seat.' }),
  }),
});

builder.prismaObjectFields('Customer', t => ({
  members: t.connection(
    {
      type: Member,
      nullable: true,
      description:
        "The customer's members, from oldest to newest; null if you are not allowed to see them. `first` is at most 100.",
      args: {
        filter: t.arg({
          type: MemberFilter,
          description: 'Returns only members who meet these conditions.',
        }),
      },
      complexity: pageComplexity,
      resolve: (customer, { filter: input, ...args }, ctx, info) => {
        const where = rowsOf(ctx, customer);
        if (where === undefined) return null;
        const request = { args, ctx, info, type: 'Member', list: ['members', customer.id] };
        if (!input) {
          return pageOfRows<MemberRow>(
            request,
            ({ beyond, ...page }) =>
              ctx.db.member.findMany({ ...page, where: { ...where, AND: beyond } }),
            () => ctx.db.member.count({ where }),
          );
        }
        requireFilter('filter.role', input.role);
        const filter = { ...input, search: requireSearch('filter.search', input.search) };
        const { organizationId, customerId } = where;
        const query = { of: 'members', organizationId, customerId, filter } as const;
        return pageOfFound<MemberRow>(
          { ...request, list: [...request.list, JSON.stringify(filter)] },
          part => findPeople(ctx.sql, query, part),
          ({ where: found, ...page }) =>
            ctx.db.member.findMany({ ...page, where: { ...where, ...found } }),
          () => countPeople(ctx.sql, query),
        );
      },
    },
    MemberConnection,
  ),
  subscriptions: t.connection(
    {
      type: CustomerSubscription,
      nullable: true,
      description:
        "The customer's subscriptions, from oldest to newest; null if you are not allowed to see them. `first` is at most 100.",
      args: POOL_LIST,
      complexity: pageComplexity,
      resolve: (customer, args, ctx, info) => {
        const where = rowsOf(ctx, customer);
        if (where === undefined) return null;
        return pageOfSubscriptions(ctx, args, info, ['subscriptions', customer.id], where);
      },
    },
    SubscriptionConnection,
  ),
  orders: t.connection(
    {
      type: CustomerOrder,
      nullable: true,
      description:
        "The customer's orders, from oldest to newest; null if you are not allowed to see them. `first` is at most 100.",
      args: POOL_LIST,
      complexity: pageComplexity,
      resolve: (customer, args, ctx, info) => {
        const where = rowsOf(ctx, customer);
        if (where === undefined) return null;
        return pageOfOrders(ctx, args, info, ['orders', customer.id], where);
      },
    },
    OrderConnection,
  ),
  seats: t.connection(
    {
      type: CustomerSeat,
      nullable: true,
      description:
        "The seats of all the customer's pools, including revoked ones; null if you are not allowed to see them. `first` is at most 100.",
      args: SEAT_LIST,
      complexity: pageComplexity,
      resolve: (customer, args, ctx, info) => {
        if (rowsOf(ctx, customer) === undefined) return null;
        const { organizationId, id } = customer;
        return pageOfSeats(ctx, args, info, { of: 'customer', organizationId, id });
      },
    },
    SeatConnection,
  ),
  usage: t.field({
    type: SeatUsage,
    nullable: true,
    description:
      "How the seats of all the customer's pools are used; null if you are not allowed to see it.",
    resolve: ({ organizationId, id }, _args, ctx) =>
      rowsOf(ctx, { organizationId, id }) === undefined
        ? null
        : ctx.seats.usage({ of: 'customer', organizationId, id }, ctx.now()),
  }),
}));
