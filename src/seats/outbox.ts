import { randomUUID } from 'node:crypto';
import type { Prisma, Tx } from '../db/client.ts';
import { representSeat, type SeatView } from './view.ts';

/** What a seat's events are called: the vendors' three webhooks, and the resent invitation, which is ours alone. */
export type SeatEventType =
  | 'customer_seat.assigned'
  | 'customer_seat.claimed'
  | 'customer_seat.revoked'
  | 'customer_seat.invitation_resent';

/** Records in the verb's own transaction what happened to the seat, so that neither can be without the other. */
export async function recordEvent(
  tx: Tx,
  type: SeatEventType,
  seat: SeatView,
  now: Date,
): Promise<void> {
  await recordEvents(tx, type, [seat], now);
}

/** `recordEvent` for several seats, in their order. */
export async function recordEvents(
  tx: Tx,
  type: SeatEventType,
  seats: readonly SeatView[],
  now: Date,
): Promise<void> {
  await tx.outboxEvent.createMany({
    data: seats.map(seat => ({
      id: randomUUID(),
      organizationId: seat.organizationId,
      seatId: seat.id,
      type,
      createdAt: now,
      // JSON in, JSON out: the form holds strings, nulls and the caller's own JSON.
      payload: representSeat(seat) as Prisma.InputJsonObject,
    })),
  });
}
