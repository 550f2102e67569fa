import type { SeatUsage as Usage } from '../../seats/read/usage.ts';
import { builder } from '../builder.ts';

/** The usage of seats. It has an id, so that client caches can store and update it. */
export const SeatUsage = builder.objectRef<Usage>('SeatUsage').implement({
  description: 'How the seats of a pool, or of several pools, are used.',
  fields: t => ({
    id: t.expose('id', {
      type: 'ID',
      description: 'The id of the pool, the customer or the organization.',
    }),
    total: t.exposeInt('total', { description: 'The number of seats that were bought.' }),
    available: t.exposeInt('available', {
      description: 'The number of free seats. A seat with an expired invitation is not free.',
    }),
    pending: t.exposeInt('pending', {
      description: 'The number of seats that are assigned and not claimed.',
    }),
    expiredInvitations: t.exposeInt('expiredInvitations', {
      description: 'The number of pending seats whose invitation has expired.',
    }),
    claimed: t.exposeInt('claimed', { description: 'The number of claimed seats.' }),
    overage: t.exposeInt('overage', {
      description: 'The number of pending and claimed seats beyond those that were bought.',
    }),
    utilization: t.float({
      description:
        'Pending and claimed seats divided by bought seats: 0 if no seat was bought, more than 1 with overage.',
      resolve: ({ total, pending, claimed }) => (total === 0 ? 0 : (pending + claimed) / total),
    }),
  }),
});
