import { z } from 'zod';
import { components, record, timestamp, uuid } from './components.ts';

const member = z
  .object({
    ...record,
    customer_id: uuid.describe('The customer whose team it is.'),
    email: z.string().describe('The e-mail address.'),
    name: z.string().nullable().describe('The name.'),
    external_id: z.string().nullable().describe('Your own id of the member.'),
    role: z
      .enum(['owner', 'billing_manager', 'member'])
      .describe('What the member may do: owners and billing managers manage seats.'),
  })
  .describe("One person of a customer's team.")
  .register(components, { id: 'Member' });

/** A seat, in the form of `representSeat`. */
export const customerSeat = z
  .object({
    created_at: record.created_at,
    modified_at: record.modified_at,
    id: record.id,
    subscription_id: uuid.nullable().describe('The subscription that the seat is of.'),
    order_id: uuid
      .nullable()
      .describe('The order that the seat is of, where it is of no subscription.'),
    status: z
      .enum(['pending', 'claimed', 'revoked'])
      .describe(
        '`pending` until the invitation is accepted, `claimed` then, `revoked` once withdrawn.',
      ),
    customer_id: uuid
      .nullable()
      .describe(
        'With the member model, the customer who pays; without it, the one who holds the seat. Null once revoked.',
      ),
    member_id: uuid.nullable().describe('The member who holds the seat. Null once revoked.'),
    member: member
      .nullable()
      .describe('The member who holds the seat; in the answer that revokes it, who held it.'),
    email: z.string().nullable().describe("The holder's e-mail address. Null once revoked."),
    customer_email: z
      .string()
      .nullable()
      .describe("The holder's e-mail address, from wherever it is known."),
    invitation_token_expires_at: timestamp
      .nullable()
      .describe('Until when the invitation is, or was, good; null where there never was one.'),
    claimed_at: timestamp.nullable().describe('When the seat was claimed.'),
    revoked_at: timestamp.nullable().describe('When the seat was revoked.'),
    seat_metadata: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('What was given as `metadata`; an empty object where nothing was.'),
  })
  .describe('One seat of a subscription or an order. All 15 keys are always there.')
  .register(components, { id: 'CustomerSeat' });

/** A seat that somebody was just invited to, in the form of `representInvited`. */
export const invitedSeat = customerSeat
  .extend({
    invitation_url: z
      .string()
      .meta({ format: 'uri' })
      .optional()
      .describe(
        "The link by which the seat is claimed, for you to hand to its holder: there while it can be claimed, and only in an organization that has switched off usher's own invitations.",
      ),
  })
  .describe(
    'One seat of a subscription or an order. All 15 keys are always there; the link is the one that may be missing.',
  )
  .register(components, { id: 'InvitedCustomerSeat' });

/** All seats of a pool. */
export const seatsList = z
  .object({
    seats: z.array(customerSeat).describe('All seats, revoked ones too, the oldest first.'),
    available_seats: z.int().min(0).describe('How many can still be assigned.'),
    total_seats: z.int().min(0).describe('How many were bought.'),
  })
  .describe('The seats of one subscription or order.')
  .register(components, { id: 'SeatsList' });

/** What an invitation is for. */
export const seatClaimInfo = z
  .object({
    product_name: z.string().describe('What the seat is of.'),
    product_id: uuid.describe("The product's id."),
    organization_name: z.string().describe('Who sells it.'),
    organization_slug: z.string().describe("The organization's short name."),
    customer_email: z
      .string()
      .describe('Who the invitation is for; empty where that is not known.'),
    can_claim: z.boolean().describe('Whether the seat can be claimed: always true.'),
  })
  .describe('What somebody with an invitation may know before they claim the seat.')
  .register(components, { id: 'SeatClaimInfo' });

/** A claimed seat and the session that its holder begins with. */
export const seatClaimResponse = z
  .object({
    seat: customerSeat.describe('The seat, claimed.'),
    customer_session_token: z
      .string()
      .describe(
        "The token of an hour in the customer portal. It is a member's session where the holder is a member.",
      ),
  })
  .describe('A seat that was just claimed.')
  .register(components, { id: 'CustomerSeatClaimResponse' });

/** The path of an invitation. */
export const invitationPath = z.object({
  invitation_token: z.string().describe('The token of the invitation link.'),
});

/** What a claim stream sends. */
export const claimEvents = z
  .string()
  .describe('Server-sent events; each has `data` alone, a JSON object.');
