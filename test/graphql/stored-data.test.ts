import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addEndpoint } from '../support/deliveries.ts';
import type { Fixture } from '../support/fixture.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// What a client leaves out stays as it is, at each execution of one and the same document.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const TIMES = [1, 2, 3, 4];

async function send(fixture: Fixture, query: string, variables: object) {
  // The headers have the time, to the second.
  const { headers: _, ...answer } = await usher.graphql(
    query,
    variables,
    fixture.tokens.organization,
  );
  return answer;
}

describe('settings', () => {
  const SETTINGS = {
    returnUrl: 'https://app.acme.example/welcome',
    reminderHours: 4,
    invitationSubject: 'A seat of {{productName}}',
    invitationText: 'Claim it: {{claimUrl}}',
  };
  const VARIABLES = '$r: String, $h: Int, $s: String, $t: String';
  const INPUT = 'returnUrl: $r, reminderHours: $h, invitationSubject: $s, invitationText: $t';

  test.each([
    [
      'variables in the input',
      `mutation (${VARIABLES}) { updateOrganizationSettings(input: { ${INPUT} }) { __typename } }`,
    ],
    [
      'the same in a fragment, under an alias',
      `mutation (${VARIABLES}) { ...Change }
       fragment Change on Mutation { again: updateOrganizationSettings(input: { ${INPUT} }) { __typename } }`,
    ],
    [
      'the same beside a directive',
      `mutation (${VARIABLES}) { updateOrganizationSettings(input: { ${INPUT} }) { __typename @include(if: true) } }`,
    ],
  ])('%s', async (_name, query) => {
    const fixture = await usher.addFixture();
    const where = { id: fixture.ids.organization };
    await usher.db.organization.update({ where, data: SETTINGS });
    for (const reminderHours of TIMES) {
      const { errors } = await send(fixture, query, { h: reminderHours });
      expect(errors).toBeUndefined();
      const row = await usher.db.organization.findUniqueOrThrow({ where });
      expect(row).toMatchObject({ ...SETTINGS, reminderHours });
    }
    // And null is not the same as left out.
    for (const _ of TIMES) await send(fixture, query, { s: null });
    const row = await usher.db.organization.findUniqueOrThrow({ where });
    expect(row).toMatchObject({ ...SETTINGS, reminderHours: 4, invitationSubject: null });
  });
});

test('a member keeps the name and the role that are left out', async () => {
  const fixture = await usher.addFixture();
  const where = {
    organizationId_id: { organizationId: fixture.ids.organization, id: fixture.ids.member },
  };
  await usher.db.member.update({ where, data: { name: 'Mia', role: 'billing_manager' } });
  const query = `mutation ($m: ID!, $n: String, $r: MemberRole) {
    updateMember(input: { memberId: $m, name: $n, role: $r }) { __typename } }`;
  for (const _ of TIMES) {
    await send(fixture, query, { m: fixture.ids.member, r: 'MEMBER' });
    const row = await usher.db.member.findUniqueOrThrow({ where });
    expect(row).toMatchObject({ name: 'Mia', role: 'member' });
  }
  for (const name of ['Mia A', 'Mia B', 'Mia C']) {
    await send(fixture, query, { m: fixture.ids.member, n: name });
    const row = await usher.db.member.findUniqueOrThrow({ where });
    expect(row).toMatchObject({ name, role: 'member' });
  }
});

test('an endpoint keeps its address and events', async () => {
  const fixture = await usher.addFixture();
  const endpoint = await addEndpoint(usher, fixture, 'https://hooks.acme.example');
  const { events } = await usher.db.webhookEndpoint.findFirstOrThrow({
    where: { id: endpoint.id },
  });
  const query = `mutation ($id: ID!, $u: String, $v: [WebhookEventType!]) {
    updateWebhookEndpoint(input: { id: $id, url: $u, events: $v }) { __typename } }`;
  for (const index of TIMES) {
    const url = `https://hooks-${index}.acme.example`;
    const { errors } = await send(fixture, query, { id: endpoint.id, u: url });
    expect(errors).toBeUndefined();
    const row = await usher.db.webhookEndpoint.findFirstOrThrow({ where: { id: endpoint.id } });
    expect([new URL(row.url).host, row.events]).toEqual([new URL(url).host, events]);
  }
});

describe('one document has one answer, however often it is sent', () => {
  const ASSIGN = `mutation ($s: ID, $m: ID) {
    assignSeat(input: { source: { orderId: $s }, recipient: { memberId: $m } }) { __typename } }`;
  test.each<[string, string, object]>([
    ['a literal of which a variable is left out', ASSIGN, {}],
    ['a literal of which a variable is null', ASSIGN, { s: null, m: null }],
    [
      'a variable with a default that is null',
      'query ($with: Boolean = false) { viewer { kind @skip(if: $with) } }',
      { with: null },
    ],
    [
      'the same at a field and in a fragment',
      'query ($with: Boolean = true) { viewer { ...V @include(if: $with) scopes } } fragment V on Viewer { kind }',
      { with: null },
    ],
    [
      'a fragment that is skipped first and spread then',
      'query ($no: Boolean!) { viewer { ...V @skip(if: $no) ...V } } fragment V on Viewer { kind }',
      { no: true },
    ],
    [
      'names that mean something in JavaScript',
      '{ then: viewer { then: kind constructor: kind toString: kind __proto__: kind toJSON: kind valueOf: scopes } }',
      {},
    ],
  ])('%s', async (_name, query, variables) => {
    const fixture = await usher.addFixture();
    const first = await send(fixture, query, variables);
    expect(first.status).toBeLessThan(500);
    for (const _ of TIMES) {
      const later = await send(fixture, query, variables);
      expect(later).toEqual(first);
    }
  });
});
