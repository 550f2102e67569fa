import { representSeat, type SeatView } from '../seats/view.ts';
import type { Cell } from './write-rows.ts';

/** The columns of a list of seats: the vendors' keys, and those of the member after its id. */
export const SEAT_TABLE = [
  'id',
  'status',
  'customer_email',
  'email',
  'member_name',
  'member_external_id',
  'member_role',
  'member_id',
  'customer_id',
  'subscription_id',
  'order_id',
  'created_at',
  'modified_at',
  'claimed_at',
  'revoked_at',
  'invitation_token_expires_at',
  'seat_metadata',
] as const;

/** Returns the cells of a seat. Metadata is JSON. */
export function seatCells(view: SeatView): Cell[] {
  const { member, seat_metadata: metadata, ...seat } = representSeat(view);
  const cells: Record<(typeof SEAT_TABLE)[number], Cell> = {
    ...seat,
    member_name: member?.name ?? null,
    member_external_id: member?.external_id ?? null,
    member_role: member?.role ?? null,
    seat_metadata: JSON.stringify(metadata),
  };
  return SEAT_TABLE.map(name => cells[name]);
}
