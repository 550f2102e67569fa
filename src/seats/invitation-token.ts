import { createHmac, randomBytes } from 'node:crypto';
import { hashToken } from '../auth/token.ts';
import type { SeatStatus } from '../db/generated/prisma/enums.ts';

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const NONCE_BYTES = 32;

/** What a pending seat keeps of its invitation: enough to make the token again with the server's key, and nothing without it. */
export interface Invitation {
  invitationNonce: Uint8Array<ArrayBuffer>;
  invitationTokenHash: Uint8Array<ArrayBuffer>;
  invitationTokenExpiresAt: Date;
}

/** A fresh invitation to the seat, good for 24 hours. */
export function newInvitation(secretKey: string, seatId: string, now: Date): Invitation {
  const invitationNonce = new Uint8Array(randomBytes(NONCE_BYTES));
  return {
    invitationNonce,
    invitationTokenHash: hashToken(invitationToken(secretKey, seatId, invitationNonce)),
    invitationTokenExpiresAt: new Date(now.getTime() + LIFETIME_MS),
  };
}

/** Ends an invitation that was used or withdrawn: its token cannot be made again, and its hash only tells why. */
export const SPENT_INVITATION = { invitationNonce: null } as const;

/**
 * The token of an invitation, 256 bits in base64url, 43 characters: the same at every call, so that a mail
 * that has to be sent again carries the same link. It belongs into that mail and nowhere else.
 */
export function invitationToken(secretKey: string, seatId: string, nonce: Uint8Array): string {
  return createHmac('sha256', secretKey)
    .update(`invitation:${seatId}:`)
    .update(nonce)
    .digest('base64url');
}

/** The server's key, and the one before it, with which invitations were made that are still good. */
export interface SecretKeys {
  readonly secretKey: string;
  readonly previousSecretKey?: string | undefined;
}

/**
 * Returns the token of an invitation that was made before, by the key whose token has the invitation's hash; undefined if
 * it was made with another key. A token without that hash opens nothing.
 */
export function knownInvitationToken(
  { secretKey, previousSecretKey }: SecretKeys,
  seat: {
    id: string;
    invitationNonce: Uint8Array | null;
    invitationTokenHash: Uint8Array | null;
  },
): string | undefined {
  const { id, invitationNonce: nonce, invitationTokenHash: hash } = seat;
  if (nonce === null || hash === null) return undefined;
  const keys = previousSecretKey === undefined ? [secretKey] : [secretKey, previousSecretKey];
  return keys
    .map(key => invitationToken(key, id, nonce))
    .find(token => Buffer.compare(hashToken(token), hash) === 0);
}

/** What ResourceNotFound says of an invitation. */
export const NO_INVITATION_FOUND = 'Invalid or expired invitation token';

/** The page on which an invitation is claimed. */
export function claimUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/claim?token=${token}`;
}

/** Selects the seat that an invitation's token belongs to, or was used for. */
export function ofInvitation(token: string) {
  return { invitationTokenHash: hashToken(token) } as const;
}

/** Whether a seat's invitation has run out; one without a date never does. */
export function hasExpired(
  { invitationTokenExpiresAt }: { invitationTokenExpiresAt: Date | null },
  now: Date,
): boolean {
  return invitationTokenExpiresAt !== null && invitationTokenExpiresAt < now;
}

/** Returns whether an invitation can be used: `closed` after the claim or the revocation of its seat. */
export function invitationState(
  seat: { status: SeatStatus; invitationTokenExpiresAt: Date | null },
  now: Date,
): 'open' | 'expired' | 'closed' {
  if (seat.status !== 'pending') return 'closed';
  return hasExpired(seat, now) ? 'expired' : 'open';
}
