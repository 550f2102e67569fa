/** A host as it stands in a URL, where an IPv6 address has brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host.toLowerCase();
}

/** Where a server that listens on `host` is opened on the same machine: an address that means all of them is none to open. */
export function addressToOpen(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${bracketed(name)}:${port}`;
}
