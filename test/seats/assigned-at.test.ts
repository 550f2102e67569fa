import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../support/import.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

interface Times {
  createdAt: string;
  assignedAt: string;
}

const timesOf = async (id: string, token: string): Promise<Times> => {
  const { data } = await usher.graphql<{ customerSeat: Times }, object>(
    'query ($id: ID!) { customerSeat(id: $id) { createdAt assignedAt } }',
    { id },
    token,
  );
  return data?.customerSeat as Times;
};

test('a seat is assigned anew when a revoked one is given again, and by nothing else', async () => {
  const fixture = await usher.addFixture();
  const token = fixture.tokens.organization;
  const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const first = await timesOf(id, token);
  expect(first.assignedAt).toBe(first.createdAt);
  expect((await usher.rest('POST', `/v1/customer-seats/${id}/resend`, { token })).status).toBe(200);
  expect((await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token })).status).toBe(200);
  expect(await timesOf(id, token)).toEqual(first);
  const again = await givenSeat(usher, fixture, { email: 'tom@globex.example' });
  expect(again.id).toBe(id);
  const { createdAt, assignedAt } = await timesOf(id, token);
  expect(createdAt).toBe(first.createdAt);
  expect(assignedAt > first.assignedAt).toBe(true);
});

test('an import assigns a seat anew when it gives it to somebody else', async () => {
  const fixture = await usher.addFixture();
  const { ids, tokens } = fixture;
  const [organization] = fixture.document.organizations;
  const id = crypto.randomUUID();
  const createdAt = '2025-01-02T03:04:05.000Z';
  const seat = {
    id,
    subscriptionId: ids.subscription,
    status: 'claimed',
    memberId: ids.member,
    createdAt,
  };
  Object.assign(organization ?? {}, { seats: [seat] });
  const load = async (now: Date) =>
    await importFile(usher.databaseUrl, fixture.document, { now: () => now });
  await load(new Date('2026-04-01T00:00:00.000Z'));
  expect(await timesOf(id, tokens.organization)).toEqual({ createdAt, assignedAt: createdAt });
  Object.assign(seat, { metadata: { changed: true } });
  await load(new Date('2026-04-02T00:00:00.000Z'));
  expect(await timesOf(id, tokens.organization)).toEqual({ createdAt, assignedAt: createdAt });
  Object.assign(seat, { memberId: ids.manager });
  await load(new Date('2026-04-03T00:00:00.000Z'));
  const assignedAt = '2026-04-03T00:00:00.000Z';
  expect(await timesOf(id, tokens.organization)).toEqual({ createdAt, assignedAt });
  Object.assign(seat, { status: 'revoked' });
  await load(new Date('2026-04-04T00:00:00.000Z'));
  expect(await timesOf(id, tokens.organization)).toEqual({ createdAt, assignedAt });
});
