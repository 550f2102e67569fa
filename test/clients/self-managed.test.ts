import { Polar as Polar042 } from 'polar-sdk-0.42.5';
import { Polar as Polar043 } from 'polar-sdk-0.43.0';
import { Polar as Polar049 } from 'polar-sdk-0.49.0';
import { Spaire } from 'spaire-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenOf } from '../support/invitations.ts';
import type { TestUsher } from '../support/usher.ts';
import { entryPoints } from './polar-1.ts';
import type { SpeakeasyClient } from './speakeasy.ts';
import { startUsherForClients } from './usher-for-clients.ts';

// An organization that sends no invitations itself gets a key besides the vendors' 15, which their clients do not know.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsherForClients();
});
afterAll(() => usher.close());

async function selfManaged() {
  const fixture = await usher.addFixture();
  const { organization: id, subscription } = fixture.ids;
  await usher.db.organization.update({ where: { id }, data: { sendsInvitations: false } });
  return { subscription, token: fixture.tokens.organization };
}

const generated: [
  string,
  (options: { serverURL: string; accessToken: string }) => SpeakeasyClient,
][] = [
  ['@polar-sh/sdk 0.42.5', options => new Polar042(options)],
  ['@polar-sh/sdk 0.43.0', options => new Polar043(options)],
  ['@polar-sh/sdk 0.49.0', options => new Polar049(options)],
  ['@spaire/sdk', options => new Spaire(options)],
];

test.each(generated)(
  '%s takes the answer with a link, and passes over it',
  async (_name, create) => {
    const { subscription, token } = await selfManaged();
    const { customerSeats } = create({ serverURL: usher.url, accessToken: token });
    const seat = await customerSeats.assignSeat({
      subscriptionId: subscription,
      email: 'sam@globex.example',
    });
    expect(seat).toMatchObject({ status: 'pending', email: 'sam@globex.example' });
    const resent = await customerSeats.resendInvitation({ seatId: seat.id });
    expect(resent).toMatchObject({ id: seat.id, status: 'pending' });
  },
);

test.each(entryPoints)(
  '@polar-sh/sdk 1.0.1 (%s) hands the link on',
  async (_version, entryPoint) => {
    const { subscription, token } = await selfManaged();
    const { customerSeats } = entryPoint.createPolar({ accessToken: token, baseUrl: usher.url });
    const link = async (id: string) => `${usher.url}/claim?token=${await tokenOf(usher, id)}`;
    const seat = await customerSeats.assignSeat({
      subscription_id: subscription,
      email: 'sam@globex.example',
    });
    expect(seat).toMatchObject({ status: 'pending', invitation_url: await link(seat.id) });
    const resent = await customerSeats.resendInvitation(seat.id);
    expect(resent).toMatchObject({ id: seat.id, invitation_url: await link(seat.id) });
  },
);
