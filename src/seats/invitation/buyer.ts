import type { Prisma } from '../../db/client.ts';

/** The customer who pays for a seat, as an invitation names them. */
export interface Buyer {
  name: string | null;
  email: string | null;
  owner: { name: string | null; email: string } | undefined;
}

/** What is read of a pool's customer for `buyerOf` and `inviteeOf`. */
export const BUYER = {
  select: {
    name: true,
    email: true,
    deletedAt: true,
    members: {
      where: { role: 'owner', deletedAt: null },
      select: { name: true, email: true },
      take: 1,
    },
  },
} as const satisfies Prisma.CustomerDefaultArgs;

export function buyerOf({
  name,
  email,
  members: [owner],
}: Omit<Prisma.CustomerGetPayload<typeof BUYER>, 'deletedAt'>): Buyer {
  return { name, email, owner };
}
