import { PolarClientError } from 'polar-sdk-1.0.1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../support/invitations.ts';
import type { TestUsher } from '../support/usher.ts';
import { INSUFFICIENT_SCOPE, INVALID_TOKEN, setScene } from './failure.ts';
import { failures } from './failures.ts';
import { entryPoints, errorClass, polarCalls } from './polar-1.ts';
import { rejection } from './seat-calls.ts';
import { startUsherForClients } from './usher-for-clients.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsherForClients();
});
afterAll(() => usher.close());

describe.each(entryPoints)('%s', (_version, entryPoint) => {
  test.each(failures)('%s', async (_name, failure) => {
    const scene = await setScene(usher, failure.options);
    const error = await rejection(failure.attempt(polarCalls(entryPoint, usher.url), scene));
    const ownClass = errorClass(entryPoint, failure.operation, failure.status);
    if (ownClass === undefined) throw new Error('The client has no class for this failure.');
    expect(error).toBeInstanceOf(ownClass);
    expect(error).toBeInstanceOf(PolarClientError);
    expect(error).toMatchObject({ statusCode: failure.status, error: failure.body(scene) });
  });

  // The client sends `Bearer undefined`, and a bad token is refused even where none is needed.
  test('without a token nothing can be called, not even a claim', async () => {
    const { world, seatId } = await setScene(usher);
    const polar = entryPoint.createPolar({ baseUrl: usher.url });
    const invitationToken = await tokenOf(usher, seatId);
    for (const attempt of [
      polar.customerSeats.getClaimInfo(invitationToken),
      polar.customerSeats.claimSeat({ invitation_token: invitationToken }),
    ]) {
      const error = await rejection(attempt);
      // No class of its own and so no JSON either: the description has no 401 here.
      expect(error).toBeInstanceOf(PolarClientError);
      expect(error).toMatchObject({
        statusCode: 401,
        error:
          '{"error": "invalid_token", "error_description": "The access token provided is expired, revoked, malformed, or invalid for other reasons."}',
      });
    }
    const list = await rejection(
      polar.customerSeats.listSeats({ subscription_id: world.ids.subscription }),
    );
    expect(list).toBeInstanceOf(errorClass(entryPoint, 'CustomerSeatsListSeats', 401));
    expect(list).toMatchObject({ error: INVALID_TOKEN });
  });
});
