import * as errors from '../../domain/errors.ts';
import { KEPT_MEMBER } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { updateMember } from '../../members/update.ts';
import { builder } from '../builder.ts';
import { MANAGING_MEMBERS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { Member, MemberRole } from '../types/member.ts';

const UpdateMemberInput = builder.inputType('UpdateMemberInput', {
  description: 'Input of `updateMember`. Fields that are not set stay unchanged.',
  fields: t => ({
    memberId: t.field({ type: 'ID', required: true, description: 'The member.' }),
    email: t.string({
      description:
        'The new address. No other member of the customer may have it, ignoring case. Null leaves it unchanged.',
    }),
    name: t.string({ description: 'The new name, at most 512 characters; null removes it.' }),
    role: t.field({
      type: MemberRole,
      description:
        "The new role. If the member becomes the owner, the former owner becomes a billing manager. Otherwise the owner's role cannot change. Null leaves it unchanged.",
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updateMember', t =>
  t.field({
    type: Member,
    nullable: true,
    description: `Updates a member's address, name and role, all or nothing. A new address also applies to the member's live seats: pending ones get a new invitation, and the member's sessions end. A billing manager cannot change the owner or appoint another. ${MANAGING_MEMBERS}`,
    args: {
      input: t.arg({
        type: UpdateMemberInput,
        required: true,
        description: 'The member and the new values.',
      }),
    },
    errors: {
      dataField: { name: 'member', description: 'The member after the change.' },
      union: { description: 'Result of `updateMember`.' },
      result: { description: 'The member was updated.' },
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) =>
      onceInTransaction(ctx, { operation: 'updateMember', key, input }, KEPT_MEMBER, keyed =>
        updateMember(keyed, {
          memberId: input.memberId,
          email: input.email ?? undefined,
          name: input.name,
          role: input.role ?? undefined,
        }),
      ),
  }),
);
