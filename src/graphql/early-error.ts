import { preferredType } from '../http/accept.ts';

/** The media types of a GraphQL answer, as in Yoga: plain JSON, unless the client prefers the newer type. */
const MEDIA_TYPES = ['application/json', 'application/graphql-response+json'] as const;

/** An answer without data: the request was refused before GraphQL began. */
export interface EarlyError {
  headers: { 'content-type': string };
  body: string;
}

/** A refusal before GraphQL began, in the media type that the client's Accept header asks for (GraphQL over HTTP, 6.4). */
export function earlyError(accept: string | undefined, code: string, message: string): EarlyError {
  return {
    headers: { 'content-type': `${preferredType(accept, MEDIA_TYPES)}; charset=utf-8` },
    body: JSON.stringify({ errors: [{ message, extensions: { code } }] }),
  };
}
