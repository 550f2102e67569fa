import { z } from 'zod';
import { components, record, timestamp, uuid } from './components.ts';

const member = z
  .object({
    ...record,
    customer_id: uuid.describe('The customer of the member.'),
    email: z.string().describe('The e-mail address.'),
    name: z.string().nullable().describe('The name.'),
    external_id: z.string().nullable().describe('Your own id of the member.'),
    role: z
      .enum(['owner', 'billing_manager', 'member'])
      .describe('The role. Owners and billing managers can manage seats.'),
  })
  .describe("A person in a customer's team.")
  .register(components, { id: 'Member' });

/** A seat, in the form of `representSeat`. */
export const customerSeat = z
  .object({
    created_at: record.created_at,
    modified_at: record.modified_at,
    id: record.id,
    subscription_id: uuid.nullable().describe('The subscription of the seat.'),
    order_id: uuid.nullable().describe('The order of the seat, if it has no subscription.'),
    status: z
      .enum(['pending', 'claimed', 'revoked'])
      .describe('`pending` until the seat is claimed, then `claimed` until it is `revoked`.'),
    customer_id: uuid
      .nullable()
      .describe(
        'With the member model, the billing customer; without it, the holder of the seat. Null if revoked.',
      ),
    member_id: uuid
      .nullable()
      .describe('The id of the member who holds the seat. Null if revoked.'),
    member: member
      .nullable()
      .describe(
        'The member who holds the seat, or, in the answer to a revocation, the previous holder.',
      ),
    email: z.string().nullable().describe("The holder's e-mail address. Null if revoked."),
    customer_email: z
      .string()
      .nullable()
      .describe("The holder's e-mail address, from the seat, the member or the customer."),
    invitation_token_expires_at: timestamp
      .nullable()
      .describe('When the invitation expires or expired; null if there was none.'),
    claimed_at: timestamp.nullable().describe('When the seat was claimed.'),
    revoked_at: timestamp.nullable().describe('When the seat was revoked.'),
    seat_metadata: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The `metadata` of the assignment; an empty object if none was given.'),
  })
  .describe('A seat of a subscription or an order. All 15 keys are always present.')
  .register(components, { id: 'CustomerSeat' });

/** A newly invited seat, in the form of `representInvited`. */
export const invitedSeat = customerSeat
  .extend({
    invitation_url: z
      .string()
      .meta({ format: 'uri' })
      .optional()
      .describe(
        "The link with which the holder claims the seat. Present only while the seat is claimable, and only if usher does not send the organization's invitations.",
      ),
  })
  .describe('A seat of a subscription or an order. All keys except the link are always present.')
  .register(components, { id: 'InvitedCustomerSeat' });

/** How many seats a pool has. */
export const seatCounts = {
  available_seats: z.int().min(0).describe('The number of seats that can be assigned.'),
  total_seats: z.int().min(0).describe('The number of bought seats.'),
};

/** All seats of a pool. */
export const seatsList = z
  .object({
    seats: z.array(customerSeat).describe('All seats, including revoked ones, oldest first.'),
    ...seatCounts,
  })
  .describe('The seats of one subscription or order.')
  .register(components, { id: 'SeatsList' });

/** All seats of a pool as CSV. */
export const seatsFile = z
  .string()
  .describe('A CSV file: a header row, and one row for each seat. Metadata is JSON.')
  .register(components, { id: 'SeatsFile' });

/** Description of an invitation. */
export const seatClaimInfo = z
  .object({
    product_name: z.string().describe('The name of the product.'),
    product_id: uuid.describe("The product's id."),
    organization_name: z.string().describe('The name of the organization.'),
    organization_slug: z.string().describe("The organization's slug."),
    customer_email: z.string().describe("The recipient's e-mail address; empty if unknown."),
    can_claim: z.boolean().describe('Whether the seat can be claimed. Always true.'),
  })
  .describe('Description of an invitation.')
  .register(components, { id: 'SeatClaimInfo' });

/** A claimed seat and a session for its holder. */
export const seatClaimResponse = z
  .object({
    seat: customerSeat.describe('The claimed seat.'),
    customer_session_token: z
      .string()
      .describe(
        'The token of a session of one hour in the customer portal: a member session if the holder is a member, otherwise a customer session.',
      ),
  })
  .describe('A claimed seat and a session for its holder.')
  .register(components, { id: 'CustomerSeatClaimResponse' });

/** The path of an invitation. */
export const invitationPath = z.object({
  invitation_token: z.string().describe('The token of the invitation link.'),
});

/** Content of a claim stream. */
export const claimEvents = z
  .string()
  .describe('Server-sent events. Each has only `data`, a JSON object.');
