import { LRUCache } from 'lru-cache';

const RESULT_TYPES = ['application/graphql-response+json', 'application/json'] as const;

/** A media type of a GraphQL response that is not streamed. */
export type ResultType = (typeof RESULT_TYPES)[number];

/** Cached, because clients send the same few headers. */
const known = new LRUCache<string, { type: ResultType | undefined }>({ max: 500 });

/**
 * Returns the media type of the response to a query or mutation, by the request's `Accept` header; undefined if the client
 * accepts neither type. It equals Yoga's choice, which a test compares: the first matching type of the header, regardless of
 * its quality value, and `application/json` for a wildcard.
 */
export function negotiate(accept: string | undefined): ResultType | undefined {
  const header = accept || '*/*';
  const cached = known.get(header);
  if (cached !== undefined) return cached.type;
  const type = typeOf(header);
  known.set(header, { type });
  return type;
}

function typeOf(header: string): ResultType | undefined {
  for (const accepted of header.replace(/\s/g, '').toLowerCase().split(',')) {
    const [range = '', ...params] = accepted.split(';');
    const charset = params.find(param => param.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    const matching = RESULT_TYPES.filter(type => matches(range, type));
    const last = matching.at(-1);
    if (last !== undefined) return last;
  }
  return undefined;
}

function matches(range: string, type: ResultType): boolean {
  const [prefix, suffix] = range.split('/');
  const [typePrefix, typeSuffix] = type.split('/');
  return (prefix === '*' || prefix === typePrefix) && (suffix === '*' || suffix === typeSuffix);
}
