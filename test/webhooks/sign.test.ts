import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { signedHeaders } from '../../src/webhooks/sign.ts';

const ID = '0d1f6f4e-2f60-4f43-8d6e-5c1d0f6a7b11';
const BODY =
  '{"type":"customer_seat.assigned","timestamp":"2026-11-22T10:00:00Z","data":{"id":"é"}}';
const KEYS = { secret: 'whsec_one', previousSecret: null, previousSecretExpiresAt: null };

const standard = (secret: string) => new Webhook(Buffer.from(secret).toString('base64'));

describe('a signature', () => {
  test('verifies as a Standard Webhooks signature, with the bytes of the whole secret as key', () => {
    const headers = signedHeaders(KEYS, ID, BODY, new Date());
    expect(standard('whsec_one').verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(() => standard('whsec_two').verify(BODY, headers)).toThrow();
    expect(() => standard('whsec_one').verify(`${BODY} `, headers)).toThrow();
    const other = { ...headers, 'webhook-id': 'another' };
    expect(() => standard('whsec_one').verify(BODY, other)).toThrow();
  });

  test('has the time of the attempt, which a receiver checks', () => {
    const now = new Date('2026-11-22T10:00:00.900Z');
    const headers = signedHeaders(KEYS, ID, BODY, now);
    expect(headers['webhook-timestamp']).toBe(String(Date.parse('2026-11-22T10:00:00Z') / 1000));
  });

  test('is made with both secrets after a rotation, until the previous one expires', () => {
    const now = new Date();
    const keys = {
      secret: 'whsec_two',
      previousSecret: 'whsec_one',
      previousSecretExpiresAt: new Date(now.getTime() + 1),
    };
    const rotating = signedHeaders(keys, ID, BODY, now);
    expect(standard('whsec_one').verify(BODY, rotating)).toBeTruthy();
    expect(standard('whsec_two').verify(BODY, rotating)).toBeTruthy();
    const rotated = signedHeaders({ ...keys, previousSecretExpiresAt: now }, ID, BODY, now);
    expect(standard('whsec_two').verify(BODY, rotated)).toBeTruthy();
    expect(() => standard('whsec_one').verify(BODY, rotated)).toThrow();
  });
});
