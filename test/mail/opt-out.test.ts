import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ResourceNotFound } from '../../src/domain/errors.ts';
import {
  describeOptOut,
  type OptOutLink,
  optIn,
  optOut,
  optOutUrl,
} from '../../src/mail/opt-out.ts';
import { SECRET_KEY, startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

function ctx() {
  return { db: usher.db, secretKey: SECRET_KEY, now: () => new Date() };
}

async function mailTo(recipient: string | null) {
  const fixture = await usher.addFixture();
  const organizationId = fixture.ids.organization;
  const { id: mailId } = await usher.db.mail.create({
    data: { organizationId, kind: 'invitation', recipient, nextAttemptAt: new Date() },
  });
  const url = optOutUrl(
    { secretKey: SECRET_KEY, publicUrl: 'https://seats.acme.example' },
    { organizationId, mailId },
  );
  const query = new URL(url).searchParams;
  const link: OptOutLink = {
    organizationId: query.get('organization') ?? '',
    mailId: query.get('mail') ?? '',
    token: query.get('token') ?? '',
  };
  return { organizationId, link };
}

async function optOutsOf(organizationId: string): Promise<string[]> {
  const rows = await usher.db.mailOptOut.findMany({ where: { organizationId } });
  return rows.map(({ email }) => email);
}

test('a link describes the opt-out without changing it', async () => {
  const { organizationId, link } = await mailTo('Sam@globex.example');
  const described = { organizationName: 'Acme', email: 'Sam@globex.example' };
  const before = { ...described, isOptedOut: false };
  const after = { ...described, isOptedOut: true };
  expect(await describeOptOut(ctx(), link)).toEqual(before);
  expect(await optOutsOf(organizationId)).toEqual([]);
  expect(await optOut(ctx(), link)).toEqual(after);
  expect(await optOutsOf(organizationId)).toEqual(['sam@globex.example']);
  expect(await describeOptOut(ctx(), link)).toEqual(after);
});

test('the same link reverts the opt-out of its own recipient and organization only', async () => {
  const { organizationId, link } = await mailTo('Sam@globex.example');
  const other = await mailTo('sam@globex.example');
  for (const { link: each } of [{ link }, other]) await optOut(ctx(), each);
  const described = { organizationName: 'Acme', email: 'Sam@globex.example' };
  for (const _ of ['once', 'again']) {
    expect(await optIn(ctx(), link)).toEqual({ ...described, isOptedOut: false });
  }
  expect(await optOutsOf(organizationId)).toEqual([]);
  expect(await optOutsOf(other.organizationId)).toEqual(['sam@globex.example']);
  await expect(optIn(ctx(), { ...link, token: other.link.token })).rejects.toThrow(
    ResourceNotFound,
  );
});

test('the link still reverts the opt-out after its mail is deleted', async () => {
  const { organizationId, link } = await mailTo('Sam@globex.example');
  await optOut(ctx(), link);
  await usher.db.mail.deleteMany({ where: { organizationId } });
  expect(await describeOptOut(ctx(), link)).toMatchObject({
    email: 'sam@globex.example',
    isOptedOut: true,
  });
  await optIn(ctx(), link);
  expect(await optOutsOf(organizationId)).toEqual([]);
  await expect(describeOptOut(ctx(), link)).rejects.toThrow(ResourceNotFound);
});

test('opting out is idempotent, also concurrently and with ids in upper case', async () => {
  const { organizationId, link } = await mailTo('sam@globex.example');
  const shouted = {
    ...link,
    organizationId: link.organizationId.toUpperCase(),
    mailId: link.mailId.toUpperCase(),
  };
  await Promise.all([optOut(ctx(), link), optOut(ctx(), shouted), optOut(ctx(), link)]);
  await optOut(ctx(), link);
  expect(await optOutsOf(organizationId)).toEqual(['sam@globex.example']);
});

describe('a link is unknown with', () => {
  test('a token of another mail, organization or key', async () => {
    const { organizationId, link } = await mailTo('sam@globex.example');
    const other = await mailTo('kim@globex.example');
    for (const wrong of [
      { ...link, token: other.link.token },
      { ...link, mailId: other.link.mailId },
      { ...link, organizationId: other.link.organizationId },
      { ...other.link, token: link.token },
      { ...link, mailId: randomUUID() },
    ]) {
      await expect(describeOptOut(ctx(), wrong)).rejects.toThrow(ResourceNotFound);
      await expect(optOut(ctx(), wrong)).rejects.toThrow(ResourceNotFound);
    }
    const elsewhere = { ...ctx(), secretKey: 'another key, of thirty-two bytes or more' };
    await expect(describeOptOut(elsewhere, link)).rejects.toThrow(ResourceNotFound);
    const changed = { ...elsewhere, previousSecretKey: SECRET_KEY };
    await expect(describeOptOut(changed, link)).resolves.toMatchObject({ isOptedOut: false });
    expect(await optOutsOf(organizationId)).toEqual([]);
  });

  test.each(['', 'x', '\0', "' OR 1=1 --", 'ä'.repeat(43), 'x'.repeat(100_000)])(
    'malformed parts: %j',
    async text => {
      const { link } = await mailTo('sam@globex.example');
      for (const wrong of [
        { ...link, organizationId: text },
        { ...link, mailId: text },
        { ...link, token: text },
        { organizationId: text, mailId: text, token: text },
      ]) {
        await expect(describeOptOut(ctx(), wrong)).rejects.toThrow(ResourceNotFound);
      }
    },
  );

  test('a deleted mail, or a mail without a recipient', async () => {
    const unsent = await mailTo(null);
    await expect(optOut(ctx(), unsent.link)).rejects.toThrow(ResourceNotFound);
    const { organizationId, link } = await mailTo('sam@globex.example');
    await usher.db.mail.deleteMany({ where: { organizationId } });
    await expect(optOut(ctx(), link)).rejects.toThrow(ResourceNotFound);
  });
});
