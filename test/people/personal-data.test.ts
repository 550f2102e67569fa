import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../support/programs.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { placesOf } from '../support/stored-text.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { dataOf } from './calls.ts';
import { letSamLeaveTraces, SAM, TEXTS, withSam } from './sam.ts';

let usher: TestUsher;
let receiver: Receiver;
beforeEach(async () => {
  usher = await startUsher({ webhookPrivateAddresses: true });
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  await usher.close();
});

test('it has all kinds of rows that are about the person, and no secret', async () => {
  const sam = await withSam(usher);
  const { fixture, memberId } = sam;
  const { claimed, pending, bo } = await letSamLeaveTraces(usher, receiver, sam);
  const data = await dataOf(usher, fixture.tokens.organization, { email: SAM.email.toUpperCase() });
  expect(data).toMatchObject({
    organizationId: fixture.ids.organization,
    addresses: [SAM.email.toLowerCase(), SAM.formerEmail],
    members: [{ id: memberId, email: SAM.email, name: SAM.name, externalId: SAM.externalId }],
    customers: [{ email: SAM.email, name: SAM.name }],
    memberSessions: [{ endedAt: null }],
    mails: expect.arrayContaining([expect.objectContaining({ recipient: SAM.email })]),
    mailOptOuts: [{ email: SAM.email.toLowerCase() }],
    auditEvents: expect.arrayContaining([
      expect.objectContaining({ type: 'member_updated', subjectLabel: SAM.email }),
      expect.objectContaining({ type: 'member_updated', actorLabel: SAM.email }),
    ]),
  });
  const idsOf = (rows: Record<string, unknown>[] = [], key = 'id') =>
    [...new Set(rows.map(row => row[key]))].toSorted();
  expect(idsOf(data?.seats)).toEqual([claimed.id, pending.id].toSorted());
  expect(data?.seats?.[0]).toMatchObject({ metadata: { phone: SAM.phone } });
  expect(idsOf(data?.events, 'seatId')).toEqual([claimed.id, pending.id].toSorted());
  // Those in the archive have the former address.
  const addresses = data?.events?.map(({ payload }) =>
    Reflect.get(Object(payload), 'customer_email'),
  );
  expect(new Set(addresses)).toEqual(new Set([SAM.formerEmail, SAM.email]));
  expect(idsOf(data?.otherEvents, 'seatId')).toEqual([bo.id]);
  expect(JSON.stringify(data)).not.toMatch(/token_?hash|nonce|whsec_/i);
});

test('nothing is told of others, of another organization, or of nobody', async () => {
  const [one, other] = [await withSam(usher), await withSam(usher)];
  await letSamLeaveTraces(usher, receiver, other);
  const { organization: token } = one.fixture.tokens;
  const data = await dataOf(usher, token, { memberId: one.memberId });
  expect(data?.members?.map(({ id }) => id)).toEqual([one.memberId]);
  expect(JSON.stringify(data)).not.toContain(other.fixture.ids.organization);
  expect(data?.events).toEqual([]);
  expect(await dataOf(usher, token, { email: 'nobody@globex.example' })).toBeNull();
  await expect(dataOf(usher, token, { memberId: other.memberId })).rejects.toThrow(
    'RESOURCE_NOT_FOUND',
  );
});

describe('npm run person', () => {
  const person = (...args: string[]) => runProgram(usher, 'person', args);

  test('prints what is stored of a person, and erases it', async () => {
    const sam = await withSam(usher);
    await letSamLeaveTraces(usher, receiver, sam);
    const { slug, tokens } = sam.fixture;
    const named = ['--organization', slug, '--email', SAM.email];
    const before = await dataOf(usher, tokens.organization, { email: SAM.email });
    const exported = await person('export', ...named);
    expect(exported.stderr).toBe('');
    expect(JSON.parse(exported.stdout)).toEqual(before);
    const erased = await person('erase', ...named);
    expect([erased.code, erased.stderr]).toEqual([0, '']);
    expect(JSON.parse(erased.stdout)).toMatchObject({ members: 1, customers: 1, seats: 3 });
    for (const text of TEXTS) expect(await placesOf(usher, text), text).toEqual([]);
    expect((await person('export', ...named)).stdout).toBe('null\n');
    const [event] = await usher.db.auditEvent.findMany({ where: { type: 'member_removed' } });
    expect(event).toMatchObject({ actorKind: 'system', actorChannel: 'command' });
  });

  test.each([
    [['erase', '--email', SAM.email], 'Usage:'],
    [['erase', '--organization', 'acme'], 'Usage:'],
    [['erase', '--organization', 'acme', '--email', SAM.email, '--member', SAM.email], 'Usage:'],
    [['end', '--organization', 'acme', '--email', SAM.email], 'Usage:'],
    [['erase', '--organization', 'nobody', '--email', SAM.email], 'No organization'],
    [['erase', '--organization', 'acme', '--email', 'sam'], 'sam is not an e-mail address'],
    [['erase', '--organization', 'acme', '--member', 'sam'], 'sam is not an id'],
  ])('reports what is missing or wrong: %j', async (args, message) => {
    const { code, stdout, stderr } = await person(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  test('reports a member who does not exist', async () => {
    const { fixture } = await withSam(usher);
    const { code, stderr } = await person(
      ...['erase', '--organization', fixture.slug, '--member', fixture.ids.customer],
    );
    expect([code, stderr]).toEqual([1, 'person: Member not found\n']);
  });
});
