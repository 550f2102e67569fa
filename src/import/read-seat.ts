import type { z } from 'zod';
import { hashOf, Seat } from './document.ts';
import {
  addRow,
  externalReferences,
  type FileRows,
  registerName,
  rowName,
  valueAt,
} from './file-rows.ts';
import { below } from './problems.ts';

/** Adds a seat and its problems to the file. */
export function readSeat(
  file: FileRows,
  organizationId: string,
  value: unknown,
  path: string,
): void {
  const id = addRow(file, 'seats', Seat, value, path, seat => {
    const { invitationToken, invitationTokenHash } = seat;
    const key = invitationToken === null ? 'invitationTokenHash' : 'invitationToken';
    const hash = invitationToken === null ? invitationTokenHash : hashOf(invitationToken);
    const isOwn = hash !== null && registerName(file, `invitation ${hash}`, below(path, key));
    return {
      references: [rowName('organizations', organizationId), ...poolsOf(seat), ...holdersOf(seat)],
      externalReferences: externalReferences(
        ['subscriptions', 'subscription_id', 'subscriptionExternalId', seat.subscriptionExternalId],
        ['orders', 'order_id', 'orderExternalId', seat.orderExternalId],
        ['customers', 'customer_id', 'customerExternalId', seat.customerExternalId],
      ),
      columns: { organization_id: organizationId, invitation_token_hash: isOwn ? hash : null },
    };
  });
  if (file.broken.has(rowName('seats', id))) {
    for (const pool of poolsOf(value)) file.uncounted.add(pool);
  }
}

function holdersOf({ customerId, memberId }: z.infer<typeof Seat>): string[] {
  return [
    ...(customerId === null ? [] : [rowName('customers', customerId)]),
    ...(memberId === null ? [] : [rowName('members', memberId)]),
  ];
}

/** Returns the names of the pools that a valid or invalid seat refers to. */
function poolsOf(seat: unknown): string[] {
  const subscription = valueAt(seat, 'subscriptionId');
  const order = valueAt(seat, 'orderId');
  return [
    ...(typeof subscription === 'string'
      ? [rowName('subscriptions', subscription.toLowerCase())]
      : []),
    ...(typeof order === 'string' ? [rowName('orders', order.toLowerCase())] : []),
  ];
}
