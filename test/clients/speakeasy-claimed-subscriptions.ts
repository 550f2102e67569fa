import { describe, expect, test } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { claimTwice } from './claimed-subscriptions.ts';
import { rejection } from './seat-calls.ts';
import type { Session, SpeakeasyClient, SpeakeasyVersion } from './speakeasy.ts';

/** A client that pages through the claimed subscriptions, as those since 0.44 do. */
interface PagingClient {
  customerSeats: SpeakeasyClient['customerSeats'];
  customerPortal: {
    seats: {
      listClaimedSubscriptions(
        session: Session,
        request: { page?: number; limit?: number },
      ): Promise<AsyncIterable<{ result: Page }> & { result: Page }>;
    };
  };
}

interface Page {
  items: { id: string }[];
  pagination: { totalCount: number; maxPage: number };
}

interface PagingVersion extends Pick<SpeakeasyVersion, 'HTTPValidationError'> {
  create(options: { serverURL: string; accessToken?: string }): PagingClient;
}

/** Tests the one seats method whose answer comes in pages. */
export function testClaimedSubscriptions(version: PagingVersion, running: () => TestUsher): void {
  const seats = () => version.create({ serverURL: running().url }).customerPortal.seats;

  describe('the subscriptions of claimed seats', () => {
    test('are decoded with the product and whose it is', async () => {
      const usher = running();
      const { fixture, subscriptionIds, sessionToken } = await claimTwice(usher);
      const rows = await usher.db.subscription.findMany({
        where: { customerId: fixture.ids.customer },
        orderBy: { createdAt: 'asc' },
      });
      const { result } = await seats().listClaimedSubscriptions(
        { memberSession: sessionToken },
        {},
      );
      expect(result.pagination).toEqual({ totalCount: 2, maxPage: 1 });
      expect(result.items.map(({ id }) => id)).toEqual(subscriptionIds);
      expect(result.items).toMatchObject([
        {
          createdAt: rows[0]?.createdAt,
          startedAt: rows[0]?.createdAt,
          endedAt: null,
          status: 'active',
          seats: 5,
          customerId: fixture.ids.customer,
          checkoutId: fixture.ids.subscriptionCheckout,
          productId: fixture.ids.product,
          product: {
            id: fixture.ids.product,
            name: 'Team Pro',
            benefits: [],
            organization: { id: fixture.ids.organization, name: 'Acme', slug: fixture.slug },
          },
          prices: [],
          meters: [],
        },
        { status: 'canceled', seats: 2, checkoutId: null, endedAt: rows[1]?.modifiedAt },
      ]);
    });

    test('are paged through by the iterator', async () => {
      const { subscriptionIds, sessionToken } = await claimTwice(running());
      const session = { memberSession: sessionToken };
      const pages: string[][] = [];
      for await (const { result } of await seats().listClaimedSubscriptions(session, {
        limit: 1,
      })) {
        expect(result.pagination).toEqual({ totalCount: 2, maxPage: 2 });
        pages.push(result.items.map(({ id }) => id));
      }
      expect(pages).toEqual(subscriptionIds.map(id => [id]));
      const second = await seats().listClaimedSubscriptions(session, { page: 2, limit: 1 });
      expect(second.result.items).toMatchObject([{ id: subscriptionIds[1] }]);
    });

    test('are those of the customer where the session is the customer’s own', async () => {
      const usher = running();
      const fixture = await usher.addFixture({ memberModelEnabled: false });
      const { subscription, otherCustomer } = fixture.ids;
      await version
        .create({ serverURL: usher.url, accessToken: fixture.tokens.organization })
        .customerSeats.assignSeat({
          subscriptionId: subscription,
          customerId: otherCustomer,
          immediateClaim: true,
        });
      const of = (customerSession: string) =>
        seats().listClaimedSubscriptions({ customerSession }, {});
      const mine = await of(fixture.tokens.otherCustomer);
      expect(mine.result.items).toMatchObject([{ id: subscription }]);
      const theirs = await of(fixture.tokens.customer);
      expect(theirs.result).toEqual({ items: [], pagination: { totalCount: 0, maxPage: 0 } });
    });

    test('have no page before the first', async () => {
      const { tokens } = await running().addFixture();
      const session = { memberSession: tokens.member };
      const error = await rejection(seats().listClaimedSubscriptions(session, { page: 0 }));
      expect(error).toBeInstanceOf(version.HTTPValidationError);
      expect(error).toMatchObject({
        statusCode: 422,
        detail: [
          {
            type: 'greater_than',
            loc: ['query', 'page'],
            msg: 'Input should be greater than 0',
            input: '0',
          },
        ],
      });
    });
  });
}
