import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import {
  OrganizationSettingsDocument,
  UpdateOrganizationSettingsDocument,
  type UpdateOrganizationSettingsInput,
} from '../support/operations/graphql.ts';
import { addToken } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { join } from '../support/webhooks.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const DEFAULTS = {
  sendsInvitations: true,
  reminderHours: null,
  returnUrl: null,
  invitationSubject: null,
  invitationText: null,
  invitationHtml: null,
};

const ALL = {
  sendsInvitations: false,
  reminderHours: 4,
  returnUrl: 'https://app.acme.example/welcome?from=usher#seats',
  invitationSubject: 'A seat of {{productName}}',
  invitationText: 'Claim it: {{claimUrl}}',
  invitationHtml: '<a href="{{claimUrl}}">Claim it</a>',
};

async function update(
  fixture: Fixture,
  input: UpdateOrganizationSettingsInput,
  token = fixture.tokens.organization,
) {
  const { data, errors } = await usher.graphql(
    UpdateOrganizationSettingsDocument,
    { input },
    token,
  );
  expect(errors).toBeUndefined();
  return data?.updateOrganizationSettings;
}

async function settings(token: string) {
  const { data, errors } = await usher.graphql(OrganizationSettingsDocument, {}, token);
  expect(errors).toBeUndefined();
  return data?.viewer?.organizations;
}

async function rowOf(fixture: Fixture) {
  const where = { id: fixture.ids.organization };
  return await usher.db.organization.findUniqueOrThrow({ where });
}

describe('an organization', () => {
  test('has decided nothing at first, and changes all that it names', async () => {
    const fixture = await usher.addFixture();
    const { organization: id } = fixture.ids;
    expect(await settings(fixture.tokens.organization)).toEqual([{ id, settings: DEFAULTS }]);
    expect(await update(fixture, ALL)).toEqual({
      __typename: 'UpdateOrganizationSettingsSuccess',
      organization: { id, settings: ALL },
    });
    expect(await settings(fixture.tokens.personal)).toEqual([{ id, settings: ALL }]);
    expect((await rowOf(fixture)).modifiedAt).not.toBeNull();
  });

  test('keeps what it leaves out, and goes back to its defaults with null', async () => {
    const fixture = await usher.addFixture();
    await update(fixture, ALL);
    const organization = (settings: object) => ({ organization: { settings } });
    expect(await update(fixture, { reminderHours: 23 })).toMatchObject(
      organization({ ...ALL, reminderHours: 23 }),
    );
    expect(await update(fixture, { ...DEFAULTS, sendsInvitations: null })).toMatchObject(
      organization({ ...DEFAULTS, sendsInvitations: false }),
    );
    expect(await update(fixture, { sendsInvitations: true })).toMatchObject(organization(DEFAULTS));
  });

  test.each([
    'https://app.acme.example',
    'http://localhost:3000/welcome',
    'http://app.localhost/',
    'http://127.0.0.1:3000',
    'http://[::1]:3000/welcome',
  ])('may send people to %s', async returnUrl => {
    const fixture = await usher.addFixture();
    expect(await update(fixture, { returnUrl })).toMatchObject({
      organization: { settings: { returnUrl } },
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['reminderHours', 0, 'RANGE'],
    ['reminderHours', 24, 'RANGE'],
    ['reminderHours', -3, 'RANGE'],
    ['returnUrl', 'http://app.acme.example', 'URL'],
    ['returnUrl', 'http://localhost.acme.example', 'URL'],
    ['returnUrl', 'javascript:alert(1)', 'URL'],
    ['returnUrl', 'app.acme.example', 'URL'],
    ['returnUrl', ' https://app.acme.example', 'URL'],
    ['returnUrl', 'https://ada:secret@app.acme.example', 'CREDENTIALS'],
    ['returnUrl', `https://app.acme.example/${'x'.repeat(2_048)}`, 'TOO_LONG'],
    ['returnUrl', 'https://app.acme.example/\ud800', 'TEXT'],
    ['invitationSubject', '', 'BLANK'],
    ['invitationSubject', 'A seat\0', 'TEXT'],
    ['invitationText', 'A seat for you', 'CLAIM_URL_MISSING'],
    ['invitationText', '{{#claimUrl}}', 'SYNTAX'],
    ['invitationText', '{{claimUrl}} {{constructor}}', 'UNKNOWN_VARIABLE'],
    ['invitationHtml', '<a href="{{{claimUrl}}}">', 'UNESCAPED'],
  ])('%s: %j', async (field, value, code) => {
    const fixture = await usher.addFixture();
    const before = await rowOf(fixture);
    expect(await update(fixture, { sendsInvitations: false, [field]: value })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: [field], code, message: expect.any(String) }],
    });
    expect(await rowOf(fixture)).toEqual(before);
  });

  test('gets all problems in one error', async () => {
    const fixture = await usher.addFixture();
    const result = await update(fixture, {
      reminderHours: 99,
      returnUrl: 'ftp://acme.example',
      invitationSubject: ' ',
      invitationText: 'no link',
    });
    expect(result).toMatchObject({
      issues: [
        { path: ['reminderHours'] },
        { path: ['returnUrl'] },
        { path: ['invitationSubject'] },
        { path: ['invitationText'] },
      ],
    });
  });
});

