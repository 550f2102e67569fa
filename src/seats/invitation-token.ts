import { createHmac, randomBytes } from 'node:crypto';
import { hashToken } from '../auth/token.ts';
import type { SeatStatus } from '../db/generated/prisma/enums.ts';

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const NONCE_BYTES = 32;

/**
 * What a pending seat stores of its invitation: enough to recreate the token with the server's key, and useless without it.
 */
export interface Invitation {
  invitationNonce: Uint8Array<ArrayBuffer>;
  invitationTokenHash: Uint8Array<ArrayBuffer>;
  invitationTokenExpiresAt: Date;
}

/** A new invitation to the seat, valid for 24 hours. */
export function newInvitation(secretKey: string, seatId: string, now: Date): Invitation {
  const invitationNonce = new Uint8Array(randomBytes(NONCE_BYTES));
  return {
    invitationNonce,
    invitationTokenHash: hashToken(invitationToken(secretKey, seatId, invitationNonce)),
    invitationTokenExpiresAt: new Date(now.getTime() + LIFETIME_MS),
  };
}

/** Ends an invitation that was used or withdrawn: its token cannot be recreated, and its hash only tells why it fails. */
export const SPENT_INVITATION = { invitationNonce: null } as const;

/**
 * The token of an invitation: 256 bits in base64url, 43 characters. Every call returns the same token, so that a mail that
 * is sent again carries the same link. Only that mail and `invitationUrl` may contain the token.
 */
export function invitationToken(secretKey: string, seatId: string, nonce: Uint8Array): string {
  return createHmac('sha256', secretKey)
    .update(`invitation:${seatId}:`)
    .update(nonce)
    .digest('base64url');
}

/** The server's key, and the previous one, with which some still valid invitations were made. */
export interface SecretKeys {
  readonly secretKey: string;
  readonly previousSecretKey?: string | undefined;
}

/**
 * Returns the token of an existing invitation, made with the key that reproduces the invitation's hash; undefined if neither
 * key does. A token without that hash opens nothing.
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

/** The message of ResourceNotFound for an invitation. */
export const NO_INVITATION_FOUND = 'Invalid or expired invitation token';

/** The page on which an invitation is claimed. */
export function claimUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/claim?token=${token}`;
}

/** Selects the seat that an invitation's token belongs to, or was used for. */
export function ofInvitation(token: string) {
  return { invitationTokenHash: hashToken(token) } as const;
}

/** Whether a seat's invitation has expired; one without a date never does. */
export function hasExpired(
  { invitationTokenExpiresAt }: { invitationTokenExpiresAt: Date | null },
  now: Date,
): boolean {
  return invitationTokenExpiresAt !== null && invitationTokenExpiresAt < now;
}

/** Returns whether an invitation can be used: `closed` once its seat is claimed or revoked. */
export function invitationState(
  seat: { status: SeatStatus; invitationTokenExpiresAt: Date | null },
  now: Date,
): 'open' | 'expired' | 'closed' {
  if (seat.status !== 'pending') return 'closed';
  return hasExpired(seat, now) ? 'expired' : 'open';
}
