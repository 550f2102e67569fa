import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { update } from '../members/calls.ts';
import { startDelivering } from '../support/deliveries.ts';
import { createFixture, type Fixture } from '../support/fixture.ts';
import type { Receiver } from '../support/receiver.ts';
import { givenSeat } from '../support/seats.ts';
import type { TestUsher } from '../support/usher.ts';
import { createdEndpoint } from '../support/webhooks.ts';

/** A person, with texts that are nobody else's. */
export const SAM = {
  email: 'Sam.Archer@globex.example',
  formerEmail: 'sam.newman@globex.example',
  name: 'Samuel Q. Archer',
  externalId: 'hr-4711-sam',
  phone: '+1 555 0147 22',
};
export const TEXTS = Object.values(SAM);
const { signal } = new AbortController();

/** Imports a fixture in which Sam is a billing manager of Globex. */
export async function withSam(usher: TestUsher): Promise<{ fixture: Fixture; memberId: string }> {
  const fixture = createFixture();
  const memberId = randomUUID();
  const [organization] = fixture.document.organizations;
  const [globex] = organization?.customers ?? [];
  const { formerEmail: email, name, externalId } = SAM;
  const sam = { id: memberId, email, name, externalId, role: 'billing_manager' };
  globex?.members.push(sam as never);
  await usher.load(fixture.document);
  return { fixture, memberId };
}

/** Sends what waits, until nothing does. */
export async function deliverAll(usher: TestUsher): Promise<void> {
  const worker = await startDelivering(usher);
  const waiting = () =>
    usher.db.outboxEvent.count({
      where: { OR: [{ dispatchedAt: null }, { deliveries: { some: { status: 'pending' } } }] },
    });
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
  await worker.close();
}

async function archiveAll(usher: TestUsher): Promise<void> {
  const { db, now } = usher;
  const later = () => new Date(now().getTime() + 60_000);
  const job = createArchiveJob({ db, now: later, retentionDays: 0 });
  while (await job.run(signal));
}

/** Lets Sam do and get everything that leaves something of him. */
export async function letSamLeaveTraces(
  usher: TestUsher,
  receiver: Receiver,
  { fixture, memberId }: { fixture: Fixture; memberId: string },
) {
  // An answer that repeats what it received.
  receiver.behave(
    ({ body }) =>
      response =>
        response.end(body.slice(-2_000)),
  );
  const { ids, tokens } = fixture;
  const { organization: token } = tokens;
  const metadata = { phone: SAM.phone };
  const own = { member_id: memberId, metadata };
  const headers = { 'Idempotency-Key': `leave:${SAM.email}` };
  await createdEndpoint(usher, fixture, {
    url: receiver.url,
    events: ['CUSTOMER_SEAT_ASSIGNED', 'CUSTOMER_SEAT_CLAIMED', 'CUSTOMER_SEAT_REVOKED'],
  });
  // A life that ends in the archive, under the former address.
  const gone = await givenSeat(usher, fixture, own);
  await usher.rest('DELETE', `/v1/customer-seats/${gone.id}`, { token, headers });
  await deliverAll(usher);
  await archiveAll(usher);
  expect((await update(usher, token, { memberId, email: SAM.email })).word).toBe('ok');
  // Live seats, one of them with a session. The last event waits for its delivery.
  const order = { order_id: ids.order, immediate_claim: true };
  const claimed = await givenSeat(usher, fixture, { ...own, ...order });
  await deliverAll(usher);
  receiver.behave(() => 503);
  const pending = await givenSeat(usher, fixture, own);
  // A refusal, whose error names him, is kept for a retry.
  const again = {
    ...{ subscription_id: ids.subscription, external_member_id: SAM.externalId },
    email: 'else@globex.example',
  };
  const retry = { 'Idempotency-Key': randomUUID() };
  const refused = await usher.rest('POST', '/v1/customer-seats', {
    token,
    body: again,
    headers: retry,
  });
  expect(refused.body.error).toBe('MemberEmailMismatch');
  // What he does himself.
  const session = await usher.rest('POST', '/v1/customer-sessions/', {
    token,
    body: { customer_id: ids.customer, member_id: memberId },
  });
  const bo = await usher.rest('POST', '/v1/customer-portal/seats', {
    token: session.body.token,
    body: {
      subscription_id: ids.subscription,
      email: 'bo@globex.example',
      metadata: { by: `asked by ${SAM.email.toUpperCase()}` },
    },
  });
  expect(bo.status).toBe(200);
  const renamed = { memberId: ids.member, name: 'Mia' };
  expect((await update(usher, session.body.token, renamed)).word).toBe('ok');
  while (await createFanOutJob({ db: usher.db, now: usher.now }).run(signal));
  const organizationId = ids.organization;
  await usher.db.mail.updateMany({
    where: { seatId: pending.id },
    data: { recipient: SAM.email, error: `550 <${SAM.email}> unknown` },
  });
  await usher.db.mailOptOut.create({ data: { organizationId, email: SAM.email.toLowerCase() } });
  await usher.db.customer.create({
    data: {
      ...{ id: randomUUID(), organizationId, email: SAM.email },
      ...{ name: SAM.name, externalId: SAM.externalId },
    },
  });
  return { claimed, pending, bo: bo.body, session: session.body.token as string };
}
