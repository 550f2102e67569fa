import type { z } from 'zod';
import { Seat } from './document.ts';
import { addRow, type FileRows, isFirst, nameOf, valueAt } from './file-rows.ts';
import { below } from './problems.ts';
import { bytea, hashOf } from './read-tokens.ts';

/** Reads a seat. */
export function readSeat(
  file: FileRows,
  organizationId: string,
  value: unknown,
  path: string,
): void {
  const id = addRow(file, 'seats', Seat, value, path, seat => {
    const { invitationToken } = seat;
    const hash = invitationToken === null ? null : hashOf(invitationToken);
    const isOwn =
      hash !== null && isFirst(file, `invitation ${hash}`, below(path, 'invitationToken'));
    return {
      id: seat.id,
      needs: [nameOf('organizations', organizationId), ...poolsOf(seat), ...holdersOf(seat)],
      columns: {
        organization_id: organizationId,
        id: seat.id,
        subscription_id: seat.subscriptionId,
        order_id: seat.orderId,
        status: seat.status,
        customer_id: seat.customerId,
        member_id: seat.memberId,
        email: seat.email,
        metadata: seat.metadata,
        invitation_token_hash: isOwn ? bytea(hash) : null,
        invitation_token_expires_at: seat.invitationTokenExpiresAt,
        claimed_at: seat.claimedAt,
        revoked_at: seat.revokedAt,
        created_at: seat.createdAt,
      },
    };
  });
  if (file.broken.has(nameOf('seats', id))) {
    for (const pool of poolsOf(value)) file.uncounted.add(pool);
  }
}

function holdersOf({ customerId, memberId }: z.infer<typeof Seat>): string[] {
  return [
    ...(customerId === null ? [] : [nameOf('customers', customerId)]),
    ...(memberId === null ? [] : [nameOf('members', memberId)]),
  ];
}

/** The pools that a seat, well-formed or not, says it is of. */
function poolsOf(seat: unknown): string[] {
  const subscription = valueAt(seat, 'subscriptionId');
  const order = valueAt(seat, 'orderId');
  return [
    ...(typeof subscription === 'string'
      ? [nameOf('subscriptions', subscription.toLowerCase())]
      : []),
    ...(typeof order === 'string' ? [nameOf('orders', order.toLowerCase())] : []),
  ];
}
