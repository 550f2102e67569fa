import { type DocumentNode, getOperationAST, Kind, type SelectionSetNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Ctx } from '../context.ts';
import { fragmentsOf } from './fragments.ts';
import { MAX_INVITATIONS, tooComplex } from './limits.ts';
import { createOperationMemo } from './operation-memo.ts';
import { type ErrorLog, presentError } from './present-error.ts';

/** The root fields that look up an invitation by a token, which anybody may send. */
const FIELDS = new Set(['claimSeat', 'seatClaimInfo']);

/** Refuses an operation, before any of it executes, if it names more invitations than its caller may guess wrong. */
export function limitInvitations(log: ErrorLog): Plugin<Ctx> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, contextValue } = args;
      const count = countOf(document, operationName || undefined);
      if (count === 0) return;
      if (count > MAX_INVITATIONS) {
        setResultAndStopExecution({ errors: [tooComplex(count, 'invitations', MAX_INVITATIONS)] });
        return;
      }
      try {
        contextValue.limits.requireInvitations(count);
      } catch (error) {
        setResultAndStopExecution({ errors: [presentError(error, log, contextValue.requestId)] });
      }
    },
  };
}

const countOf = createOperationMemo((document, name) => {
  const operation = getOperationAST(document, name);
  return operation ? countFields(document, operation.selectionSet) : 0;
});

/**
 * Counts these fields as they would be in the answer: fields of the same name are one, and a fragment counts once, as in
 * execution.
 */
function countFields(document: DocumentNode, root: SelectionSetNode): number {
  const fragments = fragmentsOf(document);
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
        // A visited fragment is deleted, because it must not be counted again.
        fragments.delete(selection.name.value);
        if (fragment) visit(fragment.selectionSet);
      }
    }
  };
  visit(root);
  return names.size;
}
