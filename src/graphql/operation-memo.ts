import { type DocumentNode, getOperationAST } from 'graphql';

/** Returns the value for the operation of this name, or for the only one if no name is given. */
export type OperationMemo<Value> = (document: DocumentNode, name: string | undefined) => Value;

/**
 * Creates a value for each operation once, and keeps it as long as the document lives. Names that a document does not have
 * are not remembered, because their number is unlimited.
 */
export function createOperationMemo<Value>(make: OperationMemo<Value>): OperationMemo<Value> {
  const documents = new WeakMap<DocumentNode, Map<string | undefined, Value>>();
  return (document, name) => {
    const known = documents.get(document)?.get(name);
    if (known !== undefined) return known;
    const value = make(document, name);
    if (!getOperationAST(document, name)) return value;
    const named = documents.get(document) ?? new Map<string | undefined, Value>();
    documents.set(document, named.set(name, value));
    return value;
  };
}
