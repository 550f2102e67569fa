import { type DocumentNode, type FragmentDefinitionNode, Kind } from 'graphql';

/**
 * Returns the fragments of a document by name. If two have the same name, which no valid document allows, the last one
 * counts.
 */
export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  return fragments;
}
