import { Client, fetchExchange } from '@urql/core';
import { type CacheExchangeOpts, cacheExchange, type Resolver } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import schema from './generated/introspection.json' with { type: 'json' };
import { updates } from './urql-lists.ts';

/** Objects that are parts of those that have them: they have no id, or share it. */
const PARTS = schema.__schema.types.filter(
  ({ kind, name, fields }) =>
    kind === 'OBJECT' && (name === 'Actor' || !fields?.some(field => field.name === 'id')),
);
const PAGE = relayPagination();

/** Joins pages, and keeps a list that the caller may not see null. */
const PAGES: Resolver = (parent, args, cache, info) =>
  cache.resolve(info.parentKey, info.fieldName, args) === null
    ? null
    : PAGE(parent, args, cache, info);

export const cacheOptions: Partial<CacheExchangeOpts> = {
  schema,
  keys: Object.fromEntries(PARTS.map(({ name }) => [name, () => null])),
  resolvers: {
    Query: {
      customerSeats: PAGES,
      seatEvents: PAGES,
      auditEvents: PAGES,
      mails: PAGES,
      webhookEndpoints: PAGES,
      claimedSubscriptions: PAGES,
    },
    Organization: { customers: PAGES, subscriptions: PAGES, orders: PAGES, seats: PAGES },
    Customer: { members: PAGES, subscriptions: PAGES, orders: PAGES, seats: PAGES },
    CustomerSubscription: { seats: PAGES, seatEvents: PAGES },
    CustomerOrder: { seats: PAGES, seatEvents: PAGES },
    Member: { seats: PAGES },
    CustomerSeat: { history: PAGES },
    WebhookEndpoint: { deliveries: PAGES },
  },
  updates,
};

export function createClient(url: string, token: string) {
  return new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [cacheExchange(cacheOptions), fetchExchange],
  });
}
