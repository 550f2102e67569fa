import { bracketed } from './listening-address.ts';
import { isLoopbackHost } from './loopback.ts';

/** The variables that say for whom a server is. */
export interface Reach {
  HOST?: string | undefined;
  DATABASE_URL?: string | undefined;
  PUBLIC_URL?: string | undefined;
}

/**
 * Which variables make a server more than a trial on one's own machine: it listens for others, keeps its data in a
 * database of its own, or has an address that others open. What is safe only in a trial (the demo, the local mailbox,
 * webhooks to private addresses) is on by default where this list is empty.
 */
export function signsOfService({ HOST, DATABASE_URL, PUBLIC_URL }: Reach): (keyof Reach)[] {
  const signs: (keyof Reach)[] = [];
  if (HOST !== undefined && !isLoopbackHost(bracketed(HOST))) signs.push('HOST');
  if (DATABASE_URL !== undefined) signs.push('DATABASE_URL');
  if (PUBLIC_URL !== undefined && !leadsHere(PUBLIC_URL)) signs.push('PUBLIC_URL');
  return signs;
}

function leadsHere(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}
