import type { Member } from '../db/generated/prisma/client.ts';

/** The promise, held by the database, that a change of a member passes over nothing that is theirs. */
export const LEFT_BEHIND = 'member_left_behind';

/** Whether a live member `m` is still as it was read. */
export const AS_READ = `
  m.organization_id = $1::uuid AND m.id = $2::uuid AND m.deleted_at IS NULL AND m.role = $3::member_role
  AND m.email = $4 AND m.name IS NOT DISTINCT FROM $5 AND m.modified_at IS NOT DISTINCT FROM $6::timestamptz`;

/** The values of `AS_READ`. */
export function readAs({ organizationId, id, role, email, name, modifiedAt }: Member) {
  return [organizationId, id, role, email, name, modifiedAt] as const;
}
