import { PolarClientError } from 'polar-sdk-1.0.1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../support/invitations.ts';
import type { TestUsher } from '../support/usher.ts';
import { INVALID_TOKEN, sceneSetter, setScene } from './failure.ts';
import { failures } from './failures.ts';
import { entryPoints, errorClass, polarCalls } from './polar-1.ts';
import { rejection } from './seat-calls.ts';
import { startUsherForClients } from './usher-for-clients.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsherForClients();
});
afterAll(() => usher.close());

/** The client's error of a refused call: its status, and what it took from the body. */
async function refused(attempt: Promise<unknown>): Promise<PolarClientError> {
  const error = await rejection(attempt);
  if (error instanceof PolarClientError) return error;
  throw error;
}

describe.each(entryPoints)('%s', (_version, entryPoint) => {
  const sceneOf = sceneSetter();
  test.each(failures)('%s', async (_name, failure) => {
    const scene = await sceneOf(usher, failure);
    const error = await refused(failure.attempt(polarCalls(entryPoint, usher.url), scene));
    expect(error).toBeInstanceOf(errorClass(entryPoint, failure.operation, failure.status));
    expect(error.statusCode).toBe(failure.status);
    const expected = failure.body(scene);
    if (failure.status === 422) expect(error.error).toMatchObject(expected);
    else expect(error.error).toEqual(expected);
  });

  // The client sends `Bearer undefined`, and a bad token is refused even where none is needed.
  test('without a token nothing can be called, not even a claim', async () => {
    const { fixture, seatId } = await setScene(usher);
    const { customerSeats } = entryPoint.createPolar({ baseUrl: usher.url });
    const invitationToken = await tokenOf(usher, seatId);
    for (const attempt of [
      () => customerSeats.getClaimInfo(invitationToken),
      () => customerSeats.claimSeat({ invitation_token: invitationToken }),
    ]) {
      const error = await refused(attempt());
      expect(error.constructor).toBe(PolarClientError);
      expect(error.statusCode).toBe(401);
      // What the description does not foresee, the client leaves as text.
      expect(error.error).toBe(
        '{"error": "invalid_token", "error_description": "The access token provided is expired, revoked, malformed, or invalid for other reasons."}',
      );
    }
    const list = await refused(
      customerSeats.listSeats({ subscription_id: fixture.ids.subscription }),
    );
    expect(list).toBeInstanceOf(errorClass(entryPoint, 'CustomerSeatsListSeats', 401));
    expect(list.error).toEqual(INVALID_TOKEN);
  });

  test('a list of no pool in particular is answered with 400', async () => {
    const { tokens } = await usher.addFixture();
    const calls = polarCalls(entryPoint, usher.url);
    for (const attempt of [
      () => calls.customerSeats.listSeats(tokens.organization, {}),
      () => calls.customerPortal.listSeats(tokens.owner, {}),
    ]) {
      const error = await refused(attempt());
      expect(error.constructor).toBe(PolarClientError);
      expect(error.statusCode).toBe(400);
      expect(error.error).toBe(
        '{"error":"BadRequest","detail":"Either subscription_id or order_id must be provided"}',
      );
    }
  });

  test('claimed subscriptions have no page before the first', async () => {
    const { tokens } = await usher.addFixture();
    const polar = entryPoint.createPolar({ baseUrl: usher.url, accessToken: tokens.member });
    const error = await refused(
      polar.customerPortal.seats.listClaimedSubscriptions({ page: 0, limit: 5 }),
    );
    expect(error).toBeInstanceOf(entryPoint.errors.HTTPValidationError);
    expect(error.error).toEqual({
      error: 'RequestValidationError',
      detail: [
        {
          type: 'greater_than',
          loc: ['query', 'page'],
          msg: 'Input should be greater than 0',
          input: '0',
          ctx: { gt: 0 },
        },
      ],
    });
  });

  test('a portal session is begun neither without the scope nor for nobody', async () => {
    const { tokens } = await usher.addFixture();
    const create = (accessToken: string) =>
      entryPoint
        .createPolar({ baseUrl: usher.url, accessToken })
        .customerSessions.create({ external_customer_id: 'nobody' });
    const unscoped = await refused(create(tokens.reader));
    expect(unscoped.constructor).toBe(PolarClientError);
    expect(unscoped.statusCode).toBe(403);
    expect(unscoped.error).toBe(
      '{"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token."}',
    );
    const unknown = await refused(create(tokens.organization));
    expect(unknown).toBeInstanceOf(entryPoint.errors.HTTPValidationError);
    expect(unknown.error).toMatchObject({
      detail: [
        {
          type: 'value_error',
          loc: ['body', 'external_customer_id'],
          msg: 'Customer does not exist.',
        },
      ],
    });
  });
});
