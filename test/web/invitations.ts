import type { Fixture } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat } from '../support/seats.ts';
import type { TestUsher } from '../support/usher.ts';

/** A pending seat, and where its mail would lead. */
export interface Invited {
  seatId: string;
  token: string;
  path: string;
}

/** Somebody's invitation to a seat of the fixture's subscription. */
export async function invited(
  usher: TestUsher,
  fixture: Fixture,
  email = 'sam@globex.example',
): Promise<Invited> {
  const seat = await givenSeat(usher, fixture, { email });
  const token = await tokenOf(usher, seat.id);
  return { seatId: seat.id, token, path: `/claim?token=${token}` };
}

/** Claims by the API, as another device would. */
export async function claimElsewhere(usher: TestUsher, { token }: Invited): Promise<void> {
  const body = { invitation_token: token };
  const answer = await usher.rest('POST', '/v1/customer-seats/claim', { body });
  if (answer.status !== 200) throw new Error(`The seat was not claimed: ${answer.text}`);
}

/** An invitation that came to this end. */
export async function ended(
  usher: TestUsher,
  fixture: Fixture,
  end: 'used' | 'revoked' | 'expired',
  email = `${end}@globex.example`,
): Promise<Invited> {
  const invitation = await invited(usher, fixture, email);
  const { seatId } = invitation;
  if (end === 'used') await claimElsewhere(usher, invitation);
  if (end === 'revoked') {
    const token = fixture.tokens.organization;
    await usher.rest('DELETE', `/v1/customer-seats/${seatId}`, { token });
  }
  if (end === 'expired') {
    const data = { invitationTokenExpiresAt: new Date(Date.now() - 1) };
    await usher.db.customerSeat.updateMany({ where: { id: seatId }, data });
  }
  return invitation;
}

/** Names the fixture's organization, its product and its return address anew. */
export async function rename(
  usher: TestUsher,
  fixture: Fixture,
  names: { organization?: string; product?: string; returnUrl?: string | null },
): Promise<void> {
  const { organization, product } = fixture.ids;
  const { organization: name, returnUrl } = names;
  await usher.db.organization.update({
    where: { id: organization },
    data: { ...(name !== undefined && { name }), ...(returnUrl !== undefined && { returnUrl }) },
  });
  if (names.product === undefined) return;
  await usher.db.product.updateMany({ where: { id: product }, data: { name: names.product } });
}
