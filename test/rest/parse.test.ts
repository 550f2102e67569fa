import { describe, expect, it } from 'vitest';
import { parseClaim, parseListQuery, parsePagination, parseSeatId } from '../../src/rest/parse.ts';
import { errorsOf } from './errors-of.ts';

const id = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-1222-2222-222222222222';

describe('the body that claims a seat', () => {
  it.each(['x', '', 'é'])('has a token: %j', invitation_token => {
    expect(parseClaim({ invitation_token, z: 1 })).toEqual({ invitationToken: invitation_token });
  });

  const loc = ['body', 'invitation_token'];
  it.each([{}, { token: 'x' }])('lacks it: %j', input => {
    expect(errorsOf(() => parseClaim(input))).toEqual([
      { type: 'missing', loc, msg: 'Field required', input },
    ]);
  });

  it.each([null, 5, [], {}, true])('has %j for it', input => {
    expect(errorsOf(() => parseClaim({ invitation_token: input }))).toEqual([
      { type: 'string_type', loc, msg: 'Input should be a valid string', input },
    ]);
  });

  it('is there, and an object', () => {
    expect(errorsOf(() => parseClaim(null))[0]).toMatchObject({ type: 'missing', loc: ['body'] });
    expect(errorsOf(() => parseClaim([]))[0]).toMatchObject({ type: 'model_attributes_type' });
  });
});

describe('ids in the query and the path', () => {
  const list = (query: string) => parseListQuery(new URLSearchParams(query));

  it.each([
    ['', {}],
    [`subscription_id=${id}`, { subscriptionId: id }],
    [`order_id=${id.replaceAll('-', '')}&x=1`, { orderId: id }],
    [`order_id=${id}&subscription_id=urn:uuid:${id}`, { subscriptionId: id, orderId: id }],
    [`subscription_id=x&subscription_id=${id}`, { subscriptionId: id }],
  ])('are taken: ?%s', (query, expected) => {
    expect(list(query)).toEqual(expected);
  });

  it('are refused in the order of declaration, empty ones as well', () => {
    const items = errorsOf(() => list('order_id=&subscription_id=x'));
    expect(items).toMatchObject([
      { type: 'uuid_parsing', loc: ['query', 'subscription_id'], input: 'x' },
      { type: 'uuid_parsing', loc: ['query', 'order_id'], input: '' },
    ]);
  });

  it('are of version 4', () => {
    const version = {
      type: 'uuid_version',
      msg: 'UUID version 4 expected',
      input: other,
      ctx: { expected_version: 4 },
    };
    expect(errorsOf(() => list(`order_id=${other}`))).toEqual([
      { ...version, loc: ['query', 'order_id'] },
    ]);
    expect(errorsOf(() => parseSeatId(other))).toEqual([{ ...version, loc: ['path', 'seat_id'] }]);
  });

  it('come out canonical', () => {
    expect(parseSeatId(`{${id}}`)).toBe(id);
    expect(errorsOf(() => parseSeatId('claim'))).toMatchObject([
      { type: 'uuid_parsing', loc: ['path', 'seat_id'], input: 'claim' },
    ]);
  });
});

describe('page and limit', () => {
  const paginate = (query: string) => parsePagination(new URLSearchParams(query));

  it.each([
    ['', { page: 1, limit: 10 }],
    ['page=3&limit=100', { page: 3, limit: 100 }],
    ['limit=101', { page: 1, limit: 100 }],
    ['limit=99999999999999999999', { page: 1, limit: 100 }],
    ['page=%201%20&limit=%2B7', { page: 1, limit: 7 }],
    ['page=1_0&limit=01.00', { page: 10, limit: 1 }],
    ['page=1&page=2', { page: 2, limit: 10 }],
  ])('are taken: ?%s', (query, expected) => {
    expect(paginate(query)).toEqual(expected);
  });

  it.each([
    '',
    ' ',
    'x',
    '1.5',
    '1.',
    '.0',
    '1e1',
    '0x1',
    '_1',
    '1_',
    '1__0',
    '+-1',
    '- 1',
    '١',
    '\ufeff1',
  ])('are integers, not %j', input => {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    expect(errorsOf(() => paginate(new URLSearchParams({ limit: input }).toString()))).toEqual([
      { type: 'int_parsing', loc: ['query', 'limit'], msg, input },
    ]);
  });

  it.each(['0', '-1', '-0', '0.0', '-1.0'])('are above zero, not %s', input => {
    const msg = 'Input should be greater than 0';
    expect(errorsOf(() => paginate(`page=${input}&limit=${input}`))).toEqual([
      { type: 'greater_than', loc: ['query', 'page'], msg, input, ctx: { gt: 0 } },
      { type: 'greater_than', loc: ['query', 'limit'], msg, input, ctx: { gt: 0 } },
    ]);
  });
});

it('a number with space in its midst is refused as fast as any', () => {
  const begun = performance.now();
  expect(
    errorsOf(() => parsePagination(new URLSearchParams({ page: `1${' '.repeat(200_000)}x` }))),
  ).toMatchObject([{ type: 'int_parsing' }]);
  // With a pattern that ends in `$`, this takes a minute.
  expect(performance.now() - begun).toBeLessThan(5_000);
});
