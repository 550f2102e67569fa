/**
 * What `find` finds, or else what `make` makes. `make` skips what is there already, so that of two callers who make
 * the same at once the later finds what the earlier made.
 */
export async function findOrMake<Row>(
  find: () => Promise<Row | null | undefined>,
  make: () => Promise<Row[]>,
): Promise<Row> {
  const known = await find();
  if (known) return known;
  const [made] = await make();
  const row = made ?? (await find());
  if (!row) throw new Error('A row was made and removed again while it was looked up.');
  return row;
}
