import { expect, test } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import type { PoolIds } from './seat-calls.ts';
import type { Seat, Session } from './speakeasy.ts';

interface AssigningClient<Body> {
  customerSeats: { assignSeat(request: Body): Promise<Seat> };
  customerPortal: { seats: { assignSeat(session: Session, request: Body): Promise<Seat> } };
}

interface Version<Client> {
  create(options: { serverURL: string; accessToken?: string }): Client;
}

interface MemberIds extends PoolIds {
  memberId?: string;
  externalMemberId?: string;
  email?: string;
}

/** Tests the member ids of an assignment, which clients since 0.43 can say. */
export function testMemberIds(
  version: Version<AssigningClient<MemberIds>>,
  running: () => TestUsher,
): void {
  test.each(['seller', 'customer'])('a %s gives seats to members by their ids', async who => {
    const usher = running();
    const fixture = await usher.addFixture();
    const client = version.create({
      serverURL: usher.url,
      accessToken: fixture.tokens.organization,
    });
    const assign = (recipient: MemberIds) => {
      const body = { subscriptionId: fixture.ids.subscription, ...recipient };
      const session = { memberSession: fixture.tokens.owner };
      return who === 'seller'
        ? client.customerSeats.assignSeat(body)
        : client.customerPortal.seats.assignSeat(session, body);
    };
    const known = await assign({ memberId: fixture.ids.manager });
    expect(known.member).toMatchObject({ id: fixture.ids.manager, role: 'billing_manager' });
    const external = await assign({ externalMemberId: 'usr_mia' });
    expect(external.member).toMatchObject({ id: fixture.ids.member, externalId: 'usr_mia' });
    const made = await assign({ externalMemberId: 'usr_new', email: 'new@globex.example' });
    expect(made.member).toMatchObject({
      externalId: 'usr_new',
      email: 'new@globex.example',
      createdAt: expect.any(Date),
      role: 'member',
    });
  });
}

/** Tests that a seller may name a checkout, which only clients before 0.48 can. */
export function testSellersCheckout(
  version: Version<{
    customerSeats: { assignSeat(request: { checkoutId: string; email: string }): Promise<Seat> };
  }>,
  running: () => TestUsher,
): void {
  test('a seller gives a seat of what a checkout bought', async () => {
    const usher = running();
    const { ids, tokens } = await usher.addFixture();
    const { customerSeats } = version.create({
      serverURL: usher.url,
      accessToken: tokens.organization,
    });
    const email = 'sam@globex.example';
    const bought = await customerSeats.assignSeat({ checkoutId: ids.orderCheckout, email });
    expect(bought).toMatchObject({ orderId: ids.order, subscriptionId: null });
    const subscribed = await customerSeats.assignSeat({
      checkoutId: ids.subscriptionCheckout,
      email,
    });
    expect(subscribed).toMatchObject({ orderId: null, subscriptionId: ids.subscription });
  });
}
