import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { UpdateSeatDocument, type UpdateSeatInput } from '../support/operations/graphql.ts';
import { eventsOf, givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

async function update(fixture: Fixture, input: UpdateSeatInput, token?: string) {
  const caller = token ?? fixture.tokens.organization;
  const answer = await usher.graphql(UpdateSeatDocument, { input }, caller);
  expect(answer.errors).toBeUndefined();
  return answer.data?.updateSeat;
}

test('new data replaces the old, and is recorded', async () => {
  const fixture = await usher.addFixture();
  const { id } = await givenSeat(usher, fixture, {
    email: 'sam@globex.example',
    metadata: { a: 1 },
  });
  const result = await update(fixture, { seatId: id, metadata: { b: 'x' } });
  expect(result).toMatchObject({ seat: { metadata: { b: 'x' }, modifiedAt: expect.any(String) } });
  expect(await historyOf(usher, id)).toEqual(['assigned', 'updated']);
  expect((await eventsOf(usher, id)).at(-1)?.payload).toMatchObject({
    status: 'pending',
    seat_metadata: { b: 'x' },
    customer_email: 'sam@globex.example',
  });
  expect(await update(fixture, { seatId: id, metadata: {} })).toMatchObject({
    seat: { metadata: {} },
  });
});

test('null, nothing and the same data change nothing', async () => {
  const fixture = await usher.addFixture();
  const metadata = { b: 1, a: [2, { c: null }] };
  const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example', metadata });
  const same = { a: [2, { c: null }], b: 1 };
  for (const input of [{}, { metadata: null }, { metadata: same }]) {
    expect(await update(fixture, { seatId: id, ...input })).toMatchObject({
      seat: { metadata, modifiedAt: null },
    });
  }
  expect(await historyOf(usher, id)).toEqual(['assigned']);
});

test('data past the limits, and a seat out of reach, are refused', async () => {
  const fixture = await usher.addFixture();
  const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const metadata = { a: 'x'.repeat(2000) };
  const name = async (input: UpdateSeatInput, token?: string) =>
    (await update(fixture, input, token))?.__typename;
  expect(await name({ seatId: id, metadata })).toBe('InvalidInputError');
  expect(await name({ seatId: 'x', metadata: {} })).toBe('ResourceNotFoundError');
  const { otherCustomer, member, reader } = fixture.tokens;
  expect(await name({ seatId: id, metadata: {} }, otherCustomer)).toBe('ResourceNotFoundError');
  expect(await name({ seatId: id, metadata: {} }, member)).toBe('NotPermittedError');
  expect(await name({ seatId: id, metadata: {} }, reader)).toBe('NotPermittedError');
});
