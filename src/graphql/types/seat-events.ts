import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import { mayRead, requireSeatReader, sessionCustomerOf } from '../../auth/access.ts';
import type { Ctx } from '../../context.ts';
import {
  countSeatEvents,
  type SeatEventFilter as Filter,
  readSeatEvents,
} from '../../seats/read/seat-events.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { ORGANIZATION_ARGUMENT, readableOrganization } from '../organization-argument.ts';
import { inTime, pageBy, pageComplexity, requireValues } from '../pages.ts';
import {
  EVENT_PLACE,
  eventList,
  SeatEvent,
  SeatEventConnection,
  SeatEventType,
} from './seat-history.ts';
import { SeatPool } from './seat-pool.ts';

const SeatEventFilter = builder.inputType('SeatEventFilter', {
  description:
    'Conditions for events: an event has to meet all of them. An empty list is an error, and a list has at most 100 values.',
  fields: t => ({
    type: t.field({ type: [SeatEventType], description: 'The types.' }),
    seatIds: t.field({ type: ['ID'], description: 'The seats.' }),
    poolIds: t.field({ type: ['ID'], description: 'The subscriptions and orders.' }),
    customerId: t.field({
      type: 'ID',
      description: 'The customer whose subscriptions and orders the seats are from.',
    }),
  }),
});

const EVENT_LIST = builder.args(t => ({
  filter: t.field({
    type: SeatEventFilter,
    description: 'Returns only events that meet these conditions.',
  }),
}));

interface Arguments extends DefaultConnectionArguments {
  filter?: typeof SeatEventFilter.$inferInput | null;
}

/** Returns a page of an organization's events, from newest to oldest. */
function pageOfEvents(
  ctx: Ctx,
  { filter: input, ...args }: Arguments,
  organizationId: string,
  within: Pick<Filter, 'poolIds' | 'customerId'>,
) {
  for (const name of ['type', 'seatIds', 'poolIds'] as const) {
    requireValues(`filter.${name}`, input?.[name]);
  }
  const query = { organizationId, filter: { ...input, ...narrow(input, within) } };
  return pageBy(
    EVENT_PLACE,
    args,
    eventList(organizationId),
    part => readSeatEvents(ctx.sql, query, inTime(part, 'newest first')),
    () => countSeatEvents(ctx.sql, query),
  );
}

/** Restricts a filter to a pool or a customer. */
function narrow(
  input: Arguments['filter'],
  { poolIds, customerId }: Pick<Filter, 'poolIds' | 'customerId'>,
): Pick<Filter, 'poolIds' | 'customerId'> {
  const named = input?.poolIds;
  const isForeign = customerId && input?.customerId && input.customerId !== customerId;
  return {
    ...(poolIds && { poolIds: named ? poolIds.filter(id => named.includes(id)) : poolIds }),
    ...(customerId && { customerId }),
    ...(isForeign && { poolIds: [] }),
  };
}

builder.interfaceField(SeatPool, 'seatEvents', t =>
  t.connection(
    {
      type: SeatEvent,
      nullable: true,
      description:
        'The events of its seats, from newest to oldest; null if you are not allowed to see them. `first` is at most 100.',
      args: EVENT_LIST,
      complexity: pageComplexity,
      resolve: (pool, args, ctx) =>
        mayRead(ctx.actor, pool)
          ? pageOfEvents(ctx, args, pool.organizationId, { poolIds: [pool.id] })
          : null,
    },
    SeatEventConnection,
  ),
);

builder.queryField('seatEvents', t =>
  t.connection(
    {
      type: SeatEvent,
      nullable: true,
      description: `The events of the seats of an organization, from newest to oldest; for a session, those of its customer's subscriptions and orders. Null if you are not allowed to see them. An event appears only after all transactions have ended that began to write before it, so that a reader who follows the list misses none. \`first\` is at most 100. ${READING}`,
      args: { ...EVENT_LIST, organizationId: t.arg(ORGANIZATION_ARGUMENT) },
      complexity: pageComplexity,
      resolve: (_root, { organizationId: named, ...args }, ctx) => {
        const actor = requireSeatReader(ctx.actor);
        const organizationId = readableOrganization(actor, named);
        if (organizationId === undefined) return null;
        const customerId = sessionCustomerOf(actor);
        return pageOfEvents(ctx, args, organizationId, customerId === null ? {} : { customerId });
      },
    },
    SeatEventConnection,
  ),
);
