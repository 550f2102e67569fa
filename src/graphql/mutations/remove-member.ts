import * as errors from '../../domain/errors.ts';
import { removeMember } from '../../members/remove.ts';
import { builder } from '../builder.ts';
import { MANAGING_MEMBERS } from '../descriptions.ts';
import { Member } from '../types/member.ts';

const RemoveMemberInput = builder.inputType('RemoveMemberInput', {
  description: 'Input of `removeMember`.',
  fields: t => ({
    memberId: t.field({ type: 'ID', required: true, description: 'The member.' }),
  }),
});

builder.mutationField('removeMember', t =>
  t.field({
    type: Member,
    nullable: true,
    description: `Removes a member from a customer, revokes all the member's seats and ends the member's sessions. The owner can be removed only after another member became the owner. ${MANAGING_MEMBERS}`,
    args: {
      input: t.arg({ type: RemoveMemberInput, required: true, description: 'The member.' }),
    },
    errors: {
      dataField: { name: 'member', description: 'The member before the removal.' },
      union: { description: 'Result of `removeMember`.' },
      result: { description: 'The member was removed.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input }, ctx) => removeMember(ctx, input.memberId),
  }),
);
