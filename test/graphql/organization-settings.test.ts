import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  OrganizationSettingsDocument,
  UpdateOrganizationSettingsDocument,
  type UpdateOrganizationSettingsInput,
} from '../support/operations/graphql.ts';
import { addToken } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { join } from '../support/webhooks.ts';
import type { World } from '../support/world.ts';

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
  world: World,
  input: UpdateOrganizationSettingsInput,
  token = world.tokens.organization,
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

async function rowOf(world: World) {
  const where = { id: world.ids.organization };
  return await usher.db.organization.findUniqueOrThrow({ where });
}

describe('an organization', () => {
  test('has decided nothing at first, and changes all that it names', async () => {
    const world = await usher.addWorld();
    const { organization: id } = world.ids;
    expect(await settings(world.tokens.organization)).toEqual([{ id, settings: DEFAULTS }]);
    expect(await update(world, ALL)).toEqual({
      __typename: 'UpdateOrganizationSettingsSuccess',
      organization: { id, settings: ALL },
    });
    expect(await settings(world.tokens.personal)).toEqual([{ id, settings: ALL }]);
    expect((await rowOf(world)).modifiedAt).not.toBeNull();
  });

  test('keeps what it leaves out, and goes back to its defaults with null', async () => {
    const world = await usher.addWorld();
    await update(world, ALL);
    const organization = (settings: object) => ({ organization: { settings } });
    expect(await update(world, { reminderHours: 23 })).toMatchObject(
      organization({ ...ALL, reminderHours: 23 }),
    );
    expect(await update(world, { ...DEFAULTS, sendsInvitations: null })).toMatchObject(
      organization({ ...DEFAULTS, sendsInvitations: false }),
    );
    expect(await update(world, { sendsInvitations: true })).toMatchObject(organization(DEFAULTS));
  });

  test.each([
    'https://app.acme.example',
    'http://localhost:3000/welcome',
    'http://app.localhost/',
    'http://127.0.0.1:3000',
    'http://[::1]:3000/welcome',
  ])('may send people to %s', async returnUrl => {
    const world = await usher.addWorld();
    expect(await update(world, { returnUrl })).toMatchObject({
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
    const world = await usher.addWorld();
    const before = await rowOf(world);
    expect(await update(world, { sendsInvitations: false, [field]: value })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: [field], code, message: expect.any(String) }],
    });
    expect(await rowOf(world)).toEqual(before);
  });

  test('is told all at once', async () => {
    const world = await usher.addWorld();
    const result = await update(world, {
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
    const world = await usher.addWorld();
    const writer = await addToken(usher, world, ['organizations:write']);
    expect(await update(world, { reminderHours: 2 }, writer)).toMatchObject({
      __typename: 'UpdateOrganizationSettingsSuccess',
    });
    const { customer, owner, reader, scopeless } = world.tokens;
    const other = await addToken(usher, world, ['organizations:read', 'customer_seats:write']);
    for (const token of [customer, owner, reader, scopeless, other]) {
      expect(await update(world, { reminderHours: 3 }, token)).toMatchObject({
        code: 'NOT_PERMITTED',
      });
    }
    expect((await rowOf(world)).reminderHours).toBe(2);
  });

  test('see them: tokens for organizations or seats, no other token and no session', async () => {
    const world = await usher.addWorld();
    for (const scope of [
      'organizations:read',
      'organizations:write',
      'customer_seats:read',
      'customer_seats:write',
    ]) {
      const token = await addToken(usher, world, [scope]);
      expect(await settings(token)).toMatchObject([{ settings: DEFAULTS }]);
    }
    const { customer, owner, member, scopeless } = world.tokens;
    const webhooks = await addToken(usher, world, ['webhooks:write', 'customer_sessions:write']);
    for (const token of [customer, owner, member, scopeless, webhooks]) {
      expect(await settings(token)).toEqual([{ id: world.ids.organization, settings: null }]);
    }
  });
});

describe('of several organizations', () => {
  test('another one is as if it did not exist', async () => {
    const [world, stranger] = [await usher.addWorld(), await usher.addWorld()];
    const before = await rowOf(world);
    for (const token of [stranger.tokens.organization, stranger.tokens.personal]) {
      const real = await update(world, { organizationId: world.ids.organization }, token);
      expect(real).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
      expect(real).toEqual(await update(world, { organizationId: randomUUID() }, token));
    }
    expect(await rowOf(world)).toEqual(before);
  });

  test('a person who acts for more than one names the one, and changes that alone', async () => {
    const [world, second] = [await usher.addWorld(), await usher.addWorld()];
    await join(usher, world, second);
    const token = world.tokens.personal;
    expect(await update(world, { reminderHours: 5 }, token)).toMatchObject({
      issues: [{ path: ['organizationId'], code: 'REQUIRED' }],
    });
    const organizationId = second.ids.organization;
    expect(await update(world, { organizationId, reminderHours: 5 }, token)).toMatchObject({
      organization: { id: organizationId, settings: { reminderHours: 5 } },
    });
    expect((await rowOf(world)).reminderHours).toBeNull();
  });
});
