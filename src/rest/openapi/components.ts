import { z } from 'zod';

/** The named schemas of the document. */
export const components = z.registry<{ id: string }>();

/** An id, in lower case with hyphens. */
export const uuid = z.string().meta({ format: 'uuid' });

/** RFC 3339 in UTC, with six fractional digits or none. */
export const timestamp = z.string().meta({ format: 'date-time' });

/** The columns that every record has. */
export const record = {
  id: uuid.describe('The id.'),
  created_at: timestamp.describe('When it was created.'),
  modified_at: timestamp.nullable().describe('When it was last changed; null if never.'),
};
