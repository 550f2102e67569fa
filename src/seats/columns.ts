import type { CustomerSeat, Member } from '../db/generated/prisma/client.ts';

// The ids come first and are always selected: a row without a member's id has no member.
/** The columns of a seat that statements read. */
export const SEAT_COLUMNS = [
  'id',
  'organizationId',
  'createdAt',
  'assignedAt',
  'modifiedAt',
  'subscriptionId',
  'orderId',
  'status',
  'customerId',
  'memberId',
  'email',
  'invitationNonce',
  'invitationTokenHash',
  'invitationTokenExpiresAt',
  'claimedAt',
  'revokedAt',
  'metadata',
] as const satisfies (keyof CustomerSeat)[];

/** The columns of a member that statements read. */
export const MEMBER_COLUMNS = [
  'id',
  'organizationId',
  'createdAt',
  'modifiedAt',
  'deletedAt',
  'customerId',
  'email',
  'name',
  'externalId',
  'role',
] as const satisfies (keyof Member)[];
