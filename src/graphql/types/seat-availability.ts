import { builder } from '../builder.ts';

/** Whether a pool has a seat to assign, in the enum style of GraphQL. */
export const SeatAvailability = builder.enumType('SeatAvailability', {
  description: 'Whether a seat pool has a seat to assign, and if not, why.',
  values: {
    AVAILABLE: { value: 'available', description: 'A seat can be assigned.' },
    FULL: { value: 'full', description: 'All seats are assigned.' },
    NOT_PAID: { value: 'not_paid', description: 'The subscription or order is not paid yet.' },
    ENDED: { value: 'ended', description: 'The subscription or order has ended.' },
    NOT_SOLD_BY_SEAT: {
      value: 'not_sold_by_seat',
      description: 'The subscription or order is not sold by the seat.',
    },
  } as const,
});
