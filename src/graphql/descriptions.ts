/** What it takes to read, as every reading field says it. */
export const READING =
  'Requires a token with `customer_seats:read` or `customer_seats:write`, or a session of the customer who pays.';

/** What it takes to change a seat, as every such mutation says it. */
export const MANAGING =
  'Requires a token with `customer_seats:write`, or a session of the paying customer, its owner or a billing manager.';
