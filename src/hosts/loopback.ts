/** Whether a URL's host names the machine itself: `localhost` and the names below it, 127.0.0.0/8 and [::1]. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
