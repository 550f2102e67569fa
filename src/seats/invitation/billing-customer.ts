import type { Prisma } from '../../db/client.ts';

/** The billing customer, as an invitation names them. */
export interface BillingCustomer {
  name: string | null;
  email: string | null;
  owner: { name: string | null; email: string } | undefined;
}

/** The columns of a pool's customer that `billingCustomerOf` and `inviteeOf` need. */
export const BILLING_CUSTOMER = {
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

export function billingCustomerOf({
  name,
  email,
  members: [owner],
}: Omit<Prisma.CustomerGetPayload<typeof BILLING_CUSTOMER>, 'deletedAt'>): BillingCustomer {
  return { name, email, owner };
}
