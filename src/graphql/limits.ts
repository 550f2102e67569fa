import { GraphQLError } from 'graphql';

/** What a document, or an operation of it, asks for. */
export interface Size {
  /** Fields, with fragments put in the place of their spreads. */
  fields: number;
  /** Fields under an alias. */
  aliases: number;
  /** Fields within one another. */
  depth: number;
  /** Values in the response, at the most, with pages as large as they were asked for. */
  complexity: number;
}

/** A document is parsed up to so many tokens. */
export const MOST_TOKENS = 4_000;

/** What any definition of a document may have, before it is validated: as much as the introspection of tools needs. */
export const DOCUMENT_LIMITS = { fields: 500, aliases: 200, depth: 25 } as const;

/** What one operation may ask of the data. A page of 100 seats with their members has a complexity of about 700. */
export const OPERATION_LIMITS = {
  fields: 200,
  aliases: 100,
  depth: 12,
  complexity: 50_000,
} as const;

/** What one operation may ask of the schema. The introspection of graphql-js, with all its options, asks for two thirds. */
export const INTROSPECTION_LIMITS = {
  fields: 300,
  aliases: 50,
  depth: 20,
  complexity: 20_000,
} as const;

const NAMES: Record<keyof Size, string> = {
  fields: 'fields',
  aliases: 'aliases',
  depth: 'levels',
  complexity: 'values (complexity)',
};

/** Throws QUERY_TOO_COMPLEX, a request error, where a size is past its limits. */
export function requireWithin(size: Partial<Size>, limits: Partial<Readonly<Size>>): void {
  for (const name of ['fields', 'aliases', 'depth', 'complexity'] as const) {
    const [asked = 0, limit = Number.POSITIVE_INFINITY] = [size[name], limits[name]];
    if (asked <= limit) continue;
    throw new GraphQLError(
      `The operation asks for ${asked} ${NAMES[name]}; ${limit} are allowed. Ask for less, or in several requests.`,
      { extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } } },
    );
  }
}
