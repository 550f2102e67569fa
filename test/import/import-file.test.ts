import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../src/auth/token.ts';
import { importFile } from '../support/import.ts';
import { range } from '../support/parallel.ts';
import { createAcme, createFullAcme, seatOf } from './acme.ts';
import { openProbe } from './probe.ts';

let probe: Awaited<ReturnType<typeof openProbe>>;

beforeAll(async () => {
  probe = await openProbe();
});

afterAll(() => probe.close());

const EARLIER = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-02-02T00:00:00Z');

describe('a valid file', () => {
  it('loads every key', async () => {
    const { document, organization, globex, jane, subscription, order, seat } = createFullAcme();
    const counts = await importFile(probe.url, document, { now: () => EARLIER });
    expect(counts).toEqual({
      users: 1,
      organizations: 1,
      memberships: 1,
      accessTokens: 2,
      products: 1,
      customers: 1,
      members: 2,
      customerSessions: 1,
      memberSessions: 1,
      mailOptOuts: 0,
      subscriptions: 1,
      orders: 1,
      seats: 1,
      webhookEndpoints: 1,
    });
    const organizationId = organization.id;
    const made = { created_at: EARLIER, modified_at: null, deleted_at: null };
    expect(await probe.find('organizations', organizationId)).toEqual({
      ...made,
      id: organizationId,
      slug: organization.slug,
      name: 'Acme',
      status: 'blocked',
      seat_based_pricing_enabled: false,
      member_model_enabled: false,
      sends_invitations: true,
      reminder_hours: null,
      return_url: null,
      invitation_subject: null,
      invitation_text: null,
      invitation_html: null,
    });
    expect(await probe.find('customers', globex.id)).toEqual({
      ...made,
      id: globex.id,
      organization_id: organizationId,
      email: 'billing@globex.example',
      name: 'Globex',
      external_id: 'cus_1',
      as_of: null,
      as_of_by_column: null,
    });
    expect(await probe.find('members', jane.id)).toMatchObject({
      customer_id: globex.id,
      email: 'Jane@globex.example',
      name: 'Jane Doe',
      external_id: 'usr_1337',
      role: 'owner',
    });
    const createdAt = new Date('2025-05-05T05:05:05.125Z');
    expect(await probe.find('subscriptions', subscription.id)).toMatchObject({
      status: 'trialing',
      seats: 5,
      seats_used: 0,
      created_at: createdAt,
    });
    expect(await probe.find('orders', order.id)).toMatchObject({ status: 'paid', seats_used: 1 });
    expect(await probe.find('customer_seats', seat.id)).toEqual({
      id: seat.id,
      organization_id: organizationId,
      created_at: new Date(seat.createdAt),
      assigned_at: new Date(seat.createdAt),
      modified_at: null,
      subscription_id: null,
      order_id: order.id,
      status: 'claimed',
      customer_id: globex.id,
      member_id: jane.id,
      email: 'jane@home.example',
      // The database's own: the seat was inserted just now.
      address_changed_at: expect.any(Date),
      expiry_changed_at: expect.any(Date),
      invitation_nonce: null,
      invitation_token_hash: Buffer.from(hashToken(seat.invitationToken)),
      invitation_token_expires_at: new Date(seat.invitationTokenExpiresAt),
      claimed_at: new Date(seat.claimedAt),
      revoked_at: new Date(seat.revokedAt),
      metadata: seat.metadata,
    });
  });

  it('changes nothing when it is imported again', async () => {
    const { document, organization, subscription, jane, raj } = createFullAcme();
    organization.seats.push(
      seatOf(subscription, undefined, { memberId: jane.id, invitationToken: randomUUID() }),
      seatOf(subscription, 'RAJ@globex.example', { memberId: raj.id, status: 'claimed' }),
      seatOf(subscription, undefined, { status: 'revoked' }),
    );
    await importFile(probe.url, document, { now: () => EARLIER });
    const before = await probe.fingerprint();
    await importFile(probe.url, document, { now: () => LATER });
    expect(await probe.fingerprint()).toEqual(before);
  });

  it('stores only the hashes of tokens', async () => {
    const { document } = createFullAcme();
    await importFile(probe.url, document);
    const text = (await probe.fingerprint()).join();
    for (const kind of ['pat ', 'oat ', 'cst ', 'mst ', 'invitation ']) {
      expect(text).not.toContain(kind);
    }
  });

  it('sets modifiedAt of changed rows only', async () => {
    const { document, globex, jane, raj } = createAcme();
    await importFile(probe.url, document, { now: () => EARLIER });
    Object.assign(jane, { name: 'Jane' });
    await importFile(probe.url, document, { now: () => LATER });
    expect(await probe.find('members', jane.id)).toMatchObject({
      created_at: EARLIER,
      modified_at: LATER,
    });
    expect(await probe.find('members', raj.id)).toMatchObject({ modified_at: null });
    expect(await probe.find('customers', globex.id)).toMatchObject({ modified_at: null });
  });

  it('sets a missing key to its default, except the creation time', async () => {
    const { document, organization, subscription } = createFullAcme();
    await importFile(probe.url, document);
    Object.assign(organization, { status: undefined, memberModelEnabled: undefined });
    Object.assign(subscription, { createdAt: undefined, checkoutId: undefined, status: undefined });
    await importFile(probe.url, JSON.parse(JSON.stringify(document)));
    expect(await probe.find('organizations', organization.id)).toMatchObject({
      status: 'active',
      member_model_enabled: true,
    });
    expect(await probe.find('subscriptions', subscription.id)).toMatchObject({
      status: 'active',
      checkout_id: null,
      created_at: new Date('2025-05-05T05:05:05.125Z'),
    });
  });

  it('does not change rows that are missing from it, and restores a deleted product', async () => {
    const { document, globex, jane, raj, product } = createAcme();
    await importFile(probe.url, document);
    await probe.client.query('UPDATE products SET deleted_at = now() WHERE id = $1', [product.id]);
    globex.members = [jane];
    await importFile(probe.url, document);
    expect(await probe.find('products', product.id)).toMatchObject({ deleted_at: null });
    expect(await probe.find('members', raj.id)).toMatchObject({ deleted_at: null });
  });

  it('keeps a revoked token revoked', async () => {
    const { document } = createFullAcme();
    await importFile(probe.url, document);
    await probe.client.query('UPDATE access_tokens SET revoked_at = now()');
    const before = await probe.fingerprint();
    await importFile(probe.url, document);
    expect(await probe.fingerprint()).toEqual(before);
  });

  it('fills in the billing customer and the address of the member', async () => {
    const { document, organization, subscription, globex, jane } = createAcme();
    const seat = seatOf(subscription, undefined, { memberId: jane.id });
    const revoked = seatOf(subscription, undefined, { status: 'revoked' });
    organization.seats.push(seat, revoked);
    await importFile(probe.url, document);
    expect(await probe.find('customer_seats', seat.id)).toMatchObject({
      customer_id: globex.id,
      email: 'Jane@globex.example',
    });
    expect(await probe.find('customer_seats', revoked.id)).toMatchObject({
      customer_id: null,
      email: null,
    });
  });

  it('does not fill in the billing customer without the member model', async () => {
    const { document, organization, subscription } = createAcme();
    Object.assign(organization, { memberModelEnabled: false });
    const seat = seatOf(subscription, 'mia@example.com');
    organization.seats.push(seat);
    await importFile(probe.url, document);
    expect(await probe.find('customer_seats', seat.id)).toMatchObject({ customer_id: null });
  });

  it('reports progress', async () => {
    const { document } = createAcme();
    const reported: [number, number][] = [];
    await importFile(probe.url, document, { onProgress: (...progress) => reported.push(progress) });
    expect(reported.at(-1)).toEqual([7, 7]);
  });

  it('can be empty', async () => {
    expect(await importFile(probe.url, {})).toMatchObject({ organizations: 0, seats: 0 });
  });

  it('loads 20,000 seats of one subscription', { timeout: 120_000 }, async () => {
    const { document, organization, subscription } = createAcme();
    subscription.seats = 20_000;
    organization.seats = range(20_000).map(i => seatOf(subscription, `person${i}@globex.example`));
    await importFile(probe.url, document);
    expect(await probe.find('subscriptions', subscription.id)).toMatchObject({
      seats_used: 20_000,
    });
  });
});

