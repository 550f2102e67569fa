import { bracketed } from './listening-address.ts';
import { isLoopbackHost } from './loopback.ts';

/** Variables that determine whether a server is a local trial. */
export interface Reach {
  HOST?: string | undefined;
  DATABASE_URL?: string | undefined;
  PUBLIC_URL?: string | undefined;
}

/**
 * Returns the variables that make a server more than a local trial: it listens on other addresses, uses an external
 * database, or has a public URL. If the list is empty, features that are safe only in a trial are on by default: the demo,
 * the local mailbox and webhooks to private addresses.
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
