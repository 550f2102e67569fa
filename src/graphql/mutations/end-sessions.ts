import * as errors from '../../domain/errors.ts';
import { type EndSessionsInput as DomainInput, endSessions } from '../../sessions/end-sessions.ts';
import { builder } from '../builder.ts';
import { text } from '../inputs.ts';

const EndSessionsInput = builder.inputType('EndSessionsInput', {
  description: 'Whose sessions end: exactly one of these.',
  isOneOf: true,
  fields: t => ({
    customerId: t.field({ type: 'UUID', description: 'A customer and all of its members, by id.' }),
    externalCustomerId: t.string({
      description:
        "A customer and all of its members, by their id in the organization's own system.",
    }),
    memberId: t.field({ type: 'UUID', description: 'One member, by id.' }),
  }),
});

const Success = builder.objectRef<{ count: number }>('EndSessionsSuccess').implement({
  description: 'The sessions have ended.',
  fields: t => ({
    endedSessions: t.exposeInt('count', {
      description: 'How many sessions were open until now.',
    }),
  }),
});

builder.mutationField('endSessions', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      'Ends the open sessions of a customer and all of its members, or of one member. Their tokens are refused at once. Requires a token with `customer_sessions:write`.',
    args: {
      input: t.arg({
        type: EndSessionsInput,
        required: true,
        description: 'Whose sessions to end.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `endSessions`.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: async (_root, { input }, ctx) => ({ count: await endSessions(ctx, toInput(input)) }),
  }),
);

/** `@oneOf` guarantees exactly one key where the types only know of at most one. */
function toInput(input: typeof EndSessionsInput.$inferInput): DomainInput {
  const { customerId, externalCustomerId, memberId } = input;
  if (customerId) return { customerId };
  if (memberId) return { memberId };
  return { externalCustomerId: text(externalCustomerId ?? '', ['externalCustomerId']) };
}
