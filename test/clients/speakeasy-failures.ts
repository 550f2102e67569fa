import { describe, expect, test } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { sceneSetter, setScene, UNAUTHORIZED } from './failure.ts';
import { failures } from './failures.ts';
import { rejection } from './seat-calls.ts';
import { bodyOf, type SpeakeasyVersion, speakeasyCalls } from './speakeasy.ts';

/** Tests that a client decodes every failure: a 422 as HTTPValidationError, the others as SDKError with their body. */
export function testFailures(version: SpeakeasyVersion, running: () => TestUsher): void {
  const { SDKError, HTTPValidationError } = version;
  const sceneOf = sceneSetter();

  test.each(failures)('%s', async (_name, failure) => {
    const usher = running();
    const scene = await sceneOf(usher, failure);
    const calls = speakeasyCalls(version, usher.url);
    const error = await rejection(failure.attempt(calls, scene));
    const expected = failure.body(scene);
    if (failure.status === 422) {
      expect(error).toBeInstanceOf(HTTPValidationError);
      expect(error).toMatchObject({ statusCode: 422, detail: decoded(expected.detail) });
      expect(bodyOf(error)).toMatchObject(expected);
    } else {
      expect(error).toBeInstanceOf(SDKError);
      expect(error).toMatchObject({ statusCode: failure.status });
      expect(bodyOf(error)).toEqual(expected);
    }
  });

  describe('what the description does not foresee', () => {
    test('a list of no pool in particular is answered with 400', async () => {
      const { fixture } = await setScene(running());
      const calls = speakeasyCalls(version, running().url);
      const body = {
        error: 'BadRequest',
        detail: 'Either subscription_id or order_id must be provided',
      };
      for (const list of [
        () => calls.customerSeats.listSeats(fixture.tokens.organization, {}),
        () => calls.customerPortal.listSeats(fixture.tokens.owner, {}),
      ]) {
        const error = await rejection(list());
        expect(error).toBeInstanceOf(SDKError);
        expect(error).toMatchObject({ statusCode: 400, contentType: 'application/json' });
        expect(bodyOf(error)).toEqual(body);
      }
    });

    test('a client without a token sends none, which is answered with 401', async () => {
      const { fixture } = await setScene(running());
      const client = version.create({ serverURL: running().url });
      const subscriptionId = fixture.ids.subscription;
      const error = await rejection(client.customerSeats.listSeats({ subscriptionId }));
      expect(error).toBeInstanceOf(SDKError);
      expect(error).toMatchObject({ statusCode: 401 });
      expect(bodyOf(error)).toEqual(UNAUTHORIZED);
    });
  });
}

/** The part of a 422's items that every version keeps. */
function decoded(detail: unknown): unknown {
  if (!Array.isArray(detail)) throw new Error('A 422 has a list of details.');
  return detail.map(({ type, loc, msg }) => ({ type, loc, msg }));
}
