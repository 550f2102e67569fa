import type { Person } from './person.ts';
import { isPseudonym, pseudonymOf } from './pseudonym.ts';

/** The parts of an event's payload about the seat's holder. The rest has no personal data. */
export interface Payload {
  customer_id?: string | null;
  member_id?: string | null;
  member?: { id: string; email: string; name: string | null; external_id: string | null } | null;
  email?: string | null;
  customer_email?: string | null;
  seat_metadata?: Record<string, unknown>;
}

/** Returns whether the payload says that the person holds or held the seat. */
export function isHolder(person: Person, payload: Payload): boolean {
  const { member, member_id: memberId, customer_id: customerId } = payload;
  if (member) {
    const isAddress = person.addresses.includes(member.email.toLowerCase());
    return isAddress || person.memberIds.includes(member.id);
  }
  if (memberId != null) return person.memberIds.includes(memberId);
  if (addressesIn(payload).some(address => person.addresses.includes(address))) return true;
  return !person.hasMembers && customerId != null && person.customerIds.includes(customerId);
}

/** Returns the addresses of the holder in a payload, in the form used for comparison. */
export function addressesIn({ email, customer_email: another, member }: Payload): string[] {
  return [email, another, member?.email].flatMap(address =>
    address == null || isPseudonym(address) ? [] : [address.toLowerCase()],
  );
}

/** Returns a payload without the data of its holder, with the same keys in the same order. */
export function withoutHolder(payload: Payload): Payload {
  const { member } = payload;
  return {
    ...payload,
    ...(member && {
      member: { ...member, email: pseudonymOf(member.id), name: null, external_id: null },
    }),
    ...('email' in payload && { email: null }),
    ...('customer_email' in payload && { customer_email: member ? pseudonymOf(member.id) : null }),
    ...('seat_metadata' in payload && { seat_metadata: {} }),
  };
}

/** Returns any JSON with `erased` in place of these texts, such as addresses, if they are whole words. Ignores case. */
export function withoutTexts(value: unknown, texts: readonly string[]): unknown {
  if (typeof value === 'string') return texts.reduce(withoutText, value);
  if (Array.isArray(value)) return value.map(item => withoutTexts(item, texts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      withoutTexts(key, texts) as string,
      withoutTexts(item, texts),
    ]),
  );
}

function withoutText(text: string, word: string): string {
  // `bo@a.example` does not match in `jobo@a.example` or `bo@a.example.org`.
  const pattern = new RegExp(
    String.raw`(?<![\p{L}\p{N}._%+-])${escaped(word)}(?![\p{L}\p{N}-]|\.[\p{L}\p{N}])`,
    'giu',
  );
  return text.replace(pattern, 'erased');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
