import * as errors from '../../domain/errors.ts';
import { type EndSessionsInput as DomainInput, endSessions } from '../../sessions/end-sessions.ts';
import { builder } from '../builder.ts';
import { text } from '../inputs.ts';

const EndSessionsInput = builder.inputType('EndSessionsInput', {
  description: 'Input of `endSessions`: exactly one of these fields.',
  isOneOf: true,
  fields: t => ({
    customerId: t.field({
      type: 'ID',
      description: 'The id of a customer, for the sessions of the customer and all its members.',
    }),
    externalCustomerId: t.string({
      description:
        'The external id of a customer, for the sessions of the customer and all its members.',
    }),
    memberId: t.field({ type: 'ID', description: 'The id of a member.' }),
  }),
});

const Success = builder.objectRef<{ count: number }>('EndSessionsSuccess').implement({
  description: 'The sessions were ended.',
  fields: t => ({
    endedSessions: t.exposeInt('count', {
      description: 'The number of sessions that were ended.',
    }),
  }),
});

builder.mutationField('endSessions', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      'Ends the sessions of a customer and all its members, or of one member. Their tokens are refused immediately. Requires a token with `customer_sessions:write`.',
    args: {
      input: t.arg({
        type: EndSessionsInput,
        required: true,
        description: 'The customer or the member.',
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

/** `@oneOf` guarantees exactly one key; the types guarantee only at most one. */
function toInput(input: typeof EndSessionsInput.$inferInput): DomainInput {
  const { customerId, externalCustomerId, memberId } = input;
  if (customerId) return { customerId };
  if (memberId) return { memberId };
  return { externalCustomerId: text(externalCustomerId ?? '', ['externalCustomerId']) };
}
