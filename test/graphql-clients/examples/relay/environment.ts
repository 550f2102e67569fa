import { Environment, Network, RecordSource, Store } from 'relay-runtime';

/** Opens a store whose records are of a type and an id: usage has the id of its pool, customer or organization. */
export function createEnvironment(url: string, token: string): Environment {
  return new Environment({
    network: Network.create(async ({ text }, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, variables }),
      });
      return await response.json();
    }),
    store: new Store(new RecordSource()),
    // Actors are values: one id can come with several labels and ways in.
    getDataID: ({ id }, type) => (id == null || type === 'Actor' ? undefined : `${type}:${id}`),
  });
}
