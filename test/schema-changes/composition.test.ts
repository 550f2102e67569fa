import { readFileSync } from 'node:fs';
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByHive } from '@theguild/federation-composition';
import { buildSchema, type DocumentNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';

// The schema as a part of a supergraph, beside another team's.

const USHER = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';
/** The schema with what a team adds to it that joins its own data to seats and members. */
const USHER_WITH_KEYS = `
  ${USHER.replace('type PageInfo {', 'type PageInfo @shareable {')}
  ${FEDERATION}
  extend type CustomerSeat @key(fields: "id")
  extend type Member @key(fields: "id")
`;
const NOTES = `
  ${FEDERATION}
  type Query { notes(first: Int, after: String): NoteConnection! }
  type NoteConnection { nodes: [Note!]! pageInfo: PageInfo! }
  type Note @key(fields: "id") { id: ID! text: String! createdAt: DateTime! }
  type PageInfo @shareable {
    hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
  }
  scalar DateTime
`;
const JOINED = `
  type CustomerSeat @key(fields: "id") { id: ID! notes: [Note!]! }
  type Member @key(fields: "id") { id: ID! notes: [Note!]! }
`;

interface Composed {
  supergraphSdl?: string | undefined;
  errors?: readonly { message: string }[] | undefined;
}
type Subgraph = { name: string; typeDefs: DocumentNode; url: string };

const COMPOSERS: [name: string, compose: (subgraphs: Subgraph[]) => Composed][] = [
  ['Hive', composeByHive],
  ['Apollo', composeByApollo],
];

describe.each(COMPOSERS)('%s', (_name, compose) => {
  const composed = (usher: string, notes: string) => {
    const { supergraphSdl = '', errors } = compose([
      { name: 'usher', typeDefs: parse(usher), url: 'http://usher.example/graphql' },
      { name: 'notes', typeDefs: parse(notes), url: 'http://notes.example/graphql' },
    ]);
    expect(errors?.map(({ message }) => message)).toBeUndefined();
    const schema = buildSchema(supergraphSdl, { assumeValidSDL: true });
    return (name: string) => schema.getType(name)?.toConfig();
  };

  test('composes it beside another subgraph', () => {
    const typeNamed = composed(USHER, NOTES);
    expect(typeNamed('CustomerSeat')).toBeDefined();
    expect(typeNamed('Note')).toBeDefined();
  });

  test('joins fields of another subgraph to its types', () => {
    const typeNamed = composed(USHER_WITH_KEYS, `${NOTES} ${JOINED}`);
    for (const name of ['CustomerSeat', 'Member']) {
      expect(typeNamed(name)).toMatchObject({ fields: { notes: {}, id: {}, createdAt: {} } });
    }
  });
});
