/** Access to fields that read seats. */
export const READING =
  'Requires a token with `customer_seats:read` or `customer_seats:write`, or a session of the billing customer.';

/** Access to mutations that change seats. */
export const MANAGING =
  'Requires a token with `customer_seats:write`, or a session of the billing customer, its owner or a billing manager.';

/** Access to fields that read webhook endpoints and deliveries. */
export const READING_WEBHOOKS =
  'Requires an access token with `webhooks:read` or `webhooks:write`.';

/** Access to mutations that change webhook endpoints or send to them. */
export const MANAGING_WEBHOOKS = 'Requires an access token with `webhooks:write`.';

/** Access to mutations that change members. */
export const MANAGING_MEMBERS =
  'Requires an access token with `members:write`, or a session of the customer, its owner or a billing manager.';
