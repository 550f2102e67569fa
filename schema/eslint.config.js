import graphql from '@graphql-eslint/eslint-plugin';

// The rules for a schema that people can live with. The exceptions are types that are values, which have no id.
export default [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'schema/schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            suffixes: ['Connection', 'Edge', 'Error', 'Success'],
            types: [
              'Actor',
              'ErasedRows',
              'InputIssue',
              'ItemNotAttempted',
              'OrganizationSettings',
              'PageInfo',
              'SeatClaimInfo',
              'SeatHolder',
              'SeatInvitation',
              'SeatUsageForecast',
              'Viewer',
              'WouldAssignSeat',
              'WouldRevokeSeat',
            ],
          },
        },
      ],
    },
  },
];
