import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/client.ts';
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

/** Begins an hour in the portal for a member of a customer. */
export async function beginMemberSession(
  tx: Tx,
  member: { organizationId: string; customerId: string; id: string },
  now: Date,
): Promise<NewSession> {
  const { organizationId, customerId, id } = member;
  const session = newSession('memberSession', now);
  await tx.memberSession.create({
    data: { ...stored(session), organizationId, customerId, memberId: id },
  });
  return session;
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
