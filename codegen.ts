import type { CodegenConfig } from '@graphql-codegen/cli';
import { printSchema } from 'graphql';
import { schema } from './src/graphql/schema.ts';

// The schema is made by code; both files below are printed from it and checked in.
const ONE_OF = `"""Exactly one field of the input is required, and not null."""
directive @oneOf on INPUT_OBJECT
`;

const config: CodegenConfig = {
  schema: printSchema(schema),
  documents: 'schema/operations/*.graphql',
  generates: {
    'schema/schema.graphql': {
      // Apollo's composer knows only directives that a subgraph defines.
      plugins: [{ add: { content: ONE_OF } }, 'schema-ast'],
      config: { includeDirectives: true },
    },
    'test/support/operations/': {
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
  },
};

export default config;
