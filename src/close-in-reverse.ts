/**
 * Closes everything in reverse order and empties the list. Goes on after a failure, and throws the first one at the end.
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
