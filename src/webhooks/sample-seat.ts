import { randomUUID } from 'node:crypto';
import type { SeatView } from '../seats/view.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const EMAIL = 'sample@example.com';

/** Returns a made-up pending seat with which to test a receiver. Its metadata is `{ test: true }`. */
export function sampleSeat(organizationId: string, now: Date): SeatView {
  const record = { organizationId, createdAt: now, modifiedAt: null };
  const customerId = randomUUID();
  const member = {
    ...record,
    id: randomUUID(),
    deletedAt: null,
    customerId,
    email: EMAIL,
    name: 'Sam Sample',
    externalId: null,
    role: 'member',
  } as const;
  return {
    ...record,
    id: randomUUID(),
    assignedAt: now,
    subscriptionId: randomUUID(),
    orderId: null,
    status: 'pending',
    customerId,
    memberId: member.id,
    member,
    email: EMAIL,
    customer: { email: null },
    invitationNonce: null,
    invitationTokenHash: null,
    invitationTokenExpiresAt: new Date(now.getTime() + DAY_MS),
    claimedAt: null,
    revokedAt: null,
    metadata: { test: true },
  };
}
