import type { MemberRole } from '../db/generated/prisma/enums.ts';

/** The sender of a request. Both APIs derive it from the bearer token, and every verb checks it. */
export type Actor = { kind: 'anonymous' } | (TokenActor & Labelled);

type TokenActor =
  | { kind: 'organization'; organizationId: string; scopes: readonly string[]; tokenId: string }
  | { kind: 'user'; userId: string; organizationIds: readonly string[]; scopes: readonly string[] }
  | { kind: 'customer'; organizationId: string; customerId: string }
  | {
      kind: 'member';
      organizationId: string;
      customerId: string;
      memberId: string;
      role: MemberRole;
    };

interface Labelled {
  /** What people know the actor by: an e-mail address, or the id of an organization's access token. */
  label: string | null;
}
