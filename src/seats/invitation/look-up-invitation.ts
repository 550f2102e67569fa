import { hashToken } from '../../auth/token.ts';
import type { Ctx } from '../../context.ts';

/**
 * Returns what `find` returns for an invitation's token. A token that never belonged to an invitation counts as wrong; one
 * that was used, was revoked or has expired does not. Throws TooManyRequests, without looking, if the caller was wrong too
 * often.
 */
export async function lookUpInvitation<Found>(
  { limits, db }: Pick<Ctx, 'limits' | 'db'>,
  token: string,
  find: () => Promise<Found>,
): Promise<Found> {
  return await limits.guess(find, async found => {
    if (found !== undefined && found !== null) return true;
    const seat = await db.customerSeat.findFirst({
      where: { invitationTokenHash: hashToken(token) },
      select: { id: true },
    });
    return seat !== null;
  });
}
