import { z } from 'zod';
import { components } from './components.ts';

/** A refusal with one of these names. */
export function domainError(names: readonly string[]) {
  return z.object({
    error: z.enum(names).describe('Which refusal it is; branch on this.'),
    detail: z.string().describe('What is wrong, for people.'),
  });
}

/** A refusal by the plumbing, before any endpoint of the domain. */
export const plainError = z
  .object({ detail: z.string().describe('What is wrong, for people.') })
  .describe('A refusal without a name.')
  .register(components, { id: 'PlainError' });

/** A token that does not do, in OAuth's form. */
export const oauthError = z
  .object({
    error: z.enum(['invalid_token', 'insufficient_scope']).describe('Which refusal it is.'),
    error_description: z.string().describe('What is wrong, for people.'),
  })
  .describe('What is wrong with the token, as RFC 6750 has it.')
  .register(components, { id: 'OAuthError' });

const validationItem = z
  .object({
    type: z.string().describe('What kind of thing is wrong; branch on this.'),
    loc: z
      .array(z.union([z.string(), z.int()]))
      .describe('Where: `body`, `query` or `path` first, then the keys.'),
    msg: z.string().describe('What is wrong, for people.'),
    input: z.unknown().describe('What was sent there.'),
    ctx: z.record(z.string(), z.unknown()).optional().describe('What the message was made of.'),
  })
  .describe('One thing that is wrong with a request.')
  .register(components, { id: 'ValidationItem' });

/** A request that does not parse. */
export const validationError = z
  .object({
    error: z
      .enum(['RequestValidationError', 'PolarRequestValidationError'])
      .describe(
        'The former where the form is wrong, the latter where something named does not exist.',
      ),
    detail: z
      .array(validationItem)
      .describe('Everything that is wrong, in the order of the fields.'),
  })
  .describe('The request is not acceptable as it was written.')
  .register(components, { id: 'ValidationError' });
