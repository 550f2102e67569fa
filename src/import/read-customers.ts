import * as schemas from './document.ts';
import { addRow, type FileRows, readEach, rowName } from './file-rows.ts';
import { readCustomerSession, readMemberSession } from './read-tokens.ts';

/** Adds a customer, its members, their sessions and their problems to the file. */
export function readCustomer(
  file: FileRows,
  organizationId: string,
  value: unknown,
  path: string,
): void {
  const customerId = addRow(file, 'customers', schemas.Customer, value, path, item => ({
    id: item.id,
    references: [rowName('organizations', organizationId)],
    columns: {
      organization_id: organizationId,
      id: item.id,
      email: item.email,
      name: item.name,
      external_id: item.externalId,
    },
  }));
  const owner = { organizationId, customerId };
  readEach(value, 'members', path, (item, at) => readMember(file, owner, item, at));
  readEach(value, 'sessions', path, (item, at) => readCustomerSession(file, owner, item, at));
  readEach(value, 'memberSessions', path, (item, at) => readMemberSession(file, owner, item, at));
}

function readMember(
  file: FileRows,
  { organizationId, customerId }: { organizationId: string; customerId: string },
  value: unknown,
  path: string,
): void {
  addRow(file, 'members', schemas.Member, value, path, item => ({
    id: item.id,
    references: [rowName('organizations', organizationId), rowName('customers', customerId)],
    columns: {
      organization_id: organizationId,
      id: item.id,
      customer_id: customerId,
      email: item.email,
      name: item.name,
      external_id: item.externalId,
      role: item.role,
    },
  }));
}
