// The texts in which a search looks for people. The indexes have the same expressions.

/** The text of the member `m`. */
export const MEMBER_TEXT =
  "lower(m.email || E'\\n' || coalesce(m.name, '') || E'\\n' || coalesce(m.external_id, ''))";

/** The text of the customer `c`. */
export const CUSTOMER_TEXT =
  "lower(coalesce(c.email, '') || E'\\n' || coalesce(c.name, '') || E'\\n' || coalesce(c.external_id, ''))";

/** Returns the LIKE pattern for texts that contain `search`. */
export function patternOf(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`;
}
