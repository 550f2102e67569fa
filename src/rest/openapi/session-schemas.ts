import { z } from 'zod';
import { components, record, timestamp, uuid } from './components.ts';

const never = (what: string) => z.null().describe(`${what} Always null here.`);

const customer = z
  .object({
    ...record,
    metadata: z.record(z.string(), z.unknown()).describe('Free-form facts. Always empty here.'),
    external_id: z.string().nullable().describe('Your own id of the customer.'),
    email: z.string().nullable().describe('The e-mail address; a team may have none.'),
    email_verified: z.boolean().describe('Whether the address was confirmed. Always false here.'),
    type: z.enum(['individual', 'team']).describe('One person, or a team of members.'),
    name: z.string().nullable().describe('The name.'),
    billing_name: never('The name on invoices.'),
    billing_address: never('The address on invoices.'),
    tax_id: never('The number for the tax office.'),
    locale: never('The language.'),
    organization_id: uuid.describe('The organization whose customer it is.'),
    default_payment_method_id: never('How it pays.'),
    deleted_at: timestamp.nullable().describe('When it was deleted. Always null here.'),
    avatar_url: z.string().nullable().describe("The address's picture at Gravatar."),
    first_user_event_at: z.null().describe('Always null: events of use are not kept here.'),
  })
  .describe('Who buys.')
  .register(components, { id: 'Customer' });

/** A session in the customer portal, in the one answer that shows its token. */
export const customerSession = z
  .object({
    ...record,
    token: z
      .string()
      .describe('The bearer token. It is shown this once, and only its hash is kept.'),
    expires_at: timestamp.describe('When the session ends: an hour after it began.'),
    return_url: z.string().nullable().describe('Where the portal leads back to.'),
    customer_portal_url: z.string().describe('Where the portal is.'),
    customer_id: uuid.describe('Whose session it is.'),
    customer,
  })
  .describe("An hour in the customer portal, for a customer or one of its team's members.")
  .register(components, { id: 'CustomerSession' });
