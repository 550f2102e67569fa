import { type InputIssueCode, InvalidInput } from '../domain/errors.ts';

/** Event types that an endpoint can subscribe to: the three that the vendors send. */
export const WEBHOOK_EVENTS = [
  'customer_seat.assigned',
  'customer_seat.claimed',
  'customer_seat.revoked',
] as const;

/** An event type that an endpoint can subscribe to. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Returns whether an endpoint can subscribe to this event type. */
export function isWebhookEvent(type: string): type is WebhookEvent {
  return WEBHOOK_EVENTS.some(event => event === type);
}

/** Throws InvalidInput for a list of event types that is empty or has duplicates. */
export function requireEvents(events: readonly WebhookEvent[]): void {
  if (events.length === 0) throw invalidEvents('REQUIRED', 'Name at least one event.');
  if (new Set(events).size < events.length)
    throw invalidEvents('DUPLICATE', 'Name each event once.');
}

function invalidEvents(code: InputIssueCode, message: string): InvalidInput {
  return new InvalidInput([{ path: ['events'], code, message }]);
}
