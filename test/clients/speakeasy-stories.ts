import { describe, expect, test } from 'vitest';
import { tokenOf } from '../support/invitations.ts';
import type { TestUsher } from '../support/usher.ts';
import { rejection } from './seat-calls.ts';
import type { Seat, Session, SpeakeasyVersion } from './speakeasy.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Tests every seats method of a client where it succeeds, by what the client's own models make of the answers. */
export function testStories(version: SpeakeasyVersion, running: () => TestUsher): void {
  const client = (accessToken?: string) =>
    version.create({
      serverURL: running().url,
      ...(accessToken !== undefined && { accessToken }),
    });
  /** The member as far as the client knows of one. */
  const member = (fields: Record<string, unknown> | null) =>
    version.decodesMember ? { member: fields } : {};

  describe.each([
    ['an organization token', 'organization'],
    ['a personal token', 'personal'],
  ] as const)('a seller with %s', (_name, token) => {
    test('assigns a seat and follows it to its end', async () => {
      const usher = running();
      const fixture = await usher.addFixture();
      const { customerSeats } = client(fixture.tokens[token]);
      const pool = { subscriptionId: fixture.ids.subscription };

      const assigned = await customerSeats.assignSeat({
        ...pool,
        email: 'sam@globex.example',
        metadata: { department: 'R&D', level: 3, tags: ['a', null] },
      });
      const { id } = assigned;
      const row = await usher.db.customerSeat.findFirstOrThrow({
        where: { id },
        include: { member: true },
      });
      const holder = {
        id: row.memberId,
        createdAt: row.member?.createdAt,
        modifiedAt: null,
        customerId: fixture.ids.customer,
        email: 'sam@globex.example',
        name: null,
        externalId: null,
        role: 'member',
      };
      expect(assigned).toEqual({
        createdAt: row.createdAt,
        modifiedAt: null,
        id,
        subscriptionId: fixture.ids.subscription,
        orderId: null,
        status: 'pending',
        customerId: fixture.ids.customer,
        memberId: row.memberId,
        ...member(holder),
        email: 'sam@globex.example',
        customerEmail: 'sam@globex.example',
        invitationTokenExpiresAt: new Date(row.createdAt.getTime() + DAY_MS),
        claimedAt: null,
        revokedAt: null,
        seatMetadata: { department: 'R&D', level: 3, tags: ['a', null] },
      });
      expect(await customerSeats.listSeats(pool)).toEqual({
        seats: [assigned],
        availableSeats: 4,
        totalSeats: 5,
      });

      const resent = await customerSeats.resendInvitation({ seatId: id });
      expect(resent).toEqual({
        ...assigned,
        modifiedAt: expect.any(Date),
        invitationTokenExpiresAt: expect.any(Date),
      });

      const invitationToken = await tokenOf(usher, id);
      expect(await customerSeats.getClaimInfo({ invitationToken })).toEqual({
        productName: 'Team Pro',
        productId: fixture.ids.product,
        organizationName: 'Acme',
        organizationSlug: fixture.slug,
        customerEmail: 'sam@globex.example',
        canClaim: true,
      });

      const claimed = await customerSeats.claimSeat({ invitationToken });
      expect(claimed).toEqual({
        seat: {
          ...resent,
          status: 'claimed',
          modifiedAt: expect.any(Date),
          claimedAt: expect.any(Date),
        },
        customerSessionToken: expect.stringMatching(/^usher_mst_[\w-]{43}$/),
      });
      const again = await rejection(customerSeats.claimSeat({ invitationToken }));
      expect(again).toMatchObject({ statusCode: 400 });

      const revoked = await customerSeats.revokeSeat({ seatId: id });
      // The first answer still says who lost the seat.
      expect(revoked).toEqual({
        ...claimed.seat,
        status: 'revoked',
        modifiedAt: expect.any(Date),
        revokedAt: expect.any(Date),
        customerId: null,
        memberId: null,
        email: null,
        ...member(holder),
        customerEmail: 'sam@globex.example',
      });
      expect(await customerSeats.revokeSeat({ seatId: id })).toEqual({
        ...revoked,
        ...member(null),
        customerEmail: null,
      });

      const resend = await rejection(customerSeats.resendInvitation({ seatId: id }));
      expect(resend).toBeInstanceOf(version.SDKError);
      expect(resend).toMatchObject({
        statusCode: 400,
        body: '{"error":"SeatNotPending","detail":"Seat is not in pending status"}',
      });
      expect(await customerSeats.listSeats(pool)).toMatchObject({
        seats: [{ id, status: 'revoked' }],
        availableSeats: 5,
      });
    });
  });

  describe.each([
    ['a customer session', 'customer'],
    ['the session of an owner', 'owner'],
    ['the session of a billing manager', 'manager'],
  ] as const)('a customer with %s', (_name, key) => {
    test('hands out the seats that it bought', async () => {
      const usher = running();
      const fixture = await usher.addFixture();
      const token = fixture.tokens[key];
      const session: Session =
        key === 'customer' ? { customerSession: token } : { memberSession: token };
      const { seats } = client().customerPortal;

      const ofSubscription = await seats.assignSeat(session, {
        checkoutId: fixture.ids.subscriptionCheckout,
        email: 'sam@globex.example',
      });
      expect(ofSubscription).toMatchObject({
        createdAt: expect.any(Date),
        subscriptionId: fixture.ids.subscription,
        orderId: null,
        status: 'pending',
        ...member({ role: 'member', email: 'sam@globex.example' }),
        seatMetadata: {},
      });
      const ofOrder = await seats.assignSeat(session, {
        orderId: fixture.ids.order,
        email: 'jane@globex.example',
        immediateClaim: true,
      });
      expect(ofOrder).toMatchObject({
        subscriptionId: null,
        orderId: fixture.ids.order,
        status: 'claimed',
        memberId: fixture.ids.owner,
        ...member({ role: 'owner', externalId: 'usr_jane' }),
        invitationTokenExpiresAt: null,
        claimedAt: expect.any(Date),
      });
      expect(await seats.listSeats(session, { orderId: fixture.ids.order })).toEqual({
        seats: [ofOrder],
        availableSeats: 4,
        totalSeats: 5,
      });

      const { id: seatId } = ofSubscription;
      const firstInvitation = await tokenOf(usher, seatId);
      const resent = await seats.resendInvitation(session, { seatId });
      expect(resent).toMatchObject({ id: seatId, status: 'pending', modifiedAt: expect.any(Date) });
      expect(await tokenOf(usher, seatId)).not.toBe(firstInvitation);

      const revoked = await seats.revokeSeat(session, { seatId });
      expect(revoked).toMatchObject({
        id: seatId,
        status: 'revoked',
        customerId: null,
        memberId: null,
        ...member({ role: 'member', email: 'sam@globex.example' }),
        revokedAt: expect.any(Date),
      });
    });
  });

  test('every member may look at the seats', async () => {
    const fixture = await running().addFixture();
    const list = await client().customerPortal.seats.listSeats(
      { memberSession: fixture.tokens.member },
      { subscriptionId: fixture.ids.subscription },
    );
    expect(list).toEqual({ seats: [], availableSeats: 5, totalSeats: 5 });
  });

  test.each([
    ['by an e-mail address', () => ({ email: 'initech@initech.example' })],
    ['by an external customer id', () => ({ externalCustomerId: 'initech' })],
    ['by a customer id', (customerId: string) => ({ customerId })],
  ])('a seat is given to somebody %s', async (_name, recipient) => {
    const fixture = await running().addFixture();
    const seat: Seat = await client(fixture.tokens.organization).customerSeats.assignSeat({
      subscriptionId: fixture.ids.subscription,
      ...recipient(fixture.ids.otherCustomer),
    });
    expect(seat).toMatchObject({
      customerId: fixture.ids.customer,
      email: 'initech@initech.example',
      ...member({ role: 'member', email: 'initech@initech.example' }),
    });
  });

  test('an invitation is enough to claim with, whatever token the client has', async () => {
    const usher = running();
    const fixture = await usher.addFixture();
    const { id } = await client(fixture.tokens.organization).customerSeats.assignSeat({
      subscriptionId: fixture.ids.subscription,
      email: 'sam@globex.example',
    });
    const invitationToken = await tokenOf(usher, id);
    // The client sends no token with these two, or this one would be refused.
    const { customerSeats } = client(fixture.tokens.expired);
    expect(await customerSeats.getClaimInfo({ invitationToken })).toMatchObject({ canClaim: true });
    const { seat } = await customerSeats.claimSeat({ invitationToken });
    expect(seat).toMatchObject({ id, status: 'claimed' });
  });
}