describe('rows that swap unique values', () => {
  it('transfer the role of owner', async () => {
    const { document, jane, raj } = createAcme();
    await importFile(probe.url, document);
    Object.assign(jane, { role: 'member' });
    Object.assign(raj, { role: 'owner' });
    await importFile(probe.url, document);
    expect(await probe.find('members', raj.id)).toMatchObject({ role: 'owner', deleted_at: null });
    Object.assign(jane, { role: 'owner' });
    Object.assign(raj, { role: 'member' });
    await importFile(probe.url, document);
    expect(await probe.find('members', jane.id)).toMatchObject({ role: 'owner', deleted_at: null });
  });

  it('swap their addresses', async () => {
    const { document, organization, globex } = createAcme();
    const other = { id: randomUUID(), email: 'other@example.com', externalId: 'cus_2' };
    Object.assign(globex, { externalId: 'cus_1' });
    organization.customers.push(other);
    await importFile(probe.url, document);
    Object.assign(other, { email: globex.email, externalId: 'cus_1' });
    Object.assign(globex, { email: 'other@example.com', externalId: 'cus_2' });
    await importFile(probe.url, document);
    expect(await probe.find('customers', globex.id)).toMatchObject({ email: 'other@example.com' });
  });

  it('swap their slugs', async () => {
    const [one, two] = [createAcme(), createAcme()];
    const document = { organizations: [one.organization, two.organization] };
    await importFile(probe.url, document);
    const { slug } = one.organization;
    one.organization.slug = two.organization.slug;
    two.organization.slug = slug.toUpperCase();
    await importFile(probe.url, document);
    expect(await probe.find('organizations', two.organization.id)).toMatchObject({
      slug: slug.toUpperCase(),
    });
  });

  it('swap the seats of one full pool', async () => {
    const { document, organization, subscription, jane, raj } = createAcme();
    subscription.seats = 2;
    const one = seatOf(subscription, undefined, { memberId: jane.id });
    const two = seatOf(subscription, undefined, { memberId: raj.id });
    organization.seats.push(one, two);
    await importFile(probe.url, document);
    Object.assign(one, { memberId: raj.id });
    Object.assign(two, { memberId: jane.id });
    await importFile(probe.url, document, { now: () => LATER });
    expect(await probe.find('customer_seats', one.id)).toMatchObject({
      member_id: raj.id,
      email: raj.email,
      status: 'pending',
      modified_at: LATER,
    });
    expect(await probe.find('subscriptions', subscription.id)).toMatchObject({
      seats_used: 2,
      modified_at: null,
    });
  });

  it('swap seats between two full pools', async () => {
    const { document, organization, subscription, order } = createAcme();
    subscription.seats = 1;
    order.seats = 1;
    const one = seatOf(subscription, 'one@example.com');
    const two = seatOf(subscription, 'two@example.com', {
      subscriptionId: undefined,
      orderId: order.id,
    });
    organization.seats.push(one, two);
    await importFile(probe.url, document);
    Object.assign(one, { subscriptionId: undefined, orderId: order.id });
    Object.assign(two, { subscriptionId: subscription.id, orderId: undefined });
    await importFile(probe.url, document);
    expect(await probe.find('customer_seats', one.id)).toMatchObject({ order_id: order.id });
    expect(await probe.find('orders', order.id)).toMatchObject({ seats: 1, seats_used: 1 });
  });

  it('assign a revoked seat to another person in a pool that shrinks', async () => {
    const { document, organization, subscription } = createAcme();
    subscription.seats = 3;
    const seats = range(3).map(i => seatOf(subscription, `person${i}@example.com`));
    organization.seats = seats;
    await importFile(probe.url, document);
    subscription.seats = 2;
    organization.seats = [
      seatOf(subscription, 'next@example.com'),
      ...seats.map((seat, i) =>
        i === 0 ? seat : { id: seat.id, subscriptionId: subscription.id, status: 'revoked' },
      ),
    ];
    await importFile(probe.url, document, { now: () => LATER });
    expect(await probe.find('subscriptions', subscription.id)).toMatchObject({
      seats: 2,
      seats_used: 2,
      modified_at: LATER,
    });
  });
});

