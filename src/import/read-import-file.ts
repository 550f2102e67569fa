import * as schemas from './document.ts';
import { addRow, type FileRows, noRows, readEach, rowName, valueAt } from './file-rows.ts';
import { below, explain, problemsAt } from './problems.ts';
import { readCustomer } from './read-customers.ts';
import { readOrder, readSubscription } from './read-pools.ts';
import { readSeat } from './read-seat.ts';
import { readAccessToken } from './read-tokens.ts';

/** Returns all rows and problems of a document. Reads on after a problem. */
export function readImportFile(document: unknown): FileRows {
  const file = noRows();
  const parsed = schemas.ImportFile.safeParse(document, { error: explain });
  if (!parsed.success) file.problems.push(...problemsAt('', parsed.error.issues));
  readEach(document, 'users', '', (value, path) => readUser(file, value, path));
  readEach(document, 'organizations', '', (value, path) => readOrganization(file, value, path));
  return file;
}

function readUser(file: FileRows, value: unknown, path: string): void {
  const userId = addRow(file, 'users', schemas.User, value, path, ({ id, email }) => ({
    id,
    references: [],
    columns: { id, email },
  }));
  readEach(value, 'accessTokens', path, (token, at) =>
    readAccessToken(file, { table: 'users', id: userId }, token, at),
  );
}

function readOrganization(file: FileRows, value: unknown, path: string): void {
  const id = addRow(file, 'organizations', schemas.Organization, value, path, item => ({
    id: item.id,
    references: [],
    columns: {
      id: item.id,
      slug: item.slug,
      name: item.name,
      status: item.status,
      seat_based_pricing_enabled: item.seatBasedPricingEnabled,
      member_model_enabled: item.memberModelEnabled,
    },
  }));
  const readList = (
    key: string,
    read: (file: FileRows, organizationId: string, item: unknown, path: string) => void,
  ) => readEach(value, key, path, (item, at) => read(file, id, item, at));
  if (Array.isArray(valueAt(value, 'userIds')) && !file.broken.has(rowName('organizations', id))) {
    file.memberLists.set(id, below(path, 'userIds'));
  }
  readList('userIds', readMembership);
  readEach(value, 'accessTokens', path, (token, at) =>
    readAccessToken(file, { table: 'organizations', id }, token, at),
  );
  readList('products', readProduct);
  readList('customers', readCustomer);
  readList('subscriptions', readSubscription);
  readList('orders', readOrder);
  readList('seats', readSeat);
  readList('webhookEndpoints', readWebhookEndpoint);
}

function readMembership(
  file: FileRows,
  organizationId: string,
  value: unknown,
  path: string,
): void {
  addRow(file, 'memberships', schemas.UserId, value, path, userId => ({
    id: `${organizationId} ${userId}`,
    idField: '',
    references: [rowName('organizations', organizationId), rowName('users', userId)],
    columns: { organization_id: organizationId, user_id: userId },
  }));
}

function readProduct(file: FileRows, organizationId: string, value: unknown, path: string): void {
  addRow(file, 'products', schemas.Product, value, path, ({ id, name }) => ({
    id,
    references: [rowName('organizations', organizationId)],
    columns: { organization_id: organizationId, id, name },
  }));
}

function readWebhookEndpoint(
  file: FileRows,
  organizationId: string,
  value: unknown,
  path: string,
): void {
  addRow(file, 'webhookEndpoints', schemas.WebhookEndpoint, value, path, item => ({
    id: item.id,
    references: [rowName('organizations', organizationId)],
    columns: { organization_id: organizationId, ...item },
  }));
}
