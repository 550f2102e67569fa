import { mayRead, ownedBy, requireSeatReader } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { READING } from '../descriptions.ts';
import { pageComplexity } from '../pages.ts';
import { Customer } from './customer.ts';
import { CustomerSeat } from './customer-seat.ts';
import { pageOfSeats, SEAT_LIST, SeatConnection } from './seat-connection.ts';

/** What a member may do. */
export const MemberRole = builder.enumType('MemberRole', {
  description: 'Role of a member.',
  values: {
    OWNER: {
      value: 'owner',
      description: "Owns the customer's account. A customer has at most one owner.",
    },
    BILLING_MANAGER: { value: 'billing_manager', description: 'Can assign and revoke seats.' },
    MEMBER: { value: 'member', description: 'Can see seats and claim a seat.' },
  } as const,
});

/** A person in a customer's team. */
export const Member = builder.prismaObject('Member', {
  name: 'Member',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime', nullable: true }),
    email: t.expose('email', { type: 'EmailAddress' }),
    name: t.exposeString('name', { nullable: true }),
    externalId: t.exposeString('externalId', { nullable: true }),
    role: t.expose('role', { type: MemberRole }),
    customer: t.field({
      type: Customer,
      nullable: true,
      description: 'The customer; null if you are not allowed to see it.',
      select: (_args, _ctx, nested) => ({ customer: nested() }),
      resolve: (member, _args, ctx) => (mayRead(ctx.actor, member) ? member.customer : null),
    }),
    seats: t.connection(
      {
        type: CustomerSeat,
        nullable: true,
        description:
          'The live seats of the member in all pools; null if you are not allowed to see them. `first` is at most 100.',
        args: SEAT_LIST,
        complexity: pageComplexity,
        resolve: (member, args, ctx, info) => {
          if (!mayRead(ctx.actor, member)) return null;
          const { organizationId, id } = member;
          return pageOfSeats(ctx, args, info, { of: 'member', organizationId, id });
        },
      },
      SeatConnection,
    ),
  }),
});

// Not a relation: the reader, which loads most seats, loads the member with the seat.
builder.prismaObjectField('CustomerSeat', 'member', t =>
  t.field({
    type: Member,
    nullable: true,
    description: 'The member who holds the seat; null after revocation.',
    extensions: { pothosExposedField: 'member' },
    resolve: seat => seat.member,
  }),
);

builder.queryField('member', t =>
  t.prismaField({
    type: Member,
    nullable: true,
    description: `A member by id; null if it does not exist or you are not allowed to see it. ${READING}`,
    args: { id: t.arg({ type: 'ID', required: true, description: "The member's id." }) },
    resolve: (query, _root, { id }, ctx) =>
      ctx.db.member.findFirst({
        ...query,
        where: { ...ownedBy(requireSeatReader(ctx.actor)), id, deletedAt: null },
      }),
  }),
);
