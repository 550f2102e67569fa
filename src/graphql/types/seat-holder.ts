import type { SeatHolder as Holder } from '../../seats/view.ts';
import { builder } from '../builder.ts';

/** The holder of a seat, as a value. */
export const SeatHolder = builder.objectRef<Holder>('SeatHolder').implement({
  description: 'The person who holds or held a seat, as they were at that time.',
  fields: t => ({
    email: t.expose('email', {
      type: 'EmailAddress',
      nullable: true,
      description: 'The e-mail address.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'The display name.' }),
    memberId: t.expose('memberId', {
      type: 'ID',
      nullable: true,
      description: "The member's id. The member may no longer exist.",
    }),
    customerId: t.expose('customerId', {
      type: 'ID',
      nullable: true,
      description: "The customer's id, in an organization without the member model.",
    }),
  }),
});
