import { InvalidInput } from '../../domain/errors.ts';

/** Whether the items of a batch succeed together or individually. */
export type BatchMode = 'all-or-nothing' | 'best-effort';

/** The largest number of items in a batch. */
export const LARGEST_BATCH = 1000;

/** The result of a valid item in a batch that changed nothing because another item was refused. */
export class ItemNotAttempted {
  /** The item's position in the batch, from 0. */
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** Throws InvalidInput for a batch without items, or with more than 1,000. */
export function requireBatchSize(name: string, { length }: readonly unknown[]): void {
  if (length > 0 && length <= LARGEST_BATCH) return;
  const code = length === 0 ? 'REQUIRED' : 'TOO_MANY';
  const message = `Give 1 to ${LARGEST_BATCH} items, not ${length}.`;
  throw new InvalidInput([{ path: [name], code, message }]);
}

/** Returns whether a batch changes nothing: it must succeed as a whole, and an item was refused. */
export function isVoid(outcomes: readonly { kind: string }[], mode: BatchMode): boolean {
  return mode === 'all-or-nothing' && outcomes.some(({ kind }) => kind === 'refused');
}
