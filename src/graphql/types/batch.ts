import type { UserError } from '../../domain/errors.ts';
import { ItemNotAttempted } from '../../seats/batch/items.ts';
import { builder } from '../builder.ts';

/** Whether the items of a batch succeed together. */
export const BatchMode = builder.enumType('BatchMode', {
  description: 'What happens to a batch if an item is refused.',
  values: {
    ALL_OR_NOTHING: { value: 'all-or-nothing', description: 'Nothing changes.' },
    BEST_EFFORT: { value: 'best-effort', description: 'The other items are processed.' },
  } as const,
});

/** A valid item of a batch that changed nothing. */
builder.objectType(ItemNotAttempted, {
  name: 'ItemNotAttempted',
  description:
    'The item is valid, but nothing was changed because another item of the batch was refused.',
  fields: t => ({
    index: t.exposeInt('index', { description: 'The position of the item, from 0.' }),
  }),
});

/**
 * Returns results with the type that the errors plugin requires: successes, among which it recognizes the others by their
 * class.
 */
export function itemsOf<Success extends object>(
  results: readonly (Success | UserError | ItemNotAttempted)[],
): readonly Success[] {
  return results as readonly Success[];
}
