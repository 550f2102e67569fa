import type { Prisma } from '../../db/client.ts';

/** The billing customer, as an invitation names them. */
export interface Buyer {
  name: string | null;
  email: string | null;
  owner: { name: string | null; email: string } | undefined;
}

/** The columns of a pool's customer that `buyerOf` and `inviteeOf` need. */
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
