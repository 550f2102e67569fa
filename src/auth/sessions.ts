import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/client.ts';
import { announceTokenChange } from '../events/token-changes.ts';
import { recordAudit } from './audit.ts';
import type { RecordedActor } from './recorded-actor.ts';
import { hashToken, newToken } from './token.ts';

const LIFETIME_MS = 60 * 60 * 1000;

/** A new session with its token, which is not stored. */
export interface NewSession {
  id: string;
  createdAt: Date;
  token: string;
  expiresAt: Date;
}

/** Begins a portal session of one hour for a customer. */
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

/** Begins a portal session of one hour for a member. A session that a claim begins ends with the member's last seat. */
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

/** The holder of sessions: a customer with all its members, or one member. */
export interface SessionHolder {
  organizationId: string;
  customerId: string;
  /** The member; null for the customer and all its members. */
  memberId: string | null;
}

/**
 * Ends the open sessions of a customer or a member immediately, in every process, and returns their number. Ended
 * sessions keep their rows until they expire, so that no import restores them.
 */
export async function endSessionsOf(
  tx: Tx,
  holder: SessionHolder,
  by: RecordedActor,
  now: Date,
): Promise<number> {
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
  const count = members.count + customers.count;
  const audit = { organizationId, subjectId: memberId ?? customerId, by };
  if (count > 0) await recordAudit(tx, { ...audit, type: 'sessions_ended' }, now);
  return count;
}

/** Ends all sessions of a member, in every process. Includes expired sessions, since an import could extend them. */
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

/** Returns a new session that is not stored yet. */
export function newSession(kind: 'customerSession' | 'memberSession', now: Date): NewSession {
  const expiresAt = new Date(now.getTime() + LIFETIME_MS);
  return { id: randomUUID(), createdAt: now, token: newToken(kind), expiresAt };
}

/** Returns the stored columns of a session, with the hash instead of the token. */
export function stored({ token, ...session }: NewSession) {
  return { ...session, tokenHash: hashToken(token) };
}
