import { InvalidInput } from '../domain/errors.ts';

/** What an endpoint can hear of: the three events that the vendors send. */
export const WEBHOOK_EVENTS = [
  'customer_seat.assigned',
  'customer_seat.claimed',
  'customer_seat.revoked',
] as const;

/** One of them. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Whether an endpoint can hear of this type. */
export function isWebhookEvent(type: string): type is WebhookEvent {
  return WEBHOOK_EVENTS.some(event => event === type);
}

/** Throws InvalidInput for a list of event types that is empty or has one twice. */
export function requireEvents(events: readonly WebhookEvent[]): void {
  if (events.length === 0) throw refusal('REQUIRED', 'Name at least one event.');
  if (new Set(events).size < events.length) throw refusal('DUPLICATE', 'Name each event once.');
}

function refusal(code: string, message: string): InvalidInput {
  return new InvalidInput([{ path: ['events'], code, message }]);
}
