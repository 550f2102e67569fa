import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Ctx } from '../context.ts';
import { MOST_INVITATIONS, tooComplex } from './limits.ts';
import { presentError } from './present-error.ts';

/** The root fields that look up an invitation by a token that anybody may send. */
const FIELDS = new Set(['claimSeat', 'seatClaimInfo']);

// As long as the parsed documents; by the operation's name.
const counts = new WeakMap<DocumentNode, Map<string, number>>();

/** Refuses an operation that names more invitations than its caller may be wrong about, before any of it is executed. */
export function limitInvitations(logger: Logger): Plugin<Ctx> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, contextValue } = args;
      const count = countOf(document, operationName ?? '');
      if (count === 0) return;
      if (count > MOST_INVITATIONS) {
        setResultAndStopExecution({ errors: [tooComplex(count, 'invitations', MOST_INVITATIONS)] });
        return;
      }
      try {
        contextValue.limits.requireInvitations(count);
      } catch (error) {
        setResultAndStopExecution({ errors: [presentError(error, logger)] });
      }
    },
  };
}

function countOf(document: DocumentNode, name: string): number {
  const known = counts.get(document)?.get(name);
  if (known !== undefined) return known;
  const operation = getOperationAST(document, name === '' ? undefined : name);
  const count = operation ? countFields(document, operation.selectionSet) : 0;
  const named = counts.get(document) ?? new Map<string, number>();
  counts.set(document, named);
  // A name that the document does not have is no reason to remember it.
  if (operation && named.size <= document.definitions.length) named.set(name, count);
  return count;
}

/** How many of the fields an answer would have: those of one name are one, and a fragment counts once, as in execution. */
function countFields(document: DocumentNode, root: SelectionSetNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const names = new Set<string>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (FIELDS.has(selection.name.value)) {
          names.add((selection.alias ?? selection.name).value);
        }
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet);
      } else {
        const fragment = fragments.get(selection.name.value);
        // Deleted: of a fragment that was visited nothing is left to count.
        fragments.delete(selection.name.value);
        if (fragment) visit(fragment.selectionSet);
      }
    }
  };
  visit(root);
  return names.size;
}
