import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

interface Case {
  n: number;
  name: string;
  method: string;
  path: string;
  request: unknown;
  status: number;
  response: unknown;
}

interface Item {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: unknown;
}

const CASES: Case[] = JSON.parse(
  readFileSync(new URL('./validation-cases.json', import.meta.url), 'utf8'),
);

const THREE_SOURCES =
  'Value error, Exactly one of subscription_id, order_id, or checkout_id must be provided';

/** Differences of the admin endpoint from the reference, because it also accepts a checkout. */
const DEPARTURES: Record<number, Partial<Item>> = {
  138: {
    type: 'uuid_parsing',
    loc: ['body', 'checkout_id'],
    msg: 'Input should be a valid UUID, invalid character: found `z` at 1',
    input: 'zzz',
  },
  144: { msg: THREE_SOURCES },
};

let usher: TestUsher;
let fixture: Fixture;
beforeAll(async () => {
  usher = await startUsher();
  fixture = await usher.addFixture();
});
afterAll(() => usher.close());

/** Returns the token of a case, which depends on its name. Most cases have a permitted caller. */
function headersOf({ name, path }: Case): Record<string, string> {
  const portal = path.includes('/customer-portal/');
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  if (/noauth|no auth/.test(name)) return {};
  if (name.startsWith('badtoken')) return bearer('usher_oat_unknown');
  if (name.startsWith('bearer empty')) return { authorization: 'Bearer ' };
  if (name.startsWith('member +')) return bearer(fixture.tokens.member);
  if (path.includes('/claim') && !/^delete/.test(name)) return {};
  return bearer(portal ? fixture.tokens.customer : fixture.tokens.organization);
}

function contentType({ name, request }: Case): Record<string, string> {
  const named = /^ct '(.*)'$/.exec(name)?.[1];
  if (named !== undefined) return named === '' ? {} : { 'content-type': named };
  return request === null && name !== 'no body, ct json'
    ? {}
    : { 'content-type': 'application/json' };
}

async function send(one: Case) {
  const { method, path, request } = one;
  const body = typeof request === 'string' ? request : JSON.stringify(request);
  const response = await fetch(usher.url + path, {
    method,
    redirect: 'manual',
    headers: { ...headersOf(one), ...contentType(one) },
    // Bytes, because a text body gets a default content type.
    ...(request !== null && { body: Buffer.from(body) }),
  });
  const text = await response.text();
  return { status: response.status, text };
}

/** Returns the stable part of an item: all except the wording of e-mail and JSON parser errors. */
function comparable(item: Item) {
  const { type, loc, msg, input } = item;
  const worded = msg.startsWith('value is not a valid email address') ? 'e-mail' : msg;
  return { type, loc, msg: worded, input };
}

describe('the observed answers of the reference', () => {
  test.each(CASES.map(one => [`${one.n}: ${one.name.slice(0, 60)}`, one] as const))(
    '%s',
    async (_name, one) => {
      const answer = await send(one);
      if (one.status === 200) {
        // The reference's answer covers validation only. The rows in the database decide the rest.
        expect(answer.status, answer.text).not.toBe(422);
        return;
      }
      expect(answer.status, answer.text).toBe(one.status);
      if (one.response === '') {
        expect(answer.text).toBe('');
        return;
      }
      const body = JSON.parse(answer.text);
      if (one.status !== 422) {
        expect(body).toEqual(one.response);
        return;
      }
      const { error, detail } = one.response as { error: string; detail: Item[] };
      expect(body.error).toBe(error);
      expect(body.detail.map(comparable)).toEqual(
        detail.map(item => comparable({ ...item, ...DEPARTURES[one.n] })),
      );
    },
  );
});
