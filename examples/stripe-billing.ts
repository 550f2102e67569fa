import { createHmac, timingSafeEqual } from 'node:crypto';

// Keeps usher's customers, products and subscriptions as Stripe has them. Let Stripe send these events to a server of yours,
// which calls `receiveStripeEvent` with the raw body of the request: `customer.created`, `customer.updated`,
// `product.created`, `product.updated`, and `customer.subscription.created`, `.updated` and `.deleted`.

/** Where the news goes, and whose it is. */
export interface Receiver {
  /** The signing secret of the webhook endpoint in Stripe: `whsec_…`. */
  stripeSecret: string;
  /** The address of usher. */
  usherUrl: string;
  /** An access token of the organization with the scope `billing:write`. */
  usherToken: string;
}

interface StripeEvent {
  type: string;
  /** When it happened, in seconds. */
  created: number;
  data: { object: StripeCustomer & StripeProduct & StripeSubscription };
}

interface StripeCustomer {
  id: string;
  email: string | null;
  name: string | null;
}

interface StripeProduct {
  id: string;
  name: string;
}

interface StripeSubscription {
  id: string;
  customer: string;
  // Stripe's statuses are usher's.
  status: string;
  items: { data: [{ quantity: number; price: { product: string } }] };
}

/**
 * Tells usher what an event says, and returns the status with which to answer Stripe. Stripe sends an event again, for up to
 * three days, until it is answered with 200, so nothing is lost if usher cannot be reached or does not know the product yet.
 */
export async function receiveStripeEvent(
  { stripeSecret, usherUrl, usherToken }: Receiver,
  { body, signature }: { body: string; signature: string },
): Promise<number> {
  if (!isFromStripe(body, signature, stripeSecret)) return 400;
  const event: StripeEvent = JSON.parse(body);
  const news = newsOf(event);
  if (news === undefined) return 200;
  const { ok } = await fetch(`${usherUrl}/v1/billing`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${usherToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      as_of: new Date(event.created * 1000).toISOString(),
      // What Stripe has sold is so, even if more people have seats.
      when_too_small: 'oversell',
      ...news,
    }),
  });
  return ok ? 200 : 503;
}

/** Returns the rows that an event tells of; undefined for an event that usher does not need. */
function newsOf({ type, data: { object } }: StripeEvent): object | undefined {
  switch (type) {
    case 'customer.created':
    case 'customer.updated':
      return { customers: [{ external_id: object.id, email: object.email, name: object.name }] };
    case 'product.created':
    case 'product.updated':
      return { products: [{ external_id: object.id, name: object.name }] };
    case 'customer.subscription.created':
    case 'customer.subscription.updated':
    case 'customer.subscription.deleted':
      return newsOfSubscription(object);
    default:
      return undefined;
  }
}

/** Names the customer too, who may be unknown yet. Their address and name stay as they are. */
function newsOfSubscription({ id, customer, status, items }: StripeSubscription): object {
  const [{ quantity, price }] = items.data;
  return {
    customers: [{ external_id: customer }],
    subscriptions: [
      {
        external_id: id,
        customer_external_id: customer,
        product_external_id: price.product,
        status,
        seats: quantity,
      },
    ],
  };
}

const TOLERANCE_SECONDS = 300;

/** Checks the header `Stripe-Signature`: `t=…,v1=…`, an HMAC of the time and the body, at most five minutes old. */
function isFromStripe(body: string, signature: string, secret: string): boolean {
  const parts = signature.split(',').map(part => part.split('='));
  const time = parts.find(([key]) => key === 't')?.[1] ?? '';
  const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest();
  const isSigned = parts.some(([key, value = '']) => {
    const given = Buffer.from(value, 'hex');
    return key === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isSigned && Math.abs(Date.now() / 1000 - Number(time)) <= TOLERANCE_SECONDS;
}
