/**
 * Closes what was opened, the last first, and forgets it. Closes all of it even if something fails, and then throws the first
 * failure.
 */
export async function closeInReverse(opened: (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of opened.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
