import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../support/invitations.ts';
import type { TestUsher } from '../support/usher.ts';
import { claimTwice } from './claimed-subscriptions.ts';
import { entryPoints, errorClass } from './polar-1.ts';
import { rejection } from './seat-calls.ts';
import { startUsherForClients } from './usher-for-clients.ts';

/** RFC 3339 in UTC: this client leaves times as they come. */
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/);
const DAY_MS = 24 * 60 * 60 * 1000;

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsherForClients();
});
afterAll(() => usher.close());

describe.each(entryPoints)('%s', (_version, entryPoint) => {
  const client = (accessToken: string) =>
    entryPoint.createPolar({ accessToken, baseUrl: usher.url });

  test.each(['organization', 'personal'] as const)(
    'a seller with an access token (%s) assigns a seat and follows it to its end',
    async token => {
      const fixture = await usher.addFixture();
      const { customerSeats } = client(fixture.tokens[token]);
      const pool = { subscription_id: fixture.ids.subscription };

      const assigned = await customerSeats.assignSeat({
        ...pool,
        email: 'sam@globex.example',
        metadata: { department: 'R&D', level: 3, tags: ['a', null] },
      });
      const { id } = assigned;
      const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
      expect(assigned).toEqual({
        created_at: TIME,
        modified_at: null,
        id,
        subscription_id: fixture.ids.subscription,
        order_id: null,
        status: 'pending',
        customer_id: fixture.ids.customer,
        member_id: row.memberId,
        member: {
          id: row.memberId,
          created_at: TIME,
          modified_at: null,
          customer_id: fixture.ids.customer,
          email: 'sam@globex.example',
          name: null,
          external_id: null,
          role: 'member',
        },
        email: 'sam@globex.example',
        customer_email: 'sam@globex.example',
        invitation_token_expires_at: TIME,
        claimed_at: null,
        revoked_at: null,
        seat_metadata: { department: 'R&D', level: 3, tags: ['a', null] },
      });
      expect(new Date(assigned.created_at)).toEqual(row.createdAt);
      expect(new Date(assigned.invitation_token_expires_at ?? '')).toEqual(
        new Date(row.createdAt.getTime() + DAY_MS),
      );
      expect(await customerSeats.listSeats(pool)).toEqual({
        seats: [assigned],
        available_seats: 4,
        total_seats: 5,
      });

      const resent = await customerSeats.resendInvitation(id);
      expect(resent).toEqual({
        ...assigned,
        modified_at: TIME,
        invitation_token_expires_at: TIME,
      });

      const invitationToken = await tokenOf(usher, id);
      expect(await customerSeats.getClaimInfo(invitationToken)).toEqual({
        product_name: 'Team Pro',
        product_id: fixture.ids.product,
        organization_name: 'Acme',
        organization_slug: fixture.slug,
        customer_email: 'sam@globex.example',
        can_claim: true,
      });
      const claim = () => customerSeats.claimSeat({ invitation_token: invitationToken });
      const claimed = await claim();
      expect(claimed).toEqual({
        seat: { ...resent, status: 'claimed', modified_at: TIME, claimed_at: TIME },
        customer_session_token: expect.stringMatching(/^usher_mst_[\w-]{43}$/),
      });
      expect(await rejection(claim())).toBeInstanceOf(
        errorClass(entryPoint, 'CustomerSeatsClaimSeat', 400),
      );

      const revoked = await customerSeats.revokeSeat(id);
      // The first answer still says who lost the seat.
      expect(revoked).toEqual({
        ...claimed.seat,
        status: 'revoked',
        modified_at: TIME,
        revoked_at: TIME,
        customer_id: null,
        member_id: null,
        email: null,
      });
      expect(await customerSeats.revokeSeat(id)).toEqual({
        ...revoked,
        member: null,
        customer_email: null,
      });
      const resend = await rejection(customerSeats.resendInvitation(id));
      expect(resend).toBeInstanceOf(errorClass(entryPoint, 'CustomerSeatsResendInvitation', 400));
      expect(resend).toMatchObject({ error: { error: 'SeatNotPending' } });
    },
  );

  test.each(['customer', 'owner', 'manager'] as const)(
    'a customer with a session (%s) hands out the seats that it bought',
    async session => {
      const fixture = await usher.addFixture();
      const { seats } = client(fixture.tokens[session]).customerPortal;
      const ofSubscription = await seats.assignSeat({
        checkout_id: fixture.ids.subscriptionCheckout,
        // Decision 18: a session names its own customer alone.
        external_customer_id: 'globex',
      });
      expect(ofSubscription).toMatchObject({
        subscription_id: fixture.ids.subscription,
        status: 'pending',
        member: { role: 'member', email: 'Billing@globex.example' },
        seat_metadata: {},
      });
      const ofOrder = await seats.assignSeat({
        order_id: fixture.ids.order,
        external_member_id: 'usr_jane',
        immediate_claim: true,
      });
      expect(ofOrder).toMatchObject({
        order_id: fixture.ids.order,
        status: 'claimed',
        member: { id: fixture.ids.owner, role: 'owner' },
        invitation_token_expires_at: null,
        claimed_at: TIME,
      });
      expect(await seats.listSeats({ order_id: fixture.ids.order })).toEqual({
        seats: [ofOrder],
        available_seats: 4,
        total_seats: 5,
      });

      const firstInvitation = await tokenOf(usher, ofSubscription.id);
      const resent = await seats.resendInvitation(ofSubscription.id);
      expect(resent).toMatchObject({ status: 'pending', modified_at: TIME });
      expect(await tokenOf(usher, ofSubscription.id)).not.toBe(firstInvitation);
      expect(await seats.revokeSeat(ofSubscription.id)).toMatchObject({
        status: 'revoked',
        revoked_at: TIME,
        member_id: null,
        member: { email: 'Billing@globex.example' },
      });
    },
  );

  test('claimed subscriptions come in pages, and one after the other', async () => {
    const { fixture, subscriptionIds, sessionToken } = await claimTwice(usher);
    const { seats } = client(sessionToken).customerPortal;
    const page = await seats.listClaimedSubscriptions({ page: 2, limit: 1 });
    expect(page.pagination).toEqual({ total_count: 2, max_page: 2 });
    expect(page.items).toMatchObject([
      {
        id: subscriptionIds[1],
        started_at: TIME,
        ended_at: TIME,
        status: 'canceled',
        seats: 2,
        product: { name: 'Team Pro', organization: { slug: fixture.slug } },
        prices: [],
        meters: [],
        pending_update: null,
      },
    ]);
    const ids: string[] = [];
    for await (const { id } of seats.iterListClaimedSubscriptions({ limit: 1 })) ids.push(id);
    expect(ids).toEqual(subscriptionIds);
  });

  test('a token given to one call alone counts for that call', async () => {
    const { tokens, ids } = await usher.addFixture();
    const { seats } = client('no token of this server').customerPortal;
    const pool = { subscription_id: ids.subscription };
    const list = await seats.listSeats(pool, { accessToken: tokens.member });
    expect(list).toEqual({ seats: [], available_seats: 5, total_seats: 5 });
  });

  test.each([
    ['customer_id', true],
    ['external_customer_id', true],
    ['customer_id', false],
    ['external_customer_id', false],
  ])(
    'a portal session by %s (members have their own: %s) is good on the portal',
    async (name, memberModelEnabled) => {
      const fixture = await usher.addFixture({ memberModelEnabled });
      const session = await client(fixture.tokens.organization).customerSessions.create(
        name === 'customer_id'
          ? { customer_id: fixture.ids.customer }
          : { external_customer_id: 'globex' },
      );
      expect(session).toMatchObject({
        created_at: TIME,
        modified_at: null,
        token: expect.stringMatching(memberModelEnabled ? /^usher_mst_/ : /^usher_cst_/),
        expires_at: TIME,
        return_url: null,
        customer_id: fixture.ids.customer,
        customer: { type: 'individual', external_id: 'globex', metadata: {} },
      });
      const seat = await client(session.token).customerPortal.seats.assignSeat({
        subscription_id: fixture.ids.subscription,
        email: 'sam@globex.example',
      });
      expect(seat.status).toBe('pending');
    },
  );

  test('a portal session can be that of any member', async () => {
    const { tokens, ids } = await usher.addFixture();
    const { customerSessions } = client(tokens.organization);
    for (const member of [{ member_id: ids.member }, { external_member_id: 'usr_mia' }]) {
      const { token } = await customerSessions.create({ customer_id: ids.customer, ...member });
      const { seats } = client(token).customerPortal;
      const pool = { subscription_id: ids.subscription };
      expect(await seats.listSeats(pool)).toMatchObject({ total_seats: 5 });
      // A plain member may look and no more.
      expect(
        await rejection(seats.assignSeat({ ...pool, email: 'sam@globex.example' })),
      ).toBeInstanceOf(errorClass(entryPoint, 'CustomerPortalSeatsAssignSeat', 403));
    }
  });
});
