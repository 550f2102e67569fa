import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importSchema } from '../../src/import/json-schema.ts';
import { readImportFile } from '../../src/import/read-import-file.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { createAcme } from './acme.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
const isValid = ajv.compile(importSchema());

/** Returns the example of docs/import.md. */
const documented: unknown = JSON.parse(
  /```json\n(\{[\s\S]*?)```/.exec(read('docs/import.md'))?.[1] ?? '',
);

type Row = Record<string, unknown>;

/** Returns the file of Acme with a change of its first row of a kind. */
function changed(kind: string, change: Row): unknown {
  const acme = createAcme();
  const { organization: original, subscription, jane } = acme;
  const seat = {
    id: randomUUID(),
    subscriptionId: subscription.id,
    memberId: jane.id,
    status: 'claimed',
  };
  const organization: Row = structuredClone({ ...original, seats: [seat] });
  const file = { ...acme.document, organizations: [organization] };
  const [row = {}] = kind === 'organizations' ? [organization] : (organization[kind] as Row[]);
  Object.assign(row, change);
  for (const [key, value] of Object.entries(change)) if (value === undefined) delete row[key];
  return file;
}

describe('the schema of import files', () => {
  test.each([
    ['the demo', JSON.parse(read('prisma/demo.json'))],
    ['the file in the documentation', documented],
    ["a test's file", createAcme().document],
    ['an empty file', {}],
  ])('takes %s, and so does the import', (_name, file) => {
    expect(isValid(file), JSON.stringify(isValid.errors)).toBe(true);
    expect(readImportFile(file).problems).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['an unknown key', { organisations: [] }],
    ['an unknown key of a row', changed('products', { price: 5 })],
    ['a row without an id', changed('customers', { id: undefined })],
    ['an id that is none', changed('subscriptions', { id: '1' })],
    ['a bad status', changed('subscriptions', { status: 'cancelled' })],
    ['a seat of nothing', changed('seats', { subscriptionId: null, orderId: null })],
    ['a count that is a string', changed('subscriptions', { seats: '5' })],
    ['a time that is none', changed('subscriptions', { createdAt: 'yesterday' })],
    [
      'an unknown scope',
      changed('organizations', { accessTokens: [{ token: 't', scopes: ['customer_seats:wrte'] }] }),
    ],
    ['a slug with a space', changed('organizations', { slug: 'bad slug' })],
    ['metadata that is a list', changed('seats', { metadata: [] })],
  ])('refuses %s, and so does the import', (_name, file) => {
    expect(isValid(file)).toBe(false);
    expect(readImportFile(file).problems).not.toEqual([]);
  });

  test('describes every key', () => {
    const { $defs, properties } = importSchema() as { $defs: Record<string, Row>; properties: Row };
    const bare = [{ properties }, ...Object.values($defs)].flatMap(({ properties = {} }) =>
      Object.entries(properties as Record<string, Row>).filter(
        ([, { description }]) => !description,
      ),
    );
    expect(bare).toEqual([]);
  });
});

describe('a server', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startUsher();
  });
  afterAll(() => usher.close());

  test('serves the schema to any origin', async () => {
    const response = await fetch(`${usher.url}/import.schema.json`);
    expect(response.headers.get('content-type')).toBe('application/schema+json');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual(importSchema());
  });

  test('imports the example of the documentation', async () => {
    await usher.load(documented);
    const { body, status } = await usher.rest(
      'GET',
      '/v1/customer-seats?subscription_id=4d5e6f70-8192-43a4-b5c6-d7e8f90a1b2c',
      { token: 'umbrella-secret-token' },
    );
    expect([status, body.total_seats, body.seats[0].customer_email]).toEqual([
      200,
      25,
      'lucius@wayne.example',
    ]);
  });
});
