import type { MemberRole } from '../db/generated/prisma/enums.ts';

/** The sender of a request. Both APIs derive it from the bearer token, and every verb checks it. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'organization'; organizationId: string; scopes: readonly string[] }
  | { kind: 'user'; userId: string; organizationIds: readonly string[]; scopes: readonly string[] }
  | { kind: 'customer'; organizationId: string; customerId: string }
  | {
      kind: 'member';
      organizationId: string;
      customerId: string;
      memberId: string;
      role: MemberRole;
    };
