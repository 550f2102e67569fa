import './errors.ts';
import './scalars.ts';
import './types/customer.ts';
import './types/customer-order.ts';
import './types/customer-seat.ts';
import './types/customer-subscription.ts';
import './types/mail.ts';
import './types/member.ts';
import './types/organization.ts';
import './types/product.ts';
import './types/seat-pool.ts';
import './types/claimed-subscriptions.ts';
import './types/seat-claim-info.ts';
import './types/viewer.ts';
import './types/webhook-delivery.ts';
import './types/webhook-endpoint.ts';
import './mutations/assign-seat.ts';
import './mutations/claim-seat.ts';
import './mutations/create-customer-session.ts';
import './mutations/create-webhook-endpoint.ts';
import './mutations/delete-webhook-endpoint.ts';
import './mutations/disable-webhook-endpoint.ts';
import './mutations/enable-webhook-endpoint.ts';
import './mutations/redeliver-webhook.ts';
import './mutations/remove-member.ts';
import './mutations/resend-seat-invitation.ts';
import './mutations/revoke-seat.ts';
import './mutations/rotate-webhook-secret.ts';
import './mutations/send-test-webhook.ts';
import './mutations/update-member.ts';
import './mutations/update-organization-settings.ts';
import './mutations/update-webhook-endpoint.ts';
import { builder } from './builder.ts';

builder.queryType({ description: 'What can be read.' });
builder.mutationType({ description: 'What can be changed.' });

/** The executable schema. */
export const schema = builder.toSchema();
