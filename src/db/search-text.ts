// The texts by which people are searched, as the indexes for it have them.

/** Those of the member `m`. */
export const MEMBER_TEXT =
  "lower(m.email || E'\\n' || coalesce(m.name, '') || E'\\n' || coalesce(m.external_id, ''))";

/** Those of the customer `c`. */
export const CUSTOMER_TEXT =
  "lower(coalesce(c.email, '') || E'\\n' || coalesce(c.name, '') || E'\\n' || coalesce(c.external_id, ''))";

/** Returns the pattern of LIKE for texts that contain another. */
export function patternOf(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`;
}
