import type { ClientBase } from 'pg';

const FETCHED = 1_000;

/**
 * Yields the rows of a query, and holds 1,000 of them in memory. Call it in a transaction, and give concurrently open
 * cursors different names. If the caller stops early, the cursor stays open until the transaction ends.
 */
export async function* rowsOf<Row extends object>(
  client: Pick<ClientBase, 'query'>,
  cursor: string,
  query: string,
  values: readonly unknown[],
): AsyncGenerator<Row> {
  await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`, [...values]);
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${FETCHED} FROM ${cursor}`);
    yield* rows;
    if (rows.length < FETCHED) break;
  }
  await client.query(`CLOSE ${cursor}`);
}
