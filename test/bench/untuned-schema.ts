import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLDateTime, GraphQLEmailAddress, GraphQLJSONObject } from 'graphql-scalars';
import { ownedBy, requireSeatManager, requireSeatReader, seatsOf } from '../../src/auth/access.ts';
import type { Ctx } from '../../src/context.ts';
import type PrismaTypes from '../../src/db/generated/pothos.ts';
import { getDatamodel } from '../../src/db/generated/pothos.ts';
import {
  FeatureNotEnabled,
  InvalidInput,
  ResourceNotFound,
  SeatAlreadyAssigned,
  SeatNotAvailable,
  type UserError,
} from '../../src/domain/errors.ts';
import { parseEmail } from '../../src/email/parse-email.ts';
import { assignWithPrisma } from './untuned-assign.ts';

// The part of usher's schema that is measured, written as the documents of Pothos and its Prisma plugin show it, on
// usher's rules: the same types, the same tenant rule, the same checks and the same transaction for a seat.

interface Scalar<T> {
  Input: T;
  Output: T;
}

interface Types {
  Context: Pick<Ctx, 'actor' | 'db'> & Ctx;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: Scalar<string>;
    DateTime: Scalar<Date>;
    EmailAddress: Scalar<string>;
    JSONObject: { Input: Record<string, unknown>; Output: unknown };
  };
}

const builder = new SchemaBuilder<Types>({
  plugins: [ErrorsPlugin, RelayPlugin, ComplexityPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  relay: {
    cursorType: 'String',
    nodesOnConnection: true,
    edgesFieldOptions: { nullable: false },
    nodeFieldOptions: { nullable: false },
  },
  complexity: { limit: { complexity: 10_000, depth: 12, breadth: 200 } },
  prisma: { client: ctx => ctx.db, dmmf: getDatamodel() },
});

builder.addScalarType('DateTime', GraphQLDateTime);
builder.addScalarType('EmailAddress', GraphQLEmailAddress);
builder.addScalarType('JSONObject', GraphQLJSONObject);

const SeatStatus = builder.enumType('SeatStatus', {
  values: {
    PENDING: { value: 'pending' },
    CLAIMED: { value: 'claimed' },
    REVOKED: { value: 'revoked' },
  } as const,
});

builder.prismaObject('Member', {
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    email: t.expose('email', { type: 'EmailAddress' }),
    name: t.exposeString('name', { nullable: true }),
    externalId: t.exposeString('externalId', { nullable: true }),
  }),
});

const CustomerSeat = builder.prismaObject('CustomerSeat', {
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    status: t.expose('status', { type: SeatStatus }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true }),
    metadata: t.expose('metadata', { type: 'JSONObject' }),
    member: t.relation('member', { nullable: true }),
  }),
});

const CustomerSubscription = builder.prismaObject('Subscription', {
  name: 'CustomerSubscription',
  fields: t => ({
    id: t.expose('id', { type: 'ID' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    totalSeats: t.int({ select: { seats: true }, resolve: ({ seats }) => seats ?? 0 }),
    availableSeats: t.int({
      select: { seats: true, seatsUsed: true },
      resolve: ({ seats, seatsUsed }) => (seats ?? 0) - seatsUsed,
    }),
    pendingSeats: t.relationCount('customerSeats', { where: { status: 'pending' } }),
    claimedSeats: t.relationCount('customerSeats', { where: { status: 'claimed' } }),
    seats: t.relatedConnection('customerSeats', {
      cursor: 'organizationId_id',
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    }),
  }),
});

builder.queryType({
  fields: t => ({
    customerSeat: t.prismaField({
      type: CustomerSeat,
      nullable: true,
      args: { id: t.arg({ type: 'ID', required: true }) },
      resolve: (query, _root, { id }, ctx) =>
        ctx.db.customerSeat.findFirst({
          ...query,
          where: { ...seatsOf(requireSeatReader(ctx.actor)), id },
        }),
    }),
    customerSubscription: t.prismaField({
      type: CustomerSubscription,
      nullable: true,
      args: { id: t.arg({ type: 'ID', required: true }) },
      resolve: (query, _root, { id }, ctx) =>
        ctx.db.subscription.findFirst({
          ...query,
          where: { ...ownedBy(requireSeatReader(ctx.actor)), id, deletedAt: null },
        }),
    }),
  }),
});

const SeatErrorInterface = builder.interfaceRef<UserError>('UserError').implement({
  fields: t => ({ code: t.exposeString('code'), message: t.exposeString('message') }),
});

const REFUSALS = [
  SeatNotAvailable,
  SeatAlreadyAssigned,
  InvalidInput,
  ResourceNotFound,
  FeatureNotEnabled,
];

for (const failure of REFUSALS) {
  builder.objectType(failure, { name: `${failure.name}Error`, interfaces: [SeatErrorInterface] });
}

const Source = builder.inputType('SeatSourceInput', {
  fields: t => ({ subscriptionId: t.field({ type: 'ID', required: true }) }),
});

const Recipient = builder.inputType('SeatRecipientInput', {
  fields: t => ({ email: t.field({ type: 'EmailAddress', required: true }) }),
});

const AssignSeatInput = builder.inputType('AssignSeatInput', {
  fields: t => ({
    source: t.field({ type: Source, required: true }),
    recipient: t.field({ type: Recipient, required: true }),
  }),
});

builder.mutationType({
  fields: t => ({
    assignSeat: t.field({
      type: CustomerSeat,
      nullable: true,
      args: { input: t.arg({ type: AssignSeatInput, required: true }) },
      errors: {
        dataField: { name: 'seat' },
        result: { name: 'AssignSeatSuccess' },
        union: { name: 'AssignSeatResult' },
        types: REFUSALS,
      },
      async resolve(_root, { input }, ctx) {
        const email = parseEmail(input.recipient.email);
        if (!email.ok) {
          throw new InvalidInput([{ path: ['email'], code: 'EMAIL', message: email.reason }]);
        }
        const actor = requireSeatManager(ctx.actor);
        const { subscriptionId } = input.source;
        const assigned = await assignWithPrisma(ctx, actor, subscriptionId, email.email);
        ctx.changes.announce(assigned.id);
        return assigned;
      },
    }),
  }),
});

export const schema = builder.toSchema();
