import { type DocumentNode, getOperationAST } from 'graphql';

/** Returns the value for the operation of this name, or for the only one where the name is left out. */
export type OperationMemo<Value> = (document: DocumentNode, name: string | undefined) => Value;

/**
 * Makes a value for an operation once, and keeps it as long as its document. Names that a document does not have are not
 * remembered: there is no end of them.
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
