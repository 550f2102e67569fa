import { afterAll, beforeAll, expect, test } from 'vitest';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { addEndpoint } from '../support/deliveries.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const DAY_MS = 24 * 60 * 60_000;
const { signal } = new AbortController();

test('old events and their deliveries are archived, except for events with pending deliveries', async () => {
  const fixture = await usher.addFixture();
  const endpoint = await addEndpoint(usher, fixture, 'https://receiver.example/hook');
  const [done, waiting, young] = await Promise.all(
    ['sam', 'kim', 'lee'].map(name =>
      givenSeat(usher, fixture, { email: `${name}@globex.example` }),
    ),
  );
  const organizationId = fixture.ids.organization;
  const old = (seatId: string) =>
    usher.db.outboxEvent.updateMany({
      where: { organizationId, seatId },
      data: { createdAt: new Date(usher.now().getTime() - 31 * DAY_MS) },
    });
  await old(done.id);
  await old(waiting.id);
  const fanOut = createFanOutJob({ db: usher.db, now: usher.now });
  while (await fanOut.run(signal));
  await usher.db.webhookDelivery.updateMany({
    where: { seatId: { in: [done.id, young.id] } },
    data: { status: 'succeeded', attempts: 2, responseStatus: 204 },
  });

  const before = await usher.db.outboxEvent.findFirstOrThrow({ where: { seatId: done.id } });
  const archive = createArchiveJob({ db: usher.db, now: usher.now, retentionDays: 30 });
  expect(await archive.run(signal)).toBe(true);
  expect(await archive.run(signal)).toBe(false);

  const left = await usher.db.outboxEvent.findMany({ where: { organizationId } });
  expect(left.map(({ seatId }) => seatId).sort()).toEqual([waiting.id, young.id].sort());
  const { dispatchedAt, ...kept } = before;
  expect(await usher.db.archivedEvent.findMany({ where: { organizationId } })).toEqual([
    {
      ...kept,
      archivedAt: expect.any(Date),
      deliveries: [
        expect.objectContaining({
          endpoint_id: endpoint.id,
          status: 'succeeded',
          attempts: 2,
          response_status: 204,
        }),
      ],
    },
  ]);
  expect(dispatchedAt).not.toBeNull();
  expect(await usher.db.webhookDelivery.count({ where: { seatId: done.id } })).toBe(0);
});
