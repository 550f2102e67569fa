import { z } from 'zod';
import { type SeatEvent as Event, historyLength, readHistory } from '../../seats/read/history.ts';
import type { EventPlace } from '../../seats/read/seat-events.ts';
import type { SeatHolder as Holder } from '../../seats/view.ts';
import { builder } from '../builder.ts';
import { cursorOf, inTime, type Position, pageBy, pageComplexity } from '../pages.ts';
import { selectionOf } from '../seat-selection.ts';
import { Actor } from './actor.ts';
import { CustomerSeat, SeatStatus } from './customer-seat.ts';
import { SeatHolder } from './seat-holder.ts';
import { readablePool, SeatPool } from './seat-pool.ts';

/** The position of an event among those of its organization, in every filtered list. */
export const EVENT_PLACE: Position<Event, EventPlace> = {
  of: ({ transactionId, sequence }) => [transactionId, sequence],
  parse: z
    .tuple([z.string().regex(/^\d{1,18}$/), z.string().regex(/^\d{1,18}$/)])
    .transform(([transactionId, sequence]) => ({ transactionId, sequence })),
};

/** The name of the list of an organization's events. */
export const eventList = (organizationId: string) => ['seatEvents', organizationId];

/** The types of the events of seats. */
export const SeatEventType = builder.enumType('SeatEventType', {
  description: 'Type of a seat event.',
  values: {
    ASSIGNED: { value: 'customer_seat.assigned', description: 'The seat was assigned.' },
    CLAIMED: { value: 'customer_seat.claimed', description: 'The seat was claimed.' },
    REVOKED: { value: 'customer_seat.revoked', description: 'The seat was revoked.' },
    INVITATION_RESENT: {
      value: 'customer_seat.invitation_resent',
      description: 'The holder got a new invitation.',
    },
    UPDATED: { value: 'customer_seat.updated', description: 'The data of the seat was changed.' },
  } as const,
});

/** An event of a seat. */
export const SeatEvent = builder.objectRef<Event>('SeatEvent').implement({
  description: 'A change of a seat, recorded in the transaction of the change.',
  fields: t => ({
    id: t.expose('id', {
      type: 'ID',
      description: "The event's id, and the `webhook-id` of its deliveries.",
    }),
    cursor: t.string({
      description:
        'The position of the event among the events of the organization, for `after` and `before` of `seatEvents`.',
      resolve: event => cursorOf(EVENT_PLACE.of(event), eventList(event.organizationId)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it happened.' }),
    type: t.expose('type', { type: SeatEventType, description: 'What happened.' }),
    seatId: t.expose('seatId', { type: 'ID', description: "The seat's id." }),
    seat: t.field({
      type: CustomerSeat,
      nullable: true,
      description: 'The seat as it is now.',
      resolve: ({ organizationId, seatId: id }, _args, ctx, info) =>
        ctx.seats.seat({ organizationId, id, selection: selectionOf(info, 'seat') }),
    }),
    pool: t.field({
      type: SeatPool,
      nullable: true,
      description: 'The subscription or order of the seat; null if you are not allowed to see it.',
      resolve: ({ organizationId, payload }, _args, ctx) => {
        const { subscription_id: subscriptionId, order_id: orderId } = payload;
        return readablePool(ctx, { organizationId, subscriptionId, orderId });
      },
    }),
    status: t.field({
      type: SeatStatus,
      description: 'The status of the seat after the event.',
      resolve: ({ payload }) => payload.status,
    }),
    holder: t.field({
      type: SeatHolder,
      description: 'The holder after the event; for a revocation, the former holder.',
      resolve: ({ payload }) => holderIn(payload),
    }),
    actor: t.expose('actor', { type: Actor, description: 'Who did it.' }),
  }),
});

/** Returns the holder that an event's payload names. */
function holderIn({ customer_email, member, customer_id }: Event['payload']): Holder {
  return {
    email: customer_email,
    name: member?.name ?? null,
    memberId: member?.id ?? null,
    // With the member model, the customer is the billing customer, whose member the holder is.
    customerId: member?.customer_id === customer_id ? null : customer_id,
  };
}

/** A page of events. */
export const SeatEventConnection = builder.connectionObject({
  type: SeatEvent,
  name: 'SeatEventConnection',
  description: 'A page of seat events.',
});

const SEQUENCE: Position<Event, string> = {
  of: ({ sequence }) => [sequence],
  parse: z.tuple([z.string().regex(/^\d{1,18}$/)]).transform(([sequence]) => sequence),
};

builder.prismaObjectField('CustomerSeat', 'history', t =>
  t.connection(
    {
      type: SeatEvent,
      nullable: true,
      description:
        'The events of the seat, from oldest to newest, with who caused them; null if you are not allowed to see them. `first` is at most 100.',
      complexity: pageComplexity,
      resolve: async (seat, args, ctx) => {
        const { sql } = ctx;
        const { organizationId, id } = seat;
        if ((await readablePool(ctx, seat)) === null) return null;
        return await pageBy(
          SEQUENCE,
          args,
          ['history', organizationId, id],
          page => readHistory(sql, { organizationId, id }, inTime(page, 'oldest first')),
          () => historyLength(sql, { organizationId, id }),
        );
      },
    },
    SeatEventConnection,
  ),
);
