import type { ClientBase } from 'pg';

const FETCHED = 1_000;

/** Yields the rows of a query, and holds only a few of them in memory. Call it in a transaction. */
export async function* rowsOf<Row extends object>(
  client: Pick<ClientBase, 'query'>,
  cursor: string,
  query: string,
  values: readonly unknown[],
): AsyncGenerator<Row> {
  await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`, [...values]);
  try {
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${FETCHED} FROM ${cursor}`);
      yield* rows;
      if (rows.length < FETCHED) return;
    }
  } finally {
    await client.query(`CLOSE ${cursor}`);
  }
}