describe('the invitation of a pending seat', () => {
  async function invited() {
    const acme = createAcme();
    const seat = seatOf(acme.subscription, undefined, { memberId: acme.jane.id });
    acme.organization.seats.push(seat);
    await importFile(probe.url, acme.document);
    const invitation = {
      invitation_nonce: Buffer.from('nonce'),
      invitation_token_hash: Buffer.from(`hash of ${seat.id}`),
      invitation_token_expires_at: LATER,
    };
    await probe.client.query(
      `UPDATE customer_seats SET invitation_nonce = $2, invitation_token_hash = $3,
              invitation_token_expires_at = $4 WHERE id = $1`,
      [seat.id, ...Object.values(invitation)],
    );
    return { ...acme, seat, invitation };
  }

  it('stays valid if the file has no token', async () => {
    const { document, seat, invitation } = await invited();
    Object.assign(seat, { metadata: { changed: true }, invitationTokenExpiresAt: EARLIER });
    await importFile(probe.url, JSON.parse(JSON.stringify(document)));
    expect(await probe.find('customer_seats', seat.id)).toMatchObject({
      ...invitation,
      metadata: { changed: true },
    });
  });

  it('is replaced by the token of the file', async () => {
    const { document, seat } = await invited();
    const invitationToken = randomUUID();
    Object.assign(seat, { invitationToken });
    await importFile(probe.url, document);
    expect(await probe.find('customer_seats', seat.id)).toMatchObject({
      invitation_nonce: null,
      invitation_token_hash: Buffer.from(hashToken(invitationToken)),
      invitation_token_expires_at: null,
    });
  });

  it.each([
    ['someone else is invited', () => ({ memberId: undefined, email: 'mia@example.com' })],
    ['the seat is claimed', () => ({ status: 'claimed' })],
    ['the seat is revoked', () => ({ status: 'revoked' })],
  ])('ends when %s', async (_, change) => {
    const { document, seat } = await invited();
    Object.assign(seat, change());
    await importFile(probe.url, document);
    expect(await probe.find('customer_seats', seat.id)).toMatchObject({
      invitation_nonce: null,
      invitation_token_hash: null,
    });
  });
});
