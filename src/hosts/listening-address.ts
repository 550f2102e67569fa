/** Returns a host in URL notation: in lower case, or an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host.toLowerCase();
}

/**
 * Returns the URL for opening a server that listens on `host` on the same machine. Wildcard addresses become loopback
 * addresses.
 */
export function addressToOpen(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${bracketed(name)}:${port}`;
}
