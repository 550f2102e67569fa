import fc from 'fast-check';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  execute as graphqlExecute,
  isInputObjectType,
  parse,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { createExecute, type Execute } from '../../src/graphql/execution/execute.ts';
import { schema as realSchema } from '../../src/graphql/schema.ts';
import { drawDocument, drawFrom } from '../support/drawn-operations.ts';
import { type Imitation, imitate } from '../support/imitated-schema.ts';

// A plan is worth having only as long as nobody can tell it from graphql-js.

const RUNS = 2_000;

const schema = imitate(realSchema);

interface Case {
  text: string;
  document: DocumentNode;
  operationName: string;
  /** For one execution after the other. */
  variables: Record<string, unknown>[];
  /** For what the resolvers do. */
  seed: number;
}

const tape = (maxLength: number) => fc.array(fc.nat(4_000), { maxLength, size: 'max' });

const anyCase = fc
  .record({ document: tape(400), values: tape(100), seed: fc.nat(1_000_000) })
  .map(({ document, values, seed }): Case => {
    const { text, operations } = drawDocument(schema, drawFrom(document));
    const draw = drawFrom(values);
    const [first, second = first] = operations;
    const operation = draw(2) === 0 ? first : second;
    if (operation === undefined) throw new Error('no operation was drawn');
    const [one, other] = [operation.variables(draw), operation.variables(draw)];
    const variables = [one, one, other];
    return { text, document: parse(text), operationName: operation.name, variables, seed };
  })
  .filter(({ document }) => validate(schema, document).length === 0);

type Operation = Omit<ExecutionArgs, 'schema' | 'contextValue'>;

/** What an executor answers, and what resolvers it called for it. */
async function answerOf(execute: Execute, operation: Operation, seed: number) {
  const contextValue: Imitation = { seed, calls: [] };
  const result: ExecutionResult = await execute({ schema, contextValue, ...operation });
  return { result: JSON.parse(JSON.stringify(result)), calls: contextValue.calls };
}

/** Holds each answer to a case, the first and later ones, to that of graphql-js. */
function sameAnswers(execute: Execute) {
  return fc.asyncProperty(anyCase, async ({ document, operationName, variables, seed }) => {
    for (const variableValues of variables) {
      const operation = { document, operationName, variableValues };
      const expected = await answerOf(graphqlExecute, operation, seed);
      expect(await answerOf(execute, operation, seed)).toEqual(expected);
    }
  });
}

test('what is drawn from the schema is answered as graphql-js answers it, the first time and later', async () => {
  await fc.assert(sameAnswers(createExecute(schema)), { numRuns: RUNS });
}, 300_000);

/** An executor that is right the first time, and wrong in one way from then on. */
function wrongLater(wrong: (args: ExecutionArgs) => ReturnType<Execute>): Execute {
  const known = new WeakSet<DocumentNode>();
  return args => {
    if (known.has(args.document)) return wrong(args);
    known.add(args.document);
    return graphqlExecute(args);
  };
}

test.each<[string, (args: ExecutionArgs) => ReturnType<Execute>]>([
  [
    'a variable that was left out as null',
    args => {
      const definitions = getOperationAST(args.document, args.operationName)?.variableDefinitions;
      const leftOut = (definitions ?? []).flatMap(({ variable, type, defaultValue }) =>
        type.kind === 'NonNullType' || defaultValue ? [] : [[variable.name.value, null]],
      );
      const variableValues = { ...Object.fromEntries(leftOut), ...args.variableValues };
      return graphqlExecute({ ...args, variableValues });
    },
  ],
  [
    'null as a variable that was left out',
    args => {
      const given = Object.entries(args.variableValues ?? {}).filter(([, value]) => value !== null);
      return graphqlExecute({ ...args, variableValues: Object.fromEntries(given) });
    },
  ],
  ['several keys for an input that is to have one', createLenient()],
])(
  'the same test finds an executor that takes %s',
  async (_name, wrong) => {
    const { failed } = await fc.check(sameAnswers(wrongLater(wrong)), {
      numRuns: RUNS,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
  },
  300_000,
);

/** Executes with input objects that may have any number of keys. */
function createLenient(): Execute {
  const lenient = imitate(realSchema);
  for (const type of Object.values(lenient.getTypeMap())) {
    if (isInputObjectType(type)) type.isOneOf = false;
  }
  return args => graphqlExecute({ ...args, schema: lenient });
}
