import { createHash } from 'node:crypto';
import { z } from 'zod';
import { requireSessionMaker } from '../seats/access.ts';
import {
  type CustomerSessionView,
  createCustomerSession,
} from '../seats/create-customer-session.ts';
import { timestamp, timestampOrNull } from '../seats/view.ts';
import { json } from './errors.ts';
import { anyUuid, nullable, text } from './fields.ts';
import { parse } from './parse.ts';
import { adminCtx, type Route, readBody } from './routing.ts';
import { refuse, valueError } from './validation.ts';

/** The body that begins a session: a customer by one of two names, and a member by at most one of two. */
export const customerSessionBody = z
  .object({
    customer_id: nullable(anyUuid, { description: 'The customer.' }),
    external_customer_id: nullable(text, { description: 'The customer, by your own id.' }),
    member_id: nullable(anyUuid, {
      description: 'The member whose session it is; the owner, where you name none.',
    }),
    external_member_id: nullable(text, { description: 'The member, by your own id.' }),
    return_url: nullable(text, { description: 'Where the portal leads back to.' }),
  })
  .transform((fields, ctx) => ({
    customer: oneOf(
      ctx,
      fields.customer_id !== undefined && { customerId: fields.customer_id },
      fields.external_customer_id !== undefined && {
        externalCustomerId: fields.external_customer_id,
      },
      'Exactly one of customer_id or external_customer_id must be provided',
    ),
    member:
      fields.member_id === undefined && fields.external_member_id === undefined
        ? undefined
        : oneOf(
            ctx,
            fields.member_id !== undefined && { memberId: fields.member_id },
            fields.external_member_id !== undefined && {
              externalMemberId: fields.external_member_id,
            },
            'Cannot provide both external_member_id and member_id',
          ),
    returnUrl: fields.return_url ?? null,
  }));

function oneOf<A, B>(ctx: z.RefinementCtx, a: A | false, b: B | false, otherwise: string): A | B {
  if (a !== false && b === false) return a;
  if (b !== false && a === false) return b;
  return refuse(ctx, valueError(otherwise));
}

/** How an integration gets a portal token for one of its customers. */
export const customerSessionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/customer-sessions/',
    async handler(c) {
      const body = await readBody(c);
      const ctx = adminCtx(c);
      requireSessionMaker(ctx.actor);
      const { returnUrl, ...input } = parse(customerSessionBody, 'body', body);
      const view = await createCustomerSession(ctx, input);
      return json(representSession(view, returnUrl, new URL(c.req.url).origin), 201);
    },
  },
];

function representSession(
  { session, customer }: CustomerSessionView,
  returnUrl: string | null,
  origin: string,
) {
  return {
    created_at: timestamp(session.createdAt),
    modified_at: null,
    id: session.id,
    token: session.token,
    expires_at: timestamp(session.expiresAt),
    return_url: returnUrl,
    // The portal is the organization's own: its address where it gave one, or else this server's.
    customer_portal_url: returnUrl ?? origin,
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
  };
}

/** The picture's address as the reference gives it; older clients insist on one. */
function gravatar(email: string): string {
  const hash = createHash('sha256').update(email.trim().toLowerCase()).digest('hex');
  return `https://www.gravatar.com/avatar/${hash}?d=404`;
}
