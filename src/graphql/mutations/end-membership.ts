import type { MembershipUser } from '../../auth/memberships.ts';
import * as errors from '../../domain/errors.ts';
import { KEPT_MEMBERSHIP } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { type EndedMembership, endMembership } from '../../organizations/end-membership.ts';
import { builder } from '../builder.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { email as address } from '../inputs.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';
import { Organization } from '../types/organization.ts';

const MembershipUserInput = builder.inputType('MembershipUserInput', {
  description: 'A user: exactly one of these fields.',
  isOneOf: true,
  fields: t => ({
    userId: t.field({ type: 'ID', description: "The user's id." }),
    email: t.string({ description: "The user's e-mail address, ignoring case." }),
  }),
});

const EndMembershipInput = builder.inputType('EndMembershipInput', {
  description: 'Input of `endMembership`.',
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    user: t.field({
      type: MembershipUserInput,
      required: true,
      description: 'The user whose membership ends.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const Success = builder.objectRef<EndedMembership>('EndMembershipSuccess').implement({
  description: 'The membership was ended.',
  fields: t => ({
    organization: t.prismaField({
      type: Organization,
      description: 'The organization.',
      resolve: (query, { organizationId }, _args, ctx) =>
        ctx.db.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
    userId: t.expose('userId', { type: 'ID', description: 'The user.' }),
  }),
});

builder.mutationField('endMembership', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      "Ends a user's membership of an organization. The user's personal access tokens immediately lose access to the organization, but not to the user's other organizations. Requires an access token with `organizations:write`.",
    args: {
      input: t.arg({
        type: EndMembershipInput,
        required: true,
        description: 'The organization and the user.',
      }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `endMembership`.' },
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) =>
      onceInTransaction(ctx, { operation: 'endMembership', key, input }, KEPT_MEMBERSHIP, keyed =>
        endMembership(keyed, input.organizationId, toUser(input.user)),
      ),
  }),
);

/** `@oneOf` guarantees exactly one key; the types guarantee only at most one. */
function toUser({ userId, email }: typeof MembershipUserInput.$inferInput): MembershipUser {
  return userId ? { userId } : { email: address(email ?? '', ['user', 'email']) };
}
