import { createHash } from 'node:crypto';
import { requireSessionManager } from '../auth/access.ts';
import { timestamp, timestampOrNull } from '../seats/view.ts';
import {
  type CustomerSessionView,
  createCustomerSession,
} from '../sessions/create-customer-session.ts';
import { parseCustomerSession } from './customer-session-body.ts';
import { json } from './errors.ts';
import { createCustomerSession as docs } from './openapi/session-operations.ts';
import { adminCtx, type Route, readBody } from './routing.ts';

/** Endpoint that creates portal sessions for the customers of an integration. */
export const customerSessionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/customer-sessions/',
    docs,
    async handler(c) {
      const body = await readBody(c);
      const ctx = adminCtx(c);
      requireSessionManager(ctx.actor);
      const { returnUrl, ...input } = parseCustomerSession(body);
      const view = await createCustomerSession(ctx, input);
      return json(representSession(view, returnUrl, ctx.publicUrl), 201);
    },
  },
];

function representSession(
  { session, customer }: CustomerSessionView,
  returnUrl: string | null,
  publicUrl: string,
) {
  return {
    created_at: timestamp(session.createdAt),
    modified_at: null,
    id: session.id,
    token: session.token,
    expires_at: timestamp(session.expiresAt),
    return_url: returnUrl,
    // The organization's portal, if the request gave its address, or else this server.
    customer_portal_url: returnUrl ?? publicUrl,
    customer_id: customer.id,
    customer: representCustomer(customer),
  };
}

function representCustomer(customer: CustomerSessionView['customer']) {
  return {
    id: customer.id,
    created_at: timestamp(customer.createdAt),
    modified_at: timestampOrNull(customer.modifiedAt),
    metadata: {},
    external_id: customer.externalId,
    email: customer.email,
    email_verified: false,
    type: customer.email === null ? 'team' : 'individual',
    name: customer.name,
    billing_name: null,
    billing_address: null,
    tax_id: null,
    locale: null,
    organization_id: customer.organizationId,
    default_payment_method_id: null,
    deleted_at: null,
    avatar_url: customer.email === null ? null : gravatar(customer.email),
    first_user_event_at: null,
  };
}

/** Returns the Gravatar URL, as the reference does. Older clients require one. */
function gravatar(email: string): string {
  const hash = createHash('sha256').update(email.trim().toLowerCase()).digest('hex');
  return `https://www.gravatar.com/avatar/${hash}?d=404`;
}
