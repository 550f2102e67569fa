/** Ids of the demo data, so that readers can run the examples unchanged. */
export const DEMO = {
  organization: '3b1f3d5c-6c0e-4a53-8f6e-1f5f0f5f9a10',
  product: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  customer: '9d2b0c9e-33c4-4b0f-9a57-2c1d6f1b7a20',
  subscription: 'c56a4180-65aa-42ec-a945-5fd21dec0538',
  order: '2f5c1a7e-9b3d-4e6f-8a1b-3c5d7e9f1b50',
  checkout: 'e3a4b3f0-5d0f-4f8e-9a57-9b1d6f1b7c40',
  pendingSeat: '8e3f0d0a-7b1c-4d2e-9f3a-5b6c7d8e9f62',
} as const;

const member = {
  id: '51e0b6a4-0d5c-4f7e-8a7c-0c5c5d1b3a35',
  created_at: '2026-03-02T10:15:00Z',
  modified_at: null,
  customer_id: DEMO.customer,
  email: 'sam@globex.example',
  name: null,
  external_id: null,
  role: 'member',
};

/** A pending seat. */
export const pendingSeat = {
  created_at: '2026-03-02T10:15:00.482000Z',
  modified_at: null,
  id: '8e3f0d0a-7b1c-4d2e-9f3a-5b6c7d8e9f65',
  subscription_id: DEMO.subscription,
  order_id: null,
  status: 'pending',
  customer_id: DEMO.customer,
  member_id: member.id,
  member,
  email: member.email,
  customer_email: member.email,
  invitation_token_expires_at: '2026-03-03T10:15:00.482000Z',
  claimed_at: null,
  revoked_at: null,
  seat_metadata: { department: 'Engineering' },
};

/** The same seat with a new invitation. */
export const resentSeat = {
  ...pendingSeat,
  modified_at: '2026-03-04T08:00:00.120000Z',
  invitation_token_expires_at: '2026-03-05T08:00:00.120000Z',
};

/** The same seat, claimed. */
export const claimedSeat = {
  ...pendingSeat,
  modified_at: '2026-03-02T11:40:12.905000Z',
  status: 'claimed',
  claimed_at: '2026-03-02T11:40:12.905000Z',
};

/** The same seat in the answer to its revocation. */
export const revokedSeat = {
  ...claimedSeat,
  modified_at: '2026-03-09T16:05:30.001000Z',
  status: 'revoked',
  customer_id: null,
  member_id: null,
  email: null,
  revoked_at: '2026-03-09T16:05:30.001000Z',
};

/** The token of a session. */
export const SESSION_TOKEN = 'usher_mst_q1Xz3zJ9V7nYlZ0mB2cD4eF6gH8iJ0kL2mN4oP6qR8s';

/** Bodies that assign a seat. */
export const assignExamples = {
  byEmail: {
    summary: 'Invite a colleague by e-mail',
    value: {
      subscription_id: DEMO.subscription,
      email: 'sam@globex.example',
      metadata: { department: 'Engineering' },
    },
  },
  byMember: {
    summary:
      'Assign a seat of an order to a member by your own id; the member is created if missing',
    value: { order_id: DEMO.order, external_member_id: 'globex-7', email: 'kim@globex.example' },
  },
  immediate: {
    summary: 'Assign a claimed seat, without an invitation',
    value: { checkout_id: DEMO.checkout, email: 'lee@globex.example', immediate_claim: true },
  },
};
