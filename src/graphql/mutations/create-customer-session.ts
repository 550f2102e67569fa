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
  description: 'The customer: exactly one of these.',
  isOneOf: true,
  fields: t => ({
    customerId: t.field({ type: 'UUID', description: 'By id.' }),
    externalCustomerId: t.string({ description: "By their id in the organization's own system." }),
  }),
});

const MemberInput = builder.inputType('SessionMemberInput', {
  description: 'A member of the customer: exactly one of these.',
  isOneOf: true,
  fields: t => ({
    memberId: t.field({ type: 'UUID', description: 'By id.' }),
    externalMemberId: t.string({ description: "By their id in the organization's own system." }),
  }),
});

const CreateCustomerSessionInput = builder.inputType('CreateCustomerSessionInput', {
  description: 'Whose session begins.',
  fields: t => ({
    customer: t.field({ type: CustomerInput, required: true, description: 'The customer.' }),
    member: t.field({
      type: MemberInput,
      description:
        'The member, where members have sessions of their own; the owner, where you name none.',
    }),
  }),
});

const Success = builder.objectRef<CustomerSessionView>('CreateCustomerSessionSuccess').implement({
  description: 'The session has begun.',
  fields: t => ({
    token: t.string({
      description: "The session's bearer token. Shown here once, and nowhere else.",
      resolve: ({ session }) => session.token,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the session ends.',
      resolve: ({ session }) => session.expiresAt,
    }),
    customer: t.field({
      type: Customer,
      description: 'The customer whose session it is.',
      resolve: ({ customer }) => customer,
    }),
    member: t.field({
      type: Member,
      nullable: true,
      description: "The member whose session it is; null for the customer's own.",
      resolve: ({ member }) => member,
    }),
  }),
});

builder.mutationField('createCustomerSession', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      'Begins an hour in the portal for a customer, or for one of its members. Requires a token with `customer_sessions:write`.',
    args: {
      input: t.arg({
        type: CreateCustomerSessionInput,
        required: true,
        description: 'Whose session to begin.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'The session, or why there is none.' },
      types: [errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => createCustomerSession(ctx, toInput(input)),
  }),
);

/** `@oneOf` guarantees exactly one key where the types only know of at most one. */
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
