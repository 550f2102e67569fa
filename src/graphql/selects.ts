import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/**
 * Whether a field's selection names one of these fields of its type, so that they can be read together with it. A field that
 * is named but skipped counts too.
 */
export function selects(
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  names: readonly string[],
): boolean {
  const anyOf = ({ selections }: SelectionSetNode): boolean =>
    selections.some(selection => {
      switch (selection.kind) {
        case 'Field':
          return names.includes(selection.name.value);
        case 'InlineFragment':
          return anyOf(selection.selectionSet);
        case 'FragmentSpread': {
          const fragment = fragments[selection.name.value];
          return fragment !== undefined && anyOf(fragment.selectionSet);
        }
        default:
          return false;
      }
    });
  return fieldNodes.some(({ selectionSet }) => selectionSet !== undefined && anyOf(selectionSet));
}
