import {
  ApolloClient,
  type FieldPolicy,
  HttpLink,
  InMemoryCache,
  type TypePolicies,
} from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import possibleTypes from './generated/possible-types.ts';

const PART = { merge: true };
const ALL = pagesBy();
const FILTERED = pagesBy('filter');
const SEATS = pagesBy('filter', 'orderBy');

/** Joins pages, and keeps a list that the caller may not see null, which relayStylePagination makes empty. */
function pagesBy(...keyArgs: string[]): FieldPolicy {
  const policy = relayStylePagination(keyArgs);
  const merge = policy.merge as Exclude<FieldPolicy['merge'], boolean | undefined>;
  return { ...policy, merge: (had, page, options) => page && merge(had, page, options) };
}

export const typePolicies: TypePolicies = {
  Query: {
    fields: {
      viewer: PART,
      seatClaimInfo: PART,
      customerSeats: pagesBy('organizationId', 'filter', 'orderBy'),
      seatEvents: pagesBy('organizationId', 'filter'),
      auditEvents: pagesBy('organizationId', 'filter'),
      mails: pagesBy('organizationId', 'status', 'kind', 'seatId', 'recipient'),
      webhookEndpoints: pagesBy('organizationId'),
      claimedSubscriptions: ALL,
    },
  },
  Organization: {
    fields: {
      settings: PART,
      customers: FILTERED,
      subscriptions: FILTERED,
      orders: FILTERED,
      seats: SEATS,
    },
  },
  Customer: {
    fields: { members: FILTERED, subscriptions: FILTERED, orders: FILTERED, seats: SEATS },
  },
  SeatPool: { fields: { seats: SEATS, seatEvents: FILTERED } },
  Member: { fields: { seats: SEATS } },
  CustomerSeat: { fields: { invitation: PART, history: ALL } },
  SeatEvent: { fields: { actor: PART, holder: PART } },
  AuditEvent: { fields: { actor: PART } },
  Actor: { keyFields: false },
  WebhookEndpoint: { fields: { deliveries: pagesBy('status') } },
};

export function createClient(uri: string, token: string) {
  return new ApolloClient({
    link: new HttpLink({ uri, headers: { authorization: `Bearer ${token}` } }),
    cache: new InMemoryCache({ ...possibleTypes, typePolicies }),
  });
}
