import * as errors from '../../domain/errors.ts';
import {
  type CustomerSessionView,
  createCustomerSession,
  type CreateCustomerSessionInput as DomainInput,
} from '../../sessions/create-customer-session.ts';
import { builder } from '../builder.ts';
import { text } from '../inputs.ts';
import { Customer } from '../types/customer.ts';
import { Member } from '../types/member.ts';

const CustomerInput = builder.inputType('SessionCustomerInput', {
  description: 'A customer: exactly one of these fields.',
  isOneOf: true,
  fields: t => ({
    customerId: t.field({ type: 'ID', description: "The user's id." }),
    externalCustomerId: t.string({ description: 'The external id.' }),
  }),
});

const MemberInput = builder.inputType('SessionMemberInput', {
  description: 'A member of the customer: exactly one of these fields.',
  isOneOf: true,
  fields: t => ({
    memberId: t.field({ type: 'ID', description: "The user's id." }),
    externalMemberId: t.string({ description: 'The external id.' }),
  }),
});

const CreateCustomerSessionInput = builder.inputType('CreateCustomerSessionInput', {
  description: 'Input of `createCustomerSession`.',
  fields: t => ({
    customer: t.field({ type: CustomerInput, required: true, description: 'The customer.' }),
    member: t.field({
      type: MemberInput,
      description:
        "The member whose session begins, in an organization with the member model. By default the customer's owner.",
    }),
  }),
});

const Success = builder.objectRef<CustomerSessionView>('CreateCustomerSessionSuccess').implement({
  description: 'The session was created.',
  fields: t => ({
    token: t.string({
      description: "The session's bearer token. It is shown only here.",
      resolve: ({ session }) => session.token,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the session expires.',
      resolve: ({ session }) => session.expiresAt,
    }),
    customer: t.field({
      type: Customer,
      description: 'The customer of the session.',
      resolve: ({ customer }) => customer,
    }),
    member: t.field({
      type: Member,
      nullable: true,
      description: 'The member of the session; null for a session of the customer itself.',
      resolve: ({ member }) => member,
    }),
  }),
});

builder.mutationField('createCustomerSession', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      'Creates a session of one hour for a customer or one of its members. Requires a token with `customer_sessions:write`.',
    args: {
      input: t.arg({
        type: CreateCustomerSessionInput,
        required: true,
        description: 'The customer and the member.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `createCustomerSession`.' },
      types: [errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => createCustomerSession(ctx, toInput(input)),
  }),
);

/** `@oneOf` guarantees exactly one key; the types guarantee only at most one. */
function toInput(input: typeof CreateCustomerSessionInput.$inferInput): DomainInput {
  const { customerId, externalCustomerId } = input.customer;
  const { memberId, externalMemberId } = input.member ?? {};
  const external = (value: string | null | undefined, ...path: string[]) => text(value ?? '', path);
  return {
    customer: customerId
      ? { customerId }
      : { externalCustomerId: external(externalCustomerId, 'customer', 'externalCustomerId') },
    member: !input.member
      ? undefined
      : memberId
        ? { memberId }
        : { externalMemberId: external(externalMemberId, 'member', 'externalMemberId') },
  };
}
