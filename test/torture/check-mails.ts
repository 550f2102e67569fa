import type { Db } from '../../src/db/client.ts';
import { holderEmail, WITH_HOLDER } from '../../src/seats/view.ts';
import type { SeatWrite } from './audit.ts';
import { hex } from './check-rows.ts';
import type { Invitation } from './mails.ts';
import { BrokenPromise } from './promise.ts';

/** That everybody who is invited has the link that works. */
export async function checkInvited(db: Db, invitations: readonly Invitation[]): Promise<void> {
  const arrived = new Set(invitations.map(({ to, tokenHash }) => `${to} ${tokenHash}`));
  const pending = await db.customerSeat.findMany({
    where: { status: 'pending', invitationNonce: { not: null } },
    include: WITH_HOLDER,
  });
  for (const seat of pending) {
    const { id, invitationTokenHash } = seat;
    const tokenHash = hex(invitationTokenHash ?? new Uint8Array());
    if (!arrived.has(`${holderEmail(seat)} ${tokenHash}`)) {
      throw new BrokenPromise('every invitee was mailed the latest link', {
        seat: id,
        email: holderEmail(seat),
        tokenHash,
        mails: await db.mail.findMany({ where: { seatId: id } }),
      });
    }
  }
}

// A mail may be on its way while its link dies: no longer than it is given to be sent.
const LONGEST_SENDING_MS = 45_000;

/** That no mail led anywhere but to its recipient's own invitation, and that it was alive when the mail was begun. */
export function checkLinks(invitations: readonly Invitation[], writes: readonly SeatWrite[]): void {
  const lives = new Map<string, { email: string | null; until: number }>();
  const latest = new Map<string, string>();
  for (const { seatId, status, email, tokenHash, at } of writes) {
    const before = latest.get(seatId);
    const life = before === undefined ? undefined : lives.get(before);
    if (life && (tokenHash !== before || status !== 'pending')) {
      life.until = at;
      latest.delete(seatId);
    }
    if (tokenHash !== null && status === 'pending' && !lives.has(tokenHash)) {
      lives.set(tokenHash, { email, until: Number.POSITIVE_INFINITY });
      latest.set(seatId, tokenHash);
    }
  }
  for (const invitation of invitations) {
    const { to, tokenHash, at } = invitation;
    const life = lives.get(tokenHash);
    if (life?.email !== to) {
      throw new BrokenPromise('a mail leads to an invitation of its recipient', {
        to,
        tokenHash,
        life,
      });
    }
    if (at > life.until + LONGEST_SENDING_MS) {
      throw new BrokenPromise('no mail is sent with a link that is dead', {
        to,
        tokenHash,
        at,
        life,
      });
    }
  }
}

/** That every mail is written down as what it is: sent, or not needed any more. */
export async function checkMailRows(db: Db): Promise<void> {
  const failed = await db.mail.findMany({
    where: { status: { notIn: ['sent', 'skipped'] } },
    take: 10,
  });
  if (failed.length > 0) {
    throw new BrokenPromise('every mail is sent, however often it takes', { failed });
  }
}
