import './errors.ts';
import './scalars.ts';
import './types/customer.ts';
import './types/customer-order.ts';
import './types/customer-seat.ts';
import './types/customer-subscription.ts';
import './types/member.ts';
import './types/organization.ts';
import './types/product.ts';
import './types/seat-pool.ts';
import './types/claimed-subscriptions.ts';
import './types/seat-claim-info.ts';
import './types/viewer.ts';
import './mutations/assign-seat.ts';
import './mutations/claim-seat.ts';
import './mutations/create-customer-session.ts';
import './mutations/resend-seat-invitation.ts';
import './mutations/revoke-seat.ts';
import { builder } from './builder.ts';

builder.queryType({ description: 'What can be read.' });
builder.mutationType({ description: 'What can be changed.' });

/** The executable schema. */
export const schema = builder.toSchema();
