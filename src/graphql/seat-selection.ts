import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import type { MemberColumn, SeatColumn, SeatSelection } from '../seats/read/seat-projection.ts';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** The columns of each field of a seat. Any other field selects everything. */
const SEAT_FIELDS: Readonly<Record<string, readonly SeatColumn[]>> = {
  __typename: [],
  id: ['id'],
  createdAt: ['createdAt'],
  assignedAt: ['assignedAt'],
  modifiedAt: ['modifiedAt'],
  status: ['status'],
  subscriptionId: ['subscriptionId'],
  orderId: ['orderId'],
  customerId: ['customerId'],
  memberId: ['memberId'],
  email: ['email'],
  invitationTokenExpiresAt: ['invitationTokenExpiresAt'],
  invitationUrl: [
    'organizationId',
    'id',
    'status',
    'invitationNonce',
    'invitationTokenHash',
    'invitationTokenExpiresAt',
  ],
  invitation: ['organizationId', 'id', 'status', 'invitationTokenHash', 'invitationTokenExpiresAt'],
  claimedAt: ['claimedAt'],
  revokedAt: ['revokedAt'],
  metadata: ['metadata'],
  member: [],
  // Prisma loads these relations by the seat's key.
  subscription: ['organizationId', 'id'],
  order: ['organizationId', 'id'],
  pool: ['organizationId', 'subscriptionId', 'orderId'],
  history: ['organizationId', 'id', 'subscriptionId', 'orderId'],
};

/** The columns of each field of a member. */
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

// The nodes of a cached document stay the same.
const known = new WeakMap<Info['fieldNodes'], SeatSelection | 'everything'>();

/** Returns the columns of a seat, or of each seat of a page, that a field selects. */
export function selectionOf(info: Info, kind: 'seat' | 'page'): SeatSelection | 'everything' {
  const found = known.get(info.fieldNodes) ?? findSelection(info, kind);
  known.set(info.fieldNodes, found);
  return found;
}

function findSelection({ fieldNodes, fragments }: Info, kind: 'seat' | 'page') {
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
  function select<Column>(into: Set<Column>, columns: readonly Column[] | undefined): void {
    if (columns === undefined) isKnown = false;
    for (const column of columns ?? []) into.add(column);
  }
  const visitSeat = (name: string, selectionSet: SelectionSetNode | undefined) => {
    select(seat, SEAT_FIELDS[name]);
    if (name === 'member') eachField(selectionSet, field => select(member, MEMBER_FIELDS[field]));
  };
  const visitEdge = (name: string, selectionSet: SelectionSetNode | undefined) => {
    if (name === 'node') eachField(selectionSet, visitSeat);
    else select(seat, name === 'cursor' ? ['createdAt', 'id'] : []);
  };
  const visitPage = (name: string, selectionSet: SelectionSetNode | undefined) => {
    if (name === 'nodes') eachField(selectionSet, visitSeat);
    else if (name === 'edges') eachField(selectionSet, visitEdge);
    else select(seat, name === 'pageInfo' ? ['createdAt', 'id'] : []);
  };
  const visit = kind === 'seat' ? visitSeat : visitPage;
  for (const { selectionSet } of fieldNodes) eachField(selectionSet, visit);
  // The length of a page depends on its rows, even without selected columns.
  seat.add('id');
  return isKnown ? { seat, member } : ('everything' as const);
}
