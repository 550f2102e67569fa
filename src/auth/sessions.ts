import type { Tx } from '../db/client.ts';
import { hashToken, newToken } from './token.ts';

const LIFETIME_MS = 60 * 60 * 1000;

/** A session that has just begun, with the one chance to see its token. */
export interface NewSession {
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
    data: { ...stored(session), createdAt: now, organizationId, customerId },
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
    data: { ...stored(session), createdAt: now, organizationId, customerId, memberId: id },
  });
  return session;
}

function newSession(kind: 'customerSession' | 'memberSession', now: Date): NewSession {
  return { token: newToken(kind), expiresAt: new Date(now.getTime() + LIFETIME_MS) };
}

function stored({ token, expiresAt }: NewSession) {
  return { tokenHash: hashToken(token), expiresAt };
}
