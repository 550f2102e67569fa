import * as errors from '../../domain/errors.ts';
import { removeMember } from '../../members/remove.ts';
import { builder } from '../builder.ts';
import { MANAGING_MEMBERS } from '../descriptions.ts';
import { Member } from '../types/member.ts';

const RemoveMemberInput = builder.inputType('RemoveMemberInput', {
  description: 'Which member is removed.',
  fields: t => ({
    memberId: t.field({ type: 'UUID', required: true, description: 'The member.' }),
  }),
});

builder.mutationField('removeMember', t =>
  t.field({
    type: Member,
    nullable: true,
    description: `Removes a member from their team: all their live seats are revoked, of whichever pool, and their sessions end. The owner cannot be removed until somebody else is made the owner. ${MANAGING_MEMBERS}`,
    args: {
      input: t.arg({ type: RemoveMemberInput, required: true, description: 'Whom to remove.' }),
    },
    errors: {
      dataField: { name: 'member', description: 'The member as it was in the end.' },
      union: { description: 'The member, or why it stays.' },
      result: { description: 'The member is removed.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => removeMember(ctx, input.memberId),
  }),
);
