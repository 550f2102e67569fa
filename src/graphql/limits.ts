import { GraphQLError } from 'graphql';

/** What a document, or an operation of it, asks for, with fragments put in the place of their spreads. */
export interface Size {
  /** Fields, spreads and inline fragments. */
  selections: number;
  fields: number;
  /** Fields under an alias. */
  aliases: number;
  /** Fields within one another. */
  depth: number;
  /** Pairs of fields with one place in the response, which validation compares. */
  overlaps: number;
  /** Values in the response, at the most, with pages as large as they were asked for. */
  complexity: number;
}

/** A document is parsed up to so many tokens. */
export const MAX_TOKENS = 4_000;

/** What any operation or fragment of a document may have before it is validated: as much as the introspection of tools needs. */
export const DOCUMENT_LIMITS = {
  selections: 500,
  aliases: 200,
  depth: 25,
  overlaps: 5_000,
} as const;

/** What one operation may ask of the data. A page of 100 seats with their members has a complexity of about 700. */
export const OPERATION_LIMITS = {
  fields: 200,
  aliases: 100,
  depth: 12,
  complexity: 50_000,
} as const;

/** So many invitations may one operation look up. */
export const MAX_INVITATIONS = 20;

/** What one operation may ask of the schema. The introspection of graphql-js, with all its options, asks for two thirds. */
export const INTROSPECTION_LIMITS = {
  fields: 300,
  aliases: 50,
  depth: 20,
  complexity: 20_000,
} as const;

const NAMES: Record<keyof Size, string> = {
  selections: 'selections',
  fields: 'fields',
  aliases: 'aliases',
  depth: 'levels of fields (depth)',
  overlaps: 'pairs of fields with one response name in one selection',
  complexity: 'values (complexity)',
};

// In the order in which they are looked at.
const KINDS = ['selections', 'fields', 'aliases', 'depth', 'overlaps', 'complexity'] as const;

/**
 * Throws QUERY_TOO_COMPLEX where a size is past its limits: a request error, which is answered with the same status as
 * one of validation.
 */
export function requireWithin(size: Partial<Size>, limits: Partial<Readonly<Size>>): void {
  for (const name of KINDS) {
    const [asked = 0, limit = Number.POSITIVE_INFINITY] = [size[name], limits[name]];
    if (asked > limit) throw tooComplex(asked, NAMES[name], limit);
  }
}

export function tooComplex(asked: number, what: string, limit: number): GraphQLError {
  return new GraphQLError(
    `The operation asks for ${asked} ${what}; ${limit} are allowed. Ask for less, or in several requests.`,
    { extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400, spec: true } } },
  );
}
