import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { CHANGES, CHANGES_OF_LISTS, CHANGES_OUT_OF_SIGHT } from './changes.ts';

test('each mutation is a change that the clients are tested with, or changes nothing that queries show', () => {
  const changes = CHANGES.map(({ name }) => name.split(':')[0]);
  const known = new Set([...changes, ...CHANGES_OF_LISTS, ...CHANGES_OUT_OF_SIGHT]);
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  expect([...known].toSorted()).toEqual(mutations.toSorted());
});
