import { z } from 'zod';
import { components, record, timestamp, uuid } from './components.ts';

const never = (what: string) => z.null().describe(`${what} Always null in usher.`);

const customer = z
  .object({
    ...record,
    metadata: z.record(z.string(), z.unknown()).describe('Metadata. Always empty in usher.'),
    external_id: z.string().nullable().describe('Your own id of the customer.'),
    email: z.string().nullable().describe('The e-mail address; null for a team without one.'),
    email_verified: z
      .boolean()
      .describe('Whether the address was verified. Always false in usher.'),
    type: z.enum(['individual', 'team']).describe('An individual person or a team of members.'),
    name: z.string().nullable().describe('The name.'),
    billing_name: never('The name on invoices.'),
    billing_address: never('The address on invoices.'),
    tax_id: never('The tax id.'),
    locale: never('The locale.'),
    organization_id: uuid.describe('The organization of the customer.'),
    default_payment_method_id: never('The default payment method.'),
    deleted_at: timestamp.nullable().describe('When it was deleted. Always null in usher.'),
    avatar_url: z.string().nullable().describe('The Gravatar URL of the e-mail address.'),
    first_user_event_at: z
      .null()
      .describe('When the first usage event occurred. Always null in usher.'),
  })
  .describe('A customer.')
  .register(components, { id: 'Customer' });

/** A new session with its token. */
export const customerSession = z
  .object({
    ...record,
    token: z.string().describe('The bearer token. It is shown only here; usher stores its hash.'),
    expires_at: timestamp.describe('When the session expires: one hour after its creation.'),
    return_url: z.string().nullable().describe('The address to which the portal links back.'),
    customer_portal_url: z.string().describe('The address of the portal.'),
    customer_id: uuid.describe('The customer of the session.'),
    customer,
  })
  .describe('A session of one hour in the customer portal, for a customer or a member.')
  .register(components, { id: 'CustomerSession' });
