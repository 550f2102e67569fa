import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { DOCUMENT_LIMITS, requireWithin, type Size } from './limits.ts';

type DocumentSize = Pick<Size, 'fields' | 'aliases' | 'depth'>;

/**
 * Throws QUERY_TOO_COMPLEX for a document of which one operation or fragment is too large once its fragments are put in
 * the place of their spreads. It takes as long as the document is, however large that would be, and asks no schema: it
 * keeps validation, whose cost grows with the square of that size, within its bounds.
 */
export function requireSmallDocument(document: DocumentNode): void {
  const fragments = new Map(
    document.definitions.flatMap(definition =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition.selectionSet] as const]
        : [],
    ),
  );
  const sizes = new Map<SelectionSetNode, DocumentSize>();

  function sizeOf(selectionSet: SelectionSetNode | undefined): DocumentSize {
    const known = selectionSet && sizes.get(selectionSet);
    if (known) return known;
    const size: DocumentSize = { fields: 0, aliases: 0, depth: 0 };
    // A fragment within itself counts as empty: validation refuses it.
    if (selectionSet) sizes.set(selectionSet, size);
    const total = { ...size };
    for (const selection of selectionSet?.selections ?? []) {
      const isField = selection.kind === Kind.FIELD;
      const below = sizeOf(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments.get(selection.name.value)
          : selection.selectionSet,
      );
      total.fields += below.fields + (isField ? 1 : 0);
      total.aliases += below.aliases + (isField && selection.alias ? 1 : 0);
      total.depth = Math.max(total.depth, below.depth + (isField ? 1 : 0));
    }
    if (selectionSet) sizes.set(selectionSet, total);
    return total;
  }

  for (const definition of document.definitions) {
    if ('selectionSet' in definition) {
      requireWithin(sizeOf(definition.selectionSet), DOCUMENT_LIMITS);
    }
  }
}
