import { hashToken } from '../auth/token.ts';
import * as schemas from './document.ts';
import { addRow, type FileRows, rowName } from './file-rows.ts';

/** Returns the hash of a token in hexadecimal. The import keeps only the hash. */
export function hashOf(token: string): string {
  return Buffer.from(hashToken(token)).toString('hex');
}

/** Returns the text form of a PostgreSQL `bytea`. */
export function bytea(hex: string): string {
  return `\\x${hex}`;
}

/** Adds an access token of a user or an organization, and its problems, to the file. */
export function readAccessToken(
  file: FileRows,
  owner: { table: 'users' | 'organizations'; id: string },
  value: unknown,
  path: string,
): void {
  addRow(file, 'accessTokens', schemas.AccessToken, value, path, item => {
    const hash = hashOf(item.token);
    return {
      id: hash,
      idField: 'token',
      references: [rowName(owner.table, owner.id)],
      columns: {
        token_hash: bytea(hash),
        organization_id: owner.table === 'organizations' ? owner.id : null,
        user_id: owner.table === 'users' ? owner.id : null,
        scopes: item.scopes,
        expires_at: item.expiresAt,
      },
    };
  });
}

interface CustomerKey {
  organizationId: string;
  customerId: string;
}

/** Adds a portal session of a customer, and its problems, to the file. */
export function readCustomerSession(
  file: FileRows,
  { organizationId, customerId }: CustomerKey,
  value: unknown,
  path: string,
): void {
  addRow(file, 'customerSessions', schemas.CustomerSession, value, path, item => {
    const hash = hashOf(item.token);
    return {
      id: hash,
      idField: 'token',
      references: [rowName('customers', customerId)],
      columns: {
        token_hash: bytea(hash),
        organization_id: organizationId,
        customer_id: customerId,
        expires_at: item.expiresAt,
      },
    };
  });
}

/** Adds a portal session of a member, and its problems, to the file. */
export function readMemberSession(
  file: FileRows,
  { organizationId, customerId }: CustomerKey,
  value: unknown,
  path: string,
): void {
  addRow(file, 'memberSessions', schemas.MemberSession, value, path, item => {
    const hash = hashOf(item.token);
    return {
      id: hash,
      idField: 'token',
      references: [rowName('customers', customerId), rowName('members', item.memberId)],
      columns: {
        token_hash: bytea(hash),
        organization_id: organizationId,
        customer_id: customerId,
        member_id: item.memberId,
        expires_at: item.expiresAt,
      },
    };
  });
}
