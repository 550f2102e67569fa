import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { introspectionFromSchema, printSchema } from 'graphql';
import { schema } from './src/graphql/schema.ts';
import example from './test/graphql-clients/examples/codegen.ts';

const EXAMPLES = 'test/graphql-clients/examples/';

// The schema is made by code; the files below are printed from it and checked in.
const ONE_OF = `"""Exactly one field of the input is required, and not null."""
directive @oneOf on INPUT_OBJECT
`;

const config: CodegenConfig = {
  schema: printSchema(schema),
  generates: {
    'schema/schema.graphql': {
      // Apollo's composer knows only directives that a subgraph defines.
      plugins: [{ add: { content: ONE_OF } }, 'schema-ast'],
      config: { includeDirectives: true },
    },
    'test/support/operations/': {
      documents: 'schema/operations/*.graphql',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        importExtension: '.ts',
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          ID: 'string',
          DateTime: 'string',
          EmailAddress: 'string',
          JSONObject: 'Record<string, unknown>',
        },
      },
    },
    ...exampleOutputs(),
    [`${EXAMPLES}generated/graphql-env.d.ts`]: { plugins: [{ add: { content: typesForTada() } }] },
  },
};

/** Returns what the example of a configuration generates, with its paths from here. */
function exampleOutputs(): CodegenConfig['generates'] {
  return Object.fromEntries(
    Object.entries(example.generates).map(([path, output]) => [
      EXAMPLES + path,
      { ...output, documents: `${EXAMPLES}${example.documents}` },
    ]),
  );
}

/** Returns what `gql.tada generate-output` writes. */
function typesForTada(): string {
  const introspection = minifyIntrospection(introspectionFromSchema(schema));
  return outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true });
}

export default config;
