/** Returns a host in a URL's notation: in lower case, and an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host.toLowerCase();
}

/** Returns the URL at which a server that listens on `host` is opened on the same machine. Wildcard addresses become loopback ones. */
export function addressToOpen(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${bracketed(name)}:${port}`;
}
