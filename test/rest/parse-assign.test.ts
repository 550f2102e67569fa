import { describe, expect, it } from 'vitest';
import { parseAssign } from '../../src/rest/parse.ts';
import { errorsOf } from './errors-of.ts';

const id = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-1222-2222-222222222222';
const byEmail = { subscription_id: id, email: 'a@b.com' };

const assignErrors = (body: unknown) => errorsOf(() => parseAssign(body));
const ruleError = (reason: string, input: unknown) => [
  { type: 'value_error', loc: ['body'], msg: `Value error, ${reason}`, input, ctx: { error: {} } },
];

describe('the body that assigns a seat', () => {
  it.each([
    [{ subscription_id: id }, { kind: 'subscription', id }],
    [{ order_id: `{${id}}` }, { kind: 'order', id }],
    [{ checkout_id: other }, { kind: 'checkout', id: other }],
    [
      { subscription_id: null, order_id: id, checkout_id: null },
      { kind: 'order', id },
    ],
  ])('has one source: %j', (source, expected) => {
    expect(parseAssign({ ...source, email: 'a@b.com' })).toEqual({
      source: expected,
      recipient: { kind: 'email', email: 'a@b.com' },
      metadata: undefined,
      immediateClaim: false,
    });
  });

  it.each([
    [{ email: 'Bob <A@B.com>' }, { kind: 'email', email: 'A@b.com' }],
    [{ external_customer_id: '' }, { kind: 'externalCustomer', externalCustomerId: '' }],
    [{ customer_id: other }, { kind: 'customer', customerId: other }],
    [{ member_id: other }, { kind: 'member', memberId: other }],
    [{ external_member_id: '' }, { kind: 'externalMember', externalMemberId: '' }],
    [
      { external_member_id: 'x', email: 'a@b.com' },
      { kind: 'externalMember', externalMemberId: 'x', email: 'a@b.com' },
    ],
    [
      { email: null, member_id: other, customer_id: null },
      { kind: 'member', memberId: other },
    ],
  ])('has one recipient: %j', (recipient, expected) => {
    expect(parseAssign({ subscription_id: id, ...recipient }).recipient).toEqual(expected);
  });

  it('keeps metadata as it is and ignores unknown keys', () => {
    const metadata = JSON.parse('{"constructor":1,"a":[null]}');
    expect(parseAssign({ ...byEmail, metadata, foo: 1 }).metadata).toBe(metadata);
    expect(parseAssign({ ...byEmail, metadata: null }).metadata).toBeUndefined();
  });

  it.each([
    ...[true, 1, 'true', 'True', '1', 'yes', 'on', 't', 'Y'].map(value => [value, true] as const),
    ...[false, 0, -0, 'false', '0', 'NO', 'off', 'f', 'n'].map(value => [value, false] as const),
  ])('accepts %j as %s in immediate_claim', (value, expected) => {
    expect(parseAssign({ ...byEmail, immediate_claim: value }).immediateClaim).toBe(expected);
  });

  it('must be there', () => {
    const missing = { type: 'missing', loc: ['body'], msg: 'Field required', input: null };
    expect(assignErrors(undefined)).toEqual([missing]);
    expect(assignErrors(null)).toEqual([missing]);
  });

  it.each([[[]], [[{}]], [5], ['x'], [''], [true], [false], [0]])('is an object, not %j', input => {
    expect(assignErrors(input)).toEqual([
      {
        type: 'model_attributes_type',
        loc: ['body'],
        msg: 'Input should be a valid dictionary or object to extract fields from',
        input,
      },
    ]);
  });
});

describe('conflicting fields', () => {
  const oneSource = 'Exactly one of subscription_id, order_id, or checkout_id must be provided';
  it.each([
    {},
    { email: 'a@b.com' },
    { subscription_id: null, order_id: null, email: null, metadata: null },
    { subscription_id: id, order_id: id, email: 'a@b.com' },
    { subscription_id: id, checkout_id: id },
    { subscription_id: id, order_id: id, checkout_id: id, member_id: id, customer_id: id },
  ])('not one source: %j', body => {
    expect(assignErrors(body)).toEqual(ruleError(oneSource, body));
  });

  const none =
    'At least one of email, external_customer_id, customer_id, external_member_id, or member_id must be provided';
  const mixed = 'Cannot combine external_customer_id/customer_id with external_member_id/member_id';
  const bothMembers = 'Cannot provide both external_member_id and member_id';
  const oneCustomer = 'Exactly one of email, external_customer_id, or customer_id must be provided';
  const memberAndEmail = 'Cannot combine member_id with email';
  const [email, external_customer_id, customer_id] = ['a@b.com', 'c', id];
  const [external_member_id, member_id] = ['m', id];

  it.each([
    [none, {}],
    [none, { email: null, member_id: null }],
    [mixed, { customer_id, member_id }],
    [mixed, { external_customer_id, external_member_id }],
    [mixed, { external_customer_id: '', member_id, email }],
    [mixed, { email, external_customer_id, customer_id, external_member_id, member_id }],
    [bothMembers, { external_member_id, member_id }],
    [bothMembers, { external_member_id, member_id, email }],
    [oneCustomer, { email, customer_id }],
    [oneCustomer, { email, external_customer_id }],
    [oneCustomer, { external_customer_id, customer_id }],
    [oneCustomer, { email, external_customer_id, customer_id }],
    [memberAndEmail, { member_id, email }],
  ])('%s: %j', (reason, recipient) => {
    const body = { order_id: id, ...recipient };
    expect(assignErrors(body)).toEqual(ruleError(reason, body));
  });
});
