import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsherForClients } from '../clients/usher-for-clients.ts';
import type { TestUsher } from '../support/usher.ts';
import * as polar from './examples/polar.ts';
import * as spaire from './examples/spaire.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsherForClients();
});
afterAll(() => usher.close());

test("the vendors' clients work with another base URL", async () => {
  const { ids, tokens } = await usher.addFixture({ seats: 5 });
  const call = [usher.url, tokens.organization, ids.subscription] as const;
  const counts = await polar.assignSeat(...call, 'sam@globex.example');
  expect(counts).toMatchObject({ seat: { status: 'pending' }, available_seats: 4, total_seats: 5 });
  const after = await spaire.assignSeat(...call, 'kim@globex.example');
  expect(after).toMatchObject({ seat: { status: 'pending' }, availableSeats: 3, totalSeats: 5 });
  expect(after.seats.map(({ id }) => id)).toContain(counts.seat.id);
});
