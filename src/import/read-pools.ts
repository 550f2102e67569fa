import type { z } from 'zod';
import * as schemas from './document.ts';
import { addRow, type FileRows, rowName } from './file-rows.ts';

/** Adds a subscription and its problems to the file. */
export function readSubscription(
  file: FileRows,
  organizationId: string,
  value: unknown,
  path: string,
): void {
  addRow(file, 'subscriptions', schemas.Subscription, value, path, item =>
    poolParts(organizationId, item),
  );
}

/** Adds an order and its problems to the file. */
export function readOrder(
  file: FileRows,
  organizationId: string,
  value: unknown,
  path: string,
): void {
  addRow(file, 'orders', schemas.Order, value, path, item => poolParts(organizationId, item));
}

type Pool = z.infer<typeof schemas.Subscription> | z.infer<typeof schemas.Order>;

function poolParts(organizationId: string, pool: Pool) {
  const { id, productId, customerId, seats, status, checkoutId, createdAt } = pool;
  const references = [rowName('organizations', organizationId), rowName('customers', customerId)];
  return {
    id,
    references: productId === null ? references : [...references, rowName('products', productId)],
    columns: {
      organization_id: organizationId,
      id,
      product_id: productId,
      customer_id: customerId,
      checkout_id: checkoutId,
      seats,
      status,
      created_at: createdAt,
    },
  };
}
