import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './fragments.ts';
import { DOCUMENT_LIMITS, requireWithin, type Size } from './limits.ts';

type DocumentSize = Pick<Size, 'selections' | 'aliases' | 'depth'>;

const NOTHING: DocumentSize = { selections: 0, aliases: 0, depth: 0 };
/** Marks a selection set that is being measured. */
const UNDER_WAY: DocumentSize = { ...NOTHING };
const INVALID = {
  extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400, spec: true } },
};

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * Throws QUERY_TOO_COMPLEX if an operation or fragment of the document is too large with its fragments expanded. The check
 * takes time in proportion to the document, not to its expanded size, and needs no schema. It bounds the work of validation,
 * which compares every two fields with the same position in the response.
 */
export function requireSmallDocument(document: DocumentNode): void {
  const fragments = fragmentsOf(document);
  const sizes = new Map<SelectionSetNode, DocumentSize>();
  for (const definition of document.definitions) {
    if (!('selectionSet' in definition)) continue;
    requireWithin(sizeOf(definition.selectionSet, fragments, sizes), DOCUMENT_LIMITS);
    requireWithin({ overlaps: overlapsOf(definition.selectionSet, fragments) }, DOCUMENT_LIMITS);
  }
}

function sizeOf(
  selectionSet: SelectionSetNode,
  fragments: Fragments,
  sizes: Map<SelectionSetNode, DocumentSize>,
): DocumentSize {
  const known = sizes.get(selectionSet);
  if (known === UNDER_WAY) throw new GraphQLError('A fragment is spread within itself.', INVALID);
  if (known) return known;
  sizes.set(selectionSet, UNDER_WAY);
  const size = { selections: 0, aliases: 0, depth: 0 };
  for (const selection of selectionSet.selections) {
    const below = selectedBy(selection, fragments);
    const { selections, aliases, depth } = below ? sizeOf(below, fragments, sizes) : NOTHING;
    const isField = selection.kind === Kind.FIELD;
    size.selections += 1 + selections;
    size.aliases += (isField && selection.alias ? 1 : 0) + aliases;
    size.depth = Math.max(size.depth, (isField ? 1 : 0) + depth);
  }
  sizes.set(selectionSet, size);
  return size;
}

function selectedBy(selection: SelectionNode, fragments: Fragments): SelectionSetNode | undefined {
  return selection.kind === Kind.FRAGMENT_SPREAD
    ? fragments.get(selection.name.value)?.selectionSet
    : selection.selectionSet;
}

/** Counts the pairs of fields with the same position in the response. Only for a document that is known to be small. */
function overlapsOf(root: SelectionSetNode, fragments: Fragments): number {
  const fields = new Map<string, number>();
  let overlaps = 0;
  function visit(selectionSet: SelectionSetNode, path: string): void {
    for (const selection of selectionSet.selections) {
      const isField = selection.kind === Kind.FIELD;
      const at = isField ? `${path}.${(selection.alias ?? selection.name).value}` : path;
      if (isField) {
        const same = fields.get(at) ?? 0;
        overlaps += same;
        fields.set(at, same + 1);
      }
      const below = selectedBy(selection, fragments);
      if (below) visit(below, at);
    }
  }
  visit(root, '');
  return overlaps;
}
