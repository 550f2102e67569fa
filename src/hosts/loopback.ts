/** Returns whether a URL's host is a loopback host: `localhost` and its subdomains, 127.0.0.0/8 and [::1]. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
