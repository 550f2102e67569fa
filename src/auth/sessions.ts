import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/client.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { hashToken, newToken } from './token.ts';

const LIFETIME_MS = 60 * 60 * 1000;

/** A session that has just begun, with the one chance to see its token. */
export interface NewSession {
  id: string;
  createdAt: Date;
  token: string;
  expiresAt: Date;
}

/** Begins an hour in the portal for a customer. */
export async function beginCustomerSession(
  tx: Tx,
  customer: { organizationId: string; customerId: string },
  now: Date,
): Promise<NewSession> {
  const { organizationId, customerId } = customer;
  const session = newSession('customerSession', now);
  await tx.customerSession.create({
    data: { ...stored(session), organizationId, customerId },
  });
  return session;
}

/** Begins an hour in the portal for a member of a customer; one that a claim begins ends with the member's last seat. */
export async function beginMemberSession(
  tx: Tx,
  member: { organizationId: string; customerId: string; id: string },
  now: Date,
  { begunByClaim = false } = {},
): Promise<NewSession> {
  const { organizationId, customerId, id } = member;
  const session = newSession('memberSession', now);
  await tx.memberSession.create({
    data: { ...stored(session), organizationId, customerId, memberId: id, begunByClaim },
  });
  return session;
}

/** Whose sessions: those of a customer and all of its members, or those of one member. */
export interface SessionHolder {
  organizationId: string;
  customerId: string;
  /** Null for the customer and all of its members. */
  memberId: string | null;
}

/**
 * Ends the sessions of a customer or a member at once, in every process, and returns how many there were. Ended ones keep
 * their rows until they expire, so that no import brings them back.
 */
export async function endSessionsOf(tx: Tx, holder: SessionHolder, now: Date): Promise<number> {
  const { organizationId, customerId, memberId } = holder;
  const open = { organizationId, customerId, endedAt: null, expiresAt: { gt: now } };
  const data = { endedAt: now };
  const members = await tx.memberSession.updateMany({
    where: { ...open, ...(memberId !== null && { memberId }) },
    data,
  });
  const customers =
    memberId === null ? await tx.customerSession.updateMany({ where: open, data }) : { count: 0 };
  await announceTokenChange(tx);
  return members.count + customers.count;
}

/** Ends all sessions of a member, in every process; expired ones too, since an import may extend those that have not ended. */
export async function endMemberSessions(
  tx: Tx,
  { organizationId, id }: { organizationId: string; id: string },
  now: Date,
): Promise<void> {
  await tx.memberSession.updateMany({
    where: { organizationId, memberId: id, endedAt: null },
    data: { endedAt: now },
  });
  await announceTokenChange(tx);
}

/** A session that is still to be stored. */
export function newSession(kind: 'customerSession' | 'memberSession', now: Date): NewSession {
  const expiresAt = new Date(now.getTime() + LIFETIME_MS);
  return { id: randomUUID(), createdAt: now, token: newToken(kind), expiresAt };
}

/** What is stored of a session: all but its token, of which only the hash. */
export function stored({ token, ...session }: NewSession) {
  return { ...session, tokenHash: hashToken(token) };
}
