import type { z } from 'zod';
import { TOLD } from '../billing/rules/newest.ts';
import * as schemas from './document.ts';
import {
  addRow,
  externalReferences,
  type FileRows,
  noRows,
  readEach,
  rowName,
  valueAt,
} from './file-rows.ts';
import { below, explain, problemsAt } from './problems.ts';
import { readSeat } from './read-seat.ts';
import { keyOf } from './tables/all.ts';

/** Returns all rows and problems of a document. Continues after a problem. */
export function readImportFile(document: unknown): FileRows {
  const file = noRows();
  const parsed = schemas.ImportFile.safeParse(document, { error: explain });
  if (!parsed.success) file.problems.push(...problemsAt('', parsed.error.issues));
  readEach(document, 'users', '', (value, path) => readUser(file, value, path));
  readEach(document, 'organizations', '', (value, path) => readOrganization(file, value, path));
  return file;
}

function readUser(file: FileRows, value: unknown, path: string): void {
  const parts = { references: [], columns: {} };
  const id = addRow(file, 'users', schemas.User, value, path, () => parts);
  readAccessTokens(file, { table: 'users', id }, value, path);
}

function readOrganization(file: FileRows, value: unknown, path: string): void {
  let asOf: Date | undefined;
  const id = addRow(file, 'organizations', schemas.Organization, value, path, organization => {
    asOf = organization.asOf ?? undefined;
    return { references: [], columns: {} };
  });
  const name = rowName('organizations', id);
  const own = { references: [name], columns: { organization_id: id } };
  const each = (key: string, read: (item: unknown, path: string) => void) =>
    readEach(value, key, path, read);
  if (Array.isArray(valueAt(value, 'userIds')) && !file.broken.has(name)) {
    file.memberLists.set(id, below(path, 'userIds'));
  }
  each('userIds', (item, at) =>
    addRow(file, 'memberships', schemas.UserId, item, at, userId => ({
      id: `${id} ${userId}`,
      idField: '',
      references: [name, rowName('users', userId)],
      columns: { organization_id: id, user_id: userId },
    })),
  );
  readAccessTokens(file, { table: 'organizations', id }, value, path);
  each('products', (item, at) =>
    addRow(file, 'products', schemas.Product, item, at, product => ({
      ...own,
      ...billingParts('products', product, asOf),
    })),
  );
  each('customers', (item, at) => readCustomer(file, { organizationId: id, asOf }, item, at));
  each('subscriptions', (item, at) =>
    addRow(file, 'subscriptions', schemas.Subscription, item, at, pool => ({
      ...poolParts([name], id, pool),
      ...billingParts('subscriptions', pool, asOf),
    })),
  );
  each('orders', (item, at) =>
    addRow(file, 'orders', schemas.Order, item, at, pool => ({
      ...poolParts([name], id, pool),
      ...billingParts('orders', pool, asOf),
    })),
  );
  each('seats', (item, at) => readSeat(file, id, item, at));
  each('mailOptOuts', (item, at) =>
    addRow(file, 'mailOptOuts', schemas.MailOptOut, item, at, ({ email }) => ({
      ...own,
      id: `${id} ${email}`,
      idField: 'email',
    })),
  );
  each('webhookEndpoints', (item, at) =>
    // Encrypted later: see `sealSecrets`.
    addRow(file, 'webhookEndpoints', schemas.WebhookEndpoint, item, at, ({ secret }) => ({
      ...own,
      columns: { ...own.columns, sealed_secret: secret },
    })),
  );
}

function readAccessTokens(
  file: FileRows,
  owner: { table: 'users' | 'organizations'; id: string },
  value: unknown,
  path: string,
): void {
  readEach(value, 'accessTokens', path, (token, at) =>
    addRow(file, 'accessTokens', schemas.AccessToken, token, at, ({ tokenHash }) => ({
      id: tokenHash,
      idField: 'token',
      references: [rowName(owner.table, owner.id)],
      columns: {
        organization_id: owner.table === 'organizations' ? owner.id : null,
        user_id: owner.table === 'users' ? owner.id : null,
      },
    })),
  );
}

function readCustomer(
  file: FileRows,
  { organizationId, asOf }: { organizationId: string; asOf: Date | undefined },
  value: unknown,
  path: string,
): void {
  const organization = rowName('organizations', organizationId);
  const id = addRow(file, 'customers', schemas.Customer, value, path, customer => ({
    references: [organization],
    columns: { organization_id: organizationId },
    ...billingParts('customers', customer, asOf),
  }));
  const customer = rowName('customers', id);
  const columns = { organization_id: organizationId, customer_id: id };
  readEach(value, 'members', path, (item, at) =>
    addRow(file, 'members', schemas.Member, item, at, () => ({
      references: [organization, customer],
      columns,
    })),
  );
  readEach(value, 'sessions', path, (item, at) =>
    addRow(file, 'customerSessions', schemas.CustomerSession, item, at, ({ tokenHash }) => ({
      id: tokenHash,
      idField: 'token',
      references: [customer],
      columns,
    })),
  );
  readEach(value, 'memberSessions', path, (item, at) =>
    addRow(file, 'memberSessions', schemas.MemberSession, item, at, ({ tokenHash, memberId }) => ({
      id: tokenHash,
      idField: 'token',
      references: [customer, rowName('members', memberId)],
      columns,
    })),
  );
}

/** Returns the further parts of a row of the billing system. A missing external id leaves the known one as it is. */
function billingParts(
  table: keyof typeof TOLD,
  item: {
    isNamedExternally: boolean;
    externalId?: string | null | undefined;
    asOf: Date | null;
    asOfByKey: Record<string, Date | null | undefined> | null;
  },
  asOf: Date | undefined,
) {
  const { isNamedExternally, externalId, asOfByKey } = item;
  const times = TOLD[table].flatMap(column => {
    const time = asOfByKey?.[keyOf(column)];
    return time === undefined ? [] : [[column, time?.toISOString() ?? null] as const];
  });
  return {
    isNamedExternally,
    asOf: item.asOf ?? asOf,
    ...(times.length > 0 && { asOfByColumn: Object.fromEntries(times) }),
    leftOut: externalId === undefined ? ['external_id'] : [],
  };
}

type Pool = z.infer<typeof schemas.Subscription> | z.infer<typeof schemas.Order>;

/** Returns the references of a subscription or an order, including the given names. */
export function poolParts(names: readonly string[], organizationId: string, pool: Pool) {
  const { customerId, customerExternalId, productId, productExternalId } = pool;
  return {
    references: [
      ...names,
      ...(customerId === null ? [] : [rowName('customers', customerId)]),
      ...(productId === null ? [] : [rowName('products', productId)]),
    ],
    externalReferences: externalReferences(
      ['customers', 'customer_id', 'customerExternalId', customerExternalId],
      ['products', 'product_id', 'productExternalId', productExternalId],
    ),
    columns: { organization_id: organizationId },
  };
}
