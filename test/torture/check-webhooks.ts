import type { Db } from '../../src/db/client.ts';
import { timestamp } from '../../src/seats/view.ts';
import type { RecordedEvent } from './audit.ts';
import type { Endpoint, TortureFixture } from './fixture.ts';
import { BrokenPromise } from './promise.ts';
import type { Arrival } from './receiver.ts';

/**
 * That each endpoint was told of each event that it wants and of no other, in the same words at each attempt, and of
 * one seat's events in order: none before the one before it was taken.
 */
export function checkReceived(
  { organizations }: TortureFixture,
  events: readonly RecordedEvent[],
  received: readonly Arrival[],
): void {
  const byDelivery = new Map<string, Arrival[]>();
  for (const arrival of received) {
    const delivery = `${arrival.endpointId} ${arrival.eventId}`;
    const list = byDelivery.get(delivery);
    if (list) list.push(arrival);
    else byDelivery.set(delivery, [arrival]);
  }
  for (const endpoint of organizations.flatMap(({ endpoints }) => endpoints)) {
    const wanted = events.filter(event => isWanted(endpoint, event));
    const before = new Map<string, number>();
    for (const event of wanted) {
      const delivery = `${endpoint.id} ${event.id}`;
      const attempts = byDelivery.get(delivery) ?? [];
      byDelivery.delete(delivery);
      const earlier = wanted.filter(
        ({ seatId, sequence }) => seatId === event.seatId && sequence < event.sequence,
      );
      checkDelivery(endpoint, event, attempts, {
        takenBefore: before.get(event.seatId) ?? 0,
        earlier,
      });
      // Of an attempt that its sender did not live to see answered the receiver may think longer than of the next one.
      const taken = attempts.flatMap(({ takenAt }) => takenAt ?? []);
      before.set(event.seatId, Math.min(...taken));
    }
  }
  const [stray] = byDelivery.values();
  if (stray) {
    throw new BrokenPromise('nothing is delivered but what has happened and is wanted', { stray });
  }
}

function isWanted({ organizationId, events }: Endpoint, event: RecordedEvent): boolean {
  return organizationId === event.organizationId && events.includes(event.type);
}

function checkDelivery(
  { id }: Endpoint,
  event: RecordedEvent,
  attempts: readonly Arrival[],
  { takenBefore, earlier }: { takenBefore: number; earlier: readonly RecordedEvent[] },
): void {
  const evidence = { endpoint: id, event, attempts };
  if (!attempts.some(({ takenAt }) => takenAt !== undefined)) {
    throw new BrokenPromise('every event that an endpoint wants is delivered', evidence);
  }
  const [first] = attempts;
  if (first && first.order < takenBefore) {
    throw new BrokenPromise("a seat's events are delivered in order", {
      ...evidence,
      takenBefore,
      earlier,
    });
  }
  const { type, createdAt, payload: data } = event;
  const body = JSON.stringify({ type, timestamp: timestamp(createdAt), data });
  for (const attempt of attempts) {
    if (attempt.body !== body) {
      throw new BrokenPromise('a delivery says what was recorded', { ...evidence, body });
    }
  }
}

/** That every delivery is written down as what it is: done. */
export async function checkDeliveries(
  db: Db,
  { organizations }: TortureFixture,
  events: readonly RecordedEvent[],
): Promise<void> {
  const endpoints = organizations.flatMap(organization => organization.endpoints);
  const wanted = endpoints.flatMap(endpoint => events.filter(event => isWanted(endpoint, event)));
  const unfinished = await db.webhookDelivery.findMany({
    where: { status: { not: 'succeeded' } },
    take: 10,
  });
  if (unfinished.length > 0) {
    throw new BrokenPromise('every delivery succeeds, however often it takes', { unfinished });
  }
  const count = await db.webhookDelivery.count();
  if (count !== wanted.length) {
    throw new BrokenPromise('there is one delivery of each event that is wanted', {
      deliveries: count,
      wanted: wanted.length,
    });
  }
}
