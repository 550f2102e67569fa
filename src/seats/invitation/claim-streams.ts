import { hashToken } from '../../auth/token.ts';

/** Limits the number of open claim streams. */
export interface ClaimStreams {
  /** Takes a slot for one more stream of an invitation; returns the function that frees it, or undefined if none is left. */
  take(invitationToken: string): (() => void) | undefined;
}

/** The default maximum of open streams in each process. */
export const CLAIM_STREAMS = 1_000;

const MAX_PER_INVITATION = 5;

/** Counts the claim streams of this process: at most 5 of one invitation, and `most` in all. */
export function createClaimStreams(most: number): ClaimStreams {
  const open = new Map<string, number>();
  let total = 0;
  return {
    take(invitationToken) {
      const key = Buffer.from(hashToken(invitationToken)).toString('base64url');
      const ofOne = open.get(key) ?? 0;
      if (ofOne >= MAX_PER_INVITATION || total >= most) return undefined;
      open.set(key, ofOne + 1);
      total += 1;
      let isFreed = false;
      return () => {
        if (isFreed) return;
        isFreed = true;
        total -= 1;
        const left = (open.get(key) ?? 1) - 1;
        if (left === 0) open.delete(key);
        else open.set(key, left);
      };
    },
  };
}
