import { GraphQLError } from 'graphql';

/** The size of a document or one of its operations, with fragments expanded. */
export interface Size {
  /** Fields, spreads and inline fragments. */
  selections: number;
  fields: number;
  /** Fields under an alias. */
  aliases: number;
  /** The deepest nesting of fields. */
  depth: number;
  /** Pairs of fields with the same position in the response, which validation compares. */
  overlaps: number;
  /** The most values in the response, with pages as large as requested. */
  complexity: number;
}

/** The most tokens of a document that the parser accepts. */
export const MAX_TOKENS = 4_000;

/** Limits for each operation and fragment of a document before validation, as large as tools need for introspection. */
export const DOCUMENT_LIMITS = {
  selections: 500,
  aliases: 200,
  depth: 25,
  overlaps: 5_000,
} as const;

/**
 * Limits on the data that one operation may request. A page of 100 seats with their members has a complexity of about 700.
 */
export const OPERATION_LIMITS = {
  fields: 200,
  aliases: 100,
  depth: 12,
  complexity: 50_000,
} as const;

/** The most invitations that one operation may look up. */
export const MAX_INVITATIONS = 20;

/**
 * Limits on the schema that one operation may request. The introspection of graphql-js, with all its options, needs two
 * thirds.
 */
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

// In the order of the checks.
const KINDS = ['selections', 'fields', 'aliases', 'depth', 'overlaps', 'complexity'] as const;

/**
 * Throws QUERY_TOO_COMPLEX if a size exceeds its limits. This is a request error, with the same status as a validation
 * error.
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
