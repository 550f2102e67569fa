import { type KnownActor, organizationOf } from '../auth/access.ts';
import { ResourceNotFound } from '../domain/errors.ts';

/** The argument of a field or an input that says which organization it is about. */
export const ORGANIZATION_ARGUMENT = {
  type: 'ID',
  description: 'The organization. Required only if the token can act for several organizations.',
} as const;

/**
 * Returns the organization to read from; undefined if the named one is out of reach. Throws InvalidInput if none is named
 * and the token acts for several.
 */
export function readableOrganization(
  actor: KnownActor,
  organizationId: string | null | undefined,
  argument?: string,
): string | undefined {
  try {
    return organizationOf(actor, organizationId, argument);
  } catch (error) {
    if (error instanceof ResourceNotFound) return undefined;
    throw error;
  }
}
