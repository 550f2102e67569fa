import { startUsher, type TestUsher } from '../support/usher.ts';

/**
 * A running usher that does not show in the clients' own process. The server's HTTP adaptor puts classes of its own in
 * the place of the global Request and Response, and some clients ask whether fetch's answer is an `instanceof Response`:
 * here, where both share a process, it has to be one still.
 */
export async function startUsherForClients(
  options?: Parameters<typeof startUsher>[0],
): Promise<TestUsher> {
  const usher = await startUsher(options);
  const { constructor: FetchedResponse } = await fetch('data:,');
  if (globalThis.Response !== FetchedResponse) {
    Object.defineProperty(globalThis.Response, Symbol.hasInstance, {
      value: (value: unknown) => value instanceof FetchedResponse,
      configurable: true,
    });
  }
  return usher;
}
