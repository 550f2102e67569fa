import { hashToken } from '../auth/token.ts';
import * as schemas from './document.ts';
import { addRow, type FileRows, nameOf } from './file-rows.ts';

/** A token's hash in hexadecimal: all that is kept of it from here on. */
export function hashOf(token: string): string {
  return Buffer.from(hashToken(token)).toString('hex');
}

/** The spelling of bytes that PostgreSQL reads. */
export function bytea(hex: string): string {
  return `\\x${hex}`;
}

/** Reads an access token of a user or of an organization. */
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
      needs: [nameOf(owner.table, owner.id)],
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

interface Buyer {
  organizationId: string;
  customerId: string;
}

/** Reads a portal session of a customer. */
export function readCustomerSession(
  file: FileRows,
  { organizationId, customerId }: Buyer,
  value: unknown,
  path: string,
): void {
  addRow(file, 'customerSessions', schemas.CustomerSession, value, path, item => {
    const hash = hashOf(item.token);
    return {
      id: hash,
      idField: 'token',
      needs: [nameOf('customers', customerId)],
      columns: {
        token_hash: bytea(hash),
        organization_id: organizationId,
        customer_id: customerId,
        expires_at: item.expiresAt,
      },
    };
  });
}

/** Reads a portal session of one of a customer's members. */
export function readMemberSession(
  file: FileRows,
  { organizationId, customerId }: Buyer,
  value: unknown,
  path: string,
): void {
  addRow(file, 'memberSessions', schemas.MemberSession, value, path, item => {
    const hash = hashOf(item.token);
    return {
      id: hash,
      idField: 'token',
      needs: [nameOf('customers', customerId), nameOf('members', item.memberId)],
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
