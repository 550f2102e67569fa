import { describe, expect, test } from 'vitest';
import type { TestUsher } from '../support/usher.ts';
import { INSUFFICIENT_SCOPE, INVALID_TOKEN } from './failure.ts';
import { rejection } from './seat-calls.ts';
import { bodyOf, type SpeakeasyVersion } from './speakeasy.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Tests that a seller can begin a customer's session with a client, and that the client can use it. */
export function testCustomerSessions(version: SpeakeasyVersion, running: () => TestUsher): void {
  const client = (accessToken: string) => version.create({ serverURL: running().url, accessToken });

  test.each([
    ['by its id', 'a member', true, /^usher_mst_/],
    ['by the seller’s own id', 'a member', true, /^usher_mst_/],
    ['by its id', 'the customer', false, /^usher_cst_/],
    ['by the seller’s own id', 'the customer', false, /^usher_cst_/],
  ])(
    'a portal session for a customer named %s is that of %s',
    async (name, _whose, memberModelEnabled, token) => {
      const fixture = await running().addFixture({ memberModelEnabled });
      const { customerSessions, customerPortal } = client(fixture.tokens.organization);
      const session = await customerSessions.create(
        name === 'by its id'
          ? { customerId: fixture.ids.customer }
          : { externalCustomerId: 'globex' },
      );
      expect(session).toMatchObject({
        createdAt: expect.any(Date),
        modifiedAt: null,
        token: expect.stringMatching(token),
        returnUrl: null,
        customerId: fixture.ids.customer,
        customer: {
          id: fixture.ids.customer,
          createdAt: expect.any(Date),
          email: 'Billing@globex.example',
          externalId: 'globex',
          organizationId: fixture.ids.organization,
        },
      });
      expect(session.expiresAt.getTime() - session.createdAt.getTime()).toBe(HOUR_MS);

      const seat = await customerPortal.seats.assignSeat(
        memberModelEnabled ? { memberSession: session.token } : { customerSession: session.token },
        { subscriptionId: fixture.ids.subscription, email: 'sam@globex.example' },
      );
      expect(seat.status).toBe('pending');
    },
  );

  describe('a portal session is not begun', () => {
    test.each([
      ['without a good token', 'expired', 401, INVALID_TOKEN],
      ['without the scope', 'reader', 403, INSUFFICIENT_SCOPE],
    ] as const)('%s', async (_name, token, statusCode, body) => {
      const fixture = await running().addFixture();
      const error = await rejection(
        client(fixture.tokens[token]).customerSessions.create({ customerId: fixture.ids.customer }),
      );
      expect(error).toBeInstanceOf(version.SDKError);
      expect(error).toMatchObject({ statusCode });
      expect(bodyOf(error)).toEqual(body);
    });

    test('for nobody', async () => {
      const { tokens } = await running().addFixture();
      const error = await rejection(
        client(tokens.organization).customerSessions.create({ externalCustomerId: 'nobody' }),
      );
      expect(error).toBeInstanceOf(version.HTTPValidationError);
      expect(error).toMatchObject({
        statusCode: 422,
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
}
