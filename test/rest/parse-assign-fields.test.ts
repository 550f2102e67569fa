import { describe, expect, it } from 'vitest';
import { parseAssign } from '../../src/rest/parse.ts';
import { errorsOf } from './errors-of.ts';

const id = '11111111-1111-4111-8111-111111111111';
const byEmail = { subscription_id: id, email: 'a@b.com' };

const assignErrors = (body: unknown) => errorsOf(() => parseAssign(body));

describe('an invalid field of the body', () => {
  const fields = ['subscription_id', 'order_id', 'customer_id', 'member_id', 'checkout_id'];
  it.each(fields)('%s that is no UUID', field => {
    const error = 'invalid character: found `x` at 1';
    expect(assignErrors({ [field]: 'x' })).toEqual([
      {
        type: 'uuid_parsing',
        loc: ['body', field],
        msg: `Input should be a valid UUID, ${error}`,
        input: 'x',
        ctx: { error },
      },
    ]);
    const [item] = assignErrors({ [field]: 5 });
    expect(item).toEqual({
      type: 'uuid_type',
      loc: ['body', field],
      msg: 'UUID input should be a string, bytes or UUID object',
      input: 5,
    });
  });

  it.each(['email', 'external_customer_id', 'external_member_id'])('%s that is no text', field => {
    for (const input of [5, true, [], {}]) {
      const msg = 'Input should be a valid string';
      const item = { type: 'string_type', loc: ['body', field], msg, input };
      expect(assignErrors({ subscription_id: id, [field]: input })).toEqual([item]);
    }
  });

  it('email that is none', () => {
    const reason = 'An email address must have an @-sign.';
    const msg = `value is not a valid email address: ${reason}`;
    expect(assignErrors({ subscription_id: id, email: '' })).toEqual([
      { type: 'value_error', loc: ['body', 'email'], msg, input: '', ctx: { reason } },
    ]);
  });

  it.each(['external_customer_id', 'external_member_id'])('%s that holds U+0000', field => {
    expect(assignErrors({ subscription_id: id, [field]: 'x\0y' })).toEqual([
      {
        type: 'value_error',
        loc: ['body', field],
        msg: 'Value error, This value contains invalid characters',
        input: 'x\0y',
        ctx: { error: {} },
      },
    ]);
  });

  it.each([
    ['dict_type', 'Input should be a valid dictionary', 'x'],
    ['dict_type', 'Input should be a valid dictionary', 5],
    ['dict_type', 'Input should be a valid dictionary', []],
    ['dict_type', 'Input should be a valid dictionary', false],
    ['value_error', 'Value error, Metadata size cannot exceed 1KB', { k: 'x'.repeat(1016) }],
    ['value_error', 'Value error, This value contains invalid characters', { a: ['\0'] }],
  ])('metadata: %s', (type, msg, metadata) => {
    const [item, ...more] = assignErrors({ ...byEmail, metadata });
    expect(item).toMatchObject({ type, loc: ['body', 'metadata'], msg, input: metadata });
    expect(item?.ctx).toEqual(type === 'value_error' ? { error: {} } : undefined);
    expect(more).toEqual([]);
  });

  it.each([
    [2, 'bool_parsing'],
    [-1, 'bool_parsing'],
    [2 ** 62, 'bool_parsing'],
    ['maybe', 'bool_parsing'],
    ['', 'bool_parsing'],
    [' true', 'bool_parsing'],
    [null, 'bool_type'],
    [0.5, 'bool_type'],
    [2 ** 63, 'bool_type'],
    [Number.NaN, 'bool_type'],
    [{}, 'bool_type'],
    [[], 'bool_type'],
  ])('immediate_claim %j: %s', (input, type) => {
    const suffix = type === 'bool_parsing' ? ', unable to interpret input' : '';
    const msg = `Input should be a valid boolean${suffix}`;
    expect(assignErrors({ ...byEmail, immediate_claim: input })).toEqual([
      { type, loc: ['body', 'immediate_claim'], msg, input },
    ]);
  });

  it('before any rule about fields together, in the order of declaration', () => {
    const body = { checkout_id: 1, immediate_claim: 'x', metadata: 1, member_id: 1, email: 1 };
    const rest = { external_member_id: 1, customer_id: 1, external_customer_id: 1, order_id: 1 };
    const items = assignErrors({ ...body, ...rest, subscription_id: 1 });
    expect(items.map(item => item.loc[1])).toEqual([
      'subscription_id',
      'order_id',
      'email',
      'external_customer_id',
      'customer_id',
      'external_member_id',
      'member_id',
      'metadata',
      'immediate_claim',
      'checkout_id',
    ]);
  });

  it('with the keys of each item in the order of pydantic', () => {
    const [item] = assignErrors({ subscription_id: '' });
    expect(Object.keys(item ?? {})).toEqual(['type', 'loc', 'msg', 'input', 'ctx']);
  });
});
