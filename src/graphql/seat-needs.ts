import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import type { MemberColumn, SeatColumn, SeatNeeds } from '../seats/read/seat-projection.ts';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** The columns that each field of a seat is made of. A field that is not here needs everything. */
const SEAT_FIELDS: Readonly<Record<string, readonly SeatColumn[]>> = {
  __typename: [],
  id: ['id'],
  createdAt: ['createdAt'],
  modifiedAt: ['modifiedAt'],
  status: ['status'],
  subscriptionId: ['subscriptionId'],
  orderId: ['orderId'],
  customerId: ['customerId'],
  memberId: ['memberId'],
  email: ['email'],
  invitationTokenExpiresAt: ['invitationTokenExpiresAt'],
  invitationUrl: ['organizationId', 'id', 'status', 'invitationNonce', 'invitationTokenExpiresAt'],
  claimedAt: ['claimedAt'],
  revokedAt: ['revokedAt'],
  metadata: ['metadata'],
  member: [],
  // Prisma loads them by the seat's key.
  subscription: ['organizationId', 'id'],
  order: ['organizationId', 'id'],
};

/** The same for a member. */
const MEMBER_FIELDS: Readonly<Record<string, readonly MemberColumn[]>> = {
  __typename: ['id'],
  id: ['id'],
  createdAt: ['createdAt'],
  modifiedAt: ['modifiedAt'],
  email: ['email'],
  name: ['name'],
  externalId: ['externalId'],
  role: ['role'],
  customer: ['organizationId', 'id'],
  seats: ['organizationId', 'customerId', 'id'],
};

// By the field's nodes, which are the same whenever a compiled operation is executed.
const known = new WeakMap<Info['fieldNodes'], SeatNeeds | 'everything'>();

/** What the selection of a field needs of the seat that it is, or of each seat of the page that it is. */
export function needsOf(info: Info, kind: 'seat' | 'page'): SeatNeeds | 'everything' {
  const found = known.get(info.fieldNodes) ?? findNeeds(info, kind);
  known.set(info.fieldNodes, found);
  return found;
}

function findNeeds({ fieldNodes, fragments }: Info, kind: 'seat' | 'page') {
  const seat = new Set<SeatColumn>();
  const member = new Set<MemberColumn>();
  let isKnown = true;

  function eachField(
    selectionSet: SelectionSetNode | undefined,
    visit: (name: string, selectionSet: SelectionSetNode | undefined) => void,
  ): void {
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === 'Field') visit(selection.name.value, selection.selectionSet);
      else if (selection.kind === 'InlineFragment') eachField(selection.selectionSet, visit);
      else eachField(fragments[selection.name.value]?.selectionSet, visit);
    }
  }
  function need<Column>(into: Set<Column>, columns: readonly Column[] | undefined): void {
    if (columns === undefined) isKnown = false;
    for (const column of columns ?? []) into.add(column);
  }
  const visitSeat = (name: string, selectionSet: SelectionSetNode | undefined) => {
    need(seat, SEAT_FIELDS[name]);
    if (name === 'member') eachField(selectionSet, field => need(member, MEMBER_FIELDS[field]));
  };
  const visitEdge = (name: string, selectionSet: SelectionSetNode | undefined) => {
    if (name === 'node') eachField(selectionSet, visitSeat);
    else need(seat, name === 'cursor' ? ['createdAt', 'id'] : []);
  };
  const visitPage = (name: string, selectionSet: SelectionSetNode | undefined) => {
    if (name === 'nodes') eachField(selectionSet, visitSeat);
    else if (name === 'edges') eachField(selectionSet, visitEdge);
    else need(seat, name === 'pageInfo' ? ['createdAt', 'id'] : []);
  };
  const visit = kind === 'seat' ? visitSeat : visitPage;
  for (const { selectionSet } of fieldNodes) eachField(selectionSet, visit);
  // A page needs its rows, if only to be counted.
  seat.add('id');
  return isKnown ? { seat, member } : ('everything' as const);
}
