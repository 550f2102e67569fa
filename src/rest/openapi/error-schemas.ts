import { z } from 'zod';
import { components } from './components.ts';

/** Returns the schema of a domain error with one of these names. */
export function domainError(names: readonly string[]) {
  return z.object({
    error: z.enum(names).describe('The name of the error, for programs.'),
    detail: z.string().describe('The message, for people.'),
  });
}

/** An error of the HTTP layer, before any endpoint. */
export const plainError = z
  .object({ detail: z.string().describe('The message, for people.') })
  .describe('An error without a name.')
  .register(components, { id: 'PlainError' });

/** The OAuth 2.0 error of an invalid or insufficient token. */
export const oauthError = z
  .object({
    error: z
      .enum(['invalid_token', 'insufficient_scope'])
      .describe('The code of the error, for programs.'),
    error_description: z.string().describe('The message, for people.'),
  })
  .describe('An error of the token, as defined by RFC 6750.')
  .register(components, { id: 'OAuthError' });

/** A problem of a request. */
export const validationItem = z
  .object({
    type: z.string().describe('The kind of the problem, for programs.'),
    loc: z
      .array(z.union([z.string(), z.int()]))
      .describe('The location: `body`, `query` or `path`, then the keys.'),
    msg: z.string().describe('The message, for people.'),
    input: z.unknown().describe('The value at that location.'),
    ctx: z.record(z.string(), z.unknown()).optional().describe('The values in the message.'),
  })
  .describe('A problem of a request.')
  .register(components, { id: 'ValidationItem' });

/** The error of an invalid request. */
export const validationError = z
  .object({
    error: z
      .enum(['RequestValidationError', 'PolarRequestValidationError'])
      .describe(
        '`RequestValidationError` if the request is malformed, `PolarRequestValidationError` if it names something that does not exist.',
      ),
    detail: z.array(validationItem).describe('All problems, in the order of the fields.'),
  })
  .describe('The request is invalid.')
  .register(components, { id: 'ValidationError' });
