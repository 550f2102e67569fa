import * as errors from '../../domain/errors.ts';
import { updateMember } from '../../members/update.ts';
import { builder } from '../builder.ts';
import { MANAGING_MEMBERS } from '../descriptions.ts';
import { Member, MemberRole } from '../types/member.ts';

const UpdateMemberInput = builder.inputType('UpdateMemberInput', {
  description: 'What changes about a member. What is left out stays.',
  fields: t => ({
    memberId: t.field({ type: 'UUID', required: true, description: 'The member.' }),
    email: t.string({
      description:
        "The new address; no other member of the customer's may have it, whatever its case. Null stays as it is.",
    }),
    name: t.string({ description: 'The new name, at most 512 characters; null for none.' }),
    role: t.field({
      type: MemberRole,
      description:
        'The new role. Whoever becomes the owner takes the place of the one before, who stays as a billing manager; there is no other way to stop being it. Null stays as it is.',
    }),
  }),
});

builder.mutationField('updateMember', t =>
  t.field({
    type: Member,
    nullable: true,
    description: `Changes a member's address, name and role: all that is named, or nothing. The address of the member's live seats follows, and who still has to claim one is invited anew there. The member's sessions end where the address changes. Billing managers cannot change the owner, nor make another. ${MANAGING_MEMBERS}`,
    args: {
      input: t.arg({ type: UpdateMemberInput, required: true, description: 'What to change.' }),
    },
    errors: {
      dataField: { name: 'member', description: 'The member as it is now.' },
      union: { description: 'The member, or why it stays as it was.' },
      result: { description: 'The member is changed.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input: { memberId, email, name, role } }, ctx) =>
      updateMember(ctx, {
        memberId,
        email: email ?? undefined,
        name,
        role: role ?? undefined,
      }),
  }),
);
