import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { pino } from 'pino';
import { afterAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { openDatabase } from '../../src/db/client.ts';
import * as errors from '../../src/domain/errors.ts';
import { openSeatChanges } from '../../src/events/seat-changes.ts';
import { describeApi, openApiPath } from '../../src/rest/openapi/document.ts';
import { checker, expectDescribed } from '../support/openapi.ts';

const NOWHERE = 'postgres://127.0.0.1:1/nowhere';

const document = await describeApi();
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  const database = openDatabase(NOWHERE);
  afterAll(database.close);

  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone({ ...document }))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('is up to date in the repository', () => {
    const written = readFileSync(new URL('../../schema/openapi.json', import.meta.url), 'utf8');
    expect(written).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  test('has exactly the routes of the server', () => {
    const logger = pino({ level: 'silent' });
    const { hono } = createApp({
      db: database.db,
      sql: database.sql,
      secretKey: '',
      changes: openSeatChanges(NOWHERE, database.db, logger),
      publicUrl: () => '',
      stopping: new AbortController().signal,
      logger,
      ready: async () => undefined,
    });
    const served = hono.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${openApiPath(path)}`);
    const others = [
      'GET /',
      'GET /openapi.json',
      'GET /import.schema.json',
      'GET /docs',
      'GET /docs/{asset}',
      'GET /graphql',
      'GET /graphiql/{asset}',
      'GET /assets/{asset}',
      'GET /claim',
      'POST /claim',
      'GET /unsubscribe',
      'POST /unsubscribe',
      'GET /unsubscribe/undo',
      'POST /unsubscribe/undo',
    ];
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...described, ...others].sort()).toEqual([...new Set(served)].sort());
  });

  test('has unique operation ids, summaries and descriptions', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { operation } of operations) {
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary).not.toBe('');
      expect(operation.description).toMatch(/\.$/);
    }
  });

  test('has examples of all bodies and path parameters', () => {
    for (const { operation } of operations) {
      const { requestBody, responses, parameters = [] } = operation;
      for (const { content } of [
        ...(requestBody ? [requestBody] : []),
        ...Object.values(responses),
      ]) {
        for (const { examples } of Object.values(content)) expect(examples).not.toEqual({});
      }
      for (const parameter of parameters.filter(parameter => parameter.in === 'path')) {
        expect(parameter).toHaveProperty('example');
      }
    }
  });

  test('has examples that match their schemas', () => {
    const check = checker(document);
    const problems = operations.flatMap(({ path, method, operation }) => {
      const bodies = [
        { place: ['requestBody'], content: operation.requestBody?.content ?? {} },
        ...Object.entries(operation.responses).map(([status, { content }]) => ({
          place: ['responses', status],
          content,
        })),
      ];
      return bodies.flatMap(({ place, content }) =>
        Object.entries(content).flatMap(([type, { examples }]) =>
          Object.values(examples).flatMap(({ value }) => {
            const schema = ['paths', path, method, ...place, 'content', type, 'schema'];
            const problem = check(schema, value);
            return problem === undefined ? [] : [`${operation.operationId} ${place}: ${problem}`];
          }),
        ),
      );
    });
    expect(problems).toEqual([]);
  });

  test('contains every domain error', () => {
    const names = Object.entries(errors)
      .filter(([, type]) => type.prototype instanceof errors.UserError)
      .map(([name]) => name)
      // These have the forms of OAuth errors and validation errors.
      .filter(name => name !== 'InsufficientScope' && name !== 'InvalidInput')
      // REST has no transfers.
      .filter(name => name !== 'SeatNotLive');
    const text = JSON.stringify(operations);
    expect(names.filter(name => !text.includes(`"error":"${name}"`))).toEqual([]);
  });

  test('shows no invitation token', () => {
    const { CustomerSeat } = document.components.schemas;
    expect(Object.keys(CustomerSeat?.properties ?? {})).not.toContain('invitation_token');
    expect(CustomerSeat?.required).toHaveLength(15);
  });
});

describe('the check of an answer', () => {
  const described = { status: 200, headers: json(), text: '', body: { status: 'ok' } };
  const live = async (answer: Partial<typeof described>) =>
    await expectDescribed('GET', '/health/live', { ...described, ...answer });

  test('accepts a described answer', async () => {
    await expect(live({})).resolves.toBeUndefined();
  });

  test('rejects another status', async () => {
    await expect(live({ status: 503 })).rejects.toThrow('there is no status 503');
  });

  test('rejects another content type', async () => {
    const headers = new Headers({ 'content-type': 'text/html' });
    await expect(live({ headers })).rejects.toThrow('there is no content type text/html');
  });

  test('rejects an additional key', async () => {
    const body = { status: 'ok', since: 'yesterday' };
    await expect(live({ body })).rejects.toThrow('must NOT have additional properties');
  });

  test('rejects an undescribed value', async () => {
    await expect(live({ body: { status: 'fine' } })).rejects.toThrow('must be equal to one of');
  });

  test('rejects a missing key, an error of another endpoint, and a missing challenge', async () => {
    const seats = (answer: { status?: number; body: unknown }) =>
      expectDescribed('POST', '/v1/customer-seats', { ...described, ...answer });
    await expect(seats({ body: { status: 'ok' } })).rejects.toThrow("required property 'member'");
    const refusal = { error: 'SeatNotPending', detail: 'Seat is not in pending status' };
    await expect(seats({ status: 400, body: refusal })).rejects.toThrow('must be equal to one of');
    const stranger = { error: 'Unauthorized', detail: 'Unauthorized' };
    await expect(seats({ status: 401, body: stranger })).rejects.toThrow('no challenge');
  });
});

function json(): Headers {
  return new Headers({ 'content-type': 'application/json' });
}