describe('who may', () => {
  test('change them: a token with the scope, no other token and no session', async () => {
    const fixture = await usher.addFixture();
    const writer = await addToken(usher, fixture, ['organizations:write']);
    expect(await update(fixture, { reminderHours: 2 }, writer)).toMatchObject({
      __typename: 'UpdateOrganizationSettingsSuccess',
    });
    const { customer, owner, reader, scopeless } = fixture.tokens;
    const other = await addToken(usher, fixture, ['organizations:read', 'customer_seats:write']);
    for (const token of [customer, owner, reader, scopeless, other]) {
      expect(await update(fixture, { reminderHours: 3 }, token)).toMatchObject({
        code: 'NOT_PERMITTED',
      });
    }
    expect((await rowOf(fixture)).reminderHours).toBe(2);
  });

  test('see them: tokens for organizations or seats, no other token and no session', async () => {
    const fixture = await usher.addFixture();
    for (const scope of [
      'organizations:read',
      'organizations:write',
      'customer_seats:read',
      'customer_seats:write',
    ]) {
      const token = await addToken(usher, fixture, [scope]);
      expect(await settings(token)).toMatchObject([{ settings: DEFAULTS }]);
    }
    const { customer, owner, member, scopeless } = fixture.tokens;
    const webhooks = await addToken(usher, fixture, ['webhooks:write', 'customer_sessions:write']);
    for (const token of [customer, owner, member, scopeless, webhooks]) {
      expect(await settings(token)).toEqual([{ id: fixture.ids.organization, settings: null }]);
    }
  });
});

describe('of several organizations', () => {
  test('another one is as if it did not exist', async () => {
    const [fixture, stranger] = [await usher.addFixture(), await usher.addFixture()];
    const before = await rowOf(fixture);
    for (const token of [stranger.tokens.organization, stranger.tokens.personal]) {
      const real = await update(fixture, { organizationId: fixture.ids.organization }, token);
      expect(real).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
      expect(real).toEqual(await update(fixture, { organizationId: randomUUID() }, token));
    }
    expect(await rowOf(fixture)).toEqual(before);
  });

  test('a person who acts for more than one names the one, and changes that alone', async () => {
    const [fixture, second] = [await usher.addFixture(), await usher.addFixture()];
    await join(usher, fixture, second);
    const token = fixture.tokens.personal;
    expect(await update(fixture, { reminderHours: 5 }, token)).toMatchObject({
      issues: [{ path: ['organizationId'], code: 'REQUIRED' }],
    });
    const organizationId = second.ids.organization;
    expect(await update(fixture, { organizationId, reminderHours: 5 }, token)).toMatchObject({
      organization: { id: organizationId, settings: { reminderHours: 5 } },
    });
    expect((await rowOf(fixture)).reminderHours).toBeNull();
  });
});
