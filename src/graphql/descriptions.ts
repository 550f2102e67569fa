/** What it takes to read, as every reading field says it. */
export const READING =
  'Requires a token with `customer_seats:read` or `customer_seats:write`, or a session of the customer who pays.';

/** What it takes to change a seat, as every such mutation says it. */
export const MANAGING =
  'Requires a token with `customer_seats:write`, or a session of the paying customer, its owner or a billing manager.';

/** What it takes to read webhook endpoints and their deliveries. */
export const READING_WEBHOOKS =
  'Requires an access token with `webhooks:read` or `webhooks:write`.';

/** What it takes to change a webhook endpoint, or to send to it again. */
export const MANAGING_WEBHOOKS = 'Requires an access token with `webhooks:write`.';

/** What it takes to change or remove a member. */
export const MANAGING_MEMBERS =
  'Requires an access token with `members:write`, or a session of the customer, its owner or a billing manager.';
