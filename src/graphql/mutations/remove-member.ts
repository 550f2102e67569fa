import * as errors from '../../domain/errors.ts';
import { KEPT_REMOVAL } from '../../idempotency/kept-rows.ts';
import { onceInTransaction } from '../../idempotency/once-in-transaction.ts';
import { type RemovedMember, removeMember } from '../../members/remove.ts';
import { builder } from '../builder.ts';
import { MANAGING_MEMBERS } from '../descriptions.ts';
import { IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY } from '../idempotency.ts';
import { CustomerSeat } from '../types/customer-seat.ts';
import { Member } from '../types/member.ts';

const RemoveMemberInput = builder.inputType('RemoveMemberInput', {
  description: 'Input of `removeMember`.',
  fields: t => ({
    memberId: t.field({ type: 'ID', required: true, description: 'The member.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const RemoveMemberSuccess = builder.objectRef<RemovedMember>('RemoveMemberSuccess').implement({
  description: 'The member was removed.',
  fields: t => ({
    member: t.field({
      type: Member,
      description: 'The member before the removal.',
      resolve: ({ member }) => member,
    }),
    revokedSeats: t.field({
      type: [CustomerSeat],
      description: 'The seats that the member held, after their revocation, without a holder.',
      resolve: ({ revokedSeats }) =>
        revokedSeats.map(seat => ({ ...seat, member: null, customer: null })),
    }),
  }),
});

builder.mutationField('removeMember', t =>
  t.field({
    type: RemoveMemberSuccess,
    nullable: true,
    description: `Removes a member from a customer, revokes all the member's seats and ends the member's sessions. The owner can be removed only after another member became the owner. ${MANAGING_MEMBERS}`,
    args: {
      input: t.arg({ type: RemoveMemberInput, required: true, description: 'The member.' }),
    },
    errors: {
      directResult: true,
      union: { description: 'Result of `removeMember`.' },
      types: [
        errors.ResourceNotFound,
        errors.NotPermitted,
        errors.InvalidInput,
        ...IDEMPOTENCY_ERRORS,
      ],
    },
    resolve: (_root, { input: { idempotencyKey: key, ...input } }, ctx) =>
      onceInTransaction(ctx, { operation: 'removeMember', key, input }, KEPT_REMOVAL, keyed =>
        removeMember(keyed, input.memberId),
      ),
  }),
);
