/** Returns the address that an erased member has: unique, of nobody, and without a mailbox (RFC 2606). */
export function pseudonymOf(memberId: string): string {
  return `erased-${memberId}@erased.invalid`;
}

/** What stands for an address within a text. */
export const ERASED = 'erased';

/** Returns any JSON with the addresses in its texts replaced, and the names of the members removed. */
export function withoutPerson(
  value: unknown,
  person: { memberIds: readonly string[]; customerIds: readonly string[]; addresses: readonly string[] },
): unknown {
  if (typeof value === 'string') return withoutAddresses(value, person.addresses);
  if (Array.isArray(value)) return value.map(item => withoutPerson(item, person));
  if (typeof value !== 'object' || value === null) return value;
  const isPerson = [...person.memberIds, ...person.customerIds].some(id =>
    IDS.some(key => Reflect.get(value, key) === id),
  );
  const isNamed = isPerson || holdsAddress(Reflect.get(value, 'email'), person.addresses);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isNamed && NAMES.includes(key) ? null : withoutPerson(item, person),
    ]),
  );
}

const IDS = ['id', 'memberId', 'customerId', 'member_id', 'customer_id'];
const NAMES = ['name', 'externalId', 'external_id'];

function holdsAddress(value: unknown, addresses: readonly string[]): boolean {
  return typeof value === 'string' && addresses.includes(value.toLowerCase());
}

/** Returns a text with the addresses replaced, ignoring case. */
export function withoutAddresses(text: string, addresses: readonly string[]): string {
  return addresses.reduce((rest, address) => {
    const pattern = new RegExp(escaped(address), 'giu');
    return rest.replace(pattern, ERASED);
  }, text);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
