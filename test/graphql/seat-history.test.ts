import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createArchiveJob } from '../../src/events/archive.ts';
import { createFanOutJob } from '../../src/events/fan-out.ts';
import { tokenOf } from '../support/invitations.ts';
import { givenSeat } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

const HISTORY = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  customerSeat(id: $id) {
    history(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        type status seatId
        holder { email name memberId customerId }
        actor { kind id label via }
        seat { status }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;

interface Event {
  type: string;
  status: string;
  holder: object;
  actor: { kind: string; id: string | null; label: string | null; via: string };
}
interface Page {
  customerSeat: {
    history: {
      totalCount: number;
      nodes: Event[];
      pageInfo: {
        hasNextPage: boolean;
        hasPreviousPage: boolean;
        startCursor: string;
        endCursor: string;
      };
    } | null;
  } | null;
}

async function pageOf(token: string, variables: object) {
  const { data, errors } = await usher.graphql<Page, object>(HISTORY, variables, token);
  expect(errors).toBeUndefined();
  return data?.customerSeat?.history;
}

/** A seat of Mia's that was assigned, claimed and revoked; then Sam's, invited twice. */
async function seatWithHistory() {
  const fixture = await usher.addFixture();
  const { organization, owner } = fixture.tokens;
  const { id } = await givenSeat(usher, fixture, { member_id: fixture.ids.member });
  await usher.rest('POST', '/v1/customer-seats/claim', {
    body: { invitation_token: await tokenOf(usher, id) },
  });
  await usher.rest('DELETE', `/v1/customer-portal/seats/${id}`, { token: owner });
  await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  await usher.rest('POST', `/v1/customer-seats/${id}/resend`, { token: organization });
  return { fixture, id };
}

const TYPES = ['ASSIGNED', 'CLAIMED', 'REVOKED', 'ASSIGNED', 'INVITATION_RESENT'];

async function archiveAll(): Promise<void> {
  const later = new Date(Date.now() + 1_000);
  const { signal } = new AbortController();
  await createFanOutJob({ db: usher.db, now: () => later }).run(signal);
  await createArchiveJob({ db: usher.db, now: () => later, retentionDays: 0 }).run(signal);
}

describe("a seat's history", () => {
  test('says what happened, who held the seat and who did it', async () => {
    const { fixture, id } = await seatWithHistory();
    const { ids, tokens } = fixture;
    const history = await pageOf(tokens.organization, { id });
    expect(history?.totalCount).toBe(5);
    expect(history?.nodes.map(({ type }) => type)).toEqual(TYPES);
    const mia = { email: 'Mia@globex.example', name: null, memberId: ids.member, customerId: null };
    expect(history?.nodes.slice(0, 3)).toMatchObject([
      { status: 'PENDING', holder: mia, actor: { kind: 'ORGANIZATION', via: 'REST' } },
      {
        status: 'CLAIMED',
        holder: mia,
        actor: { kind: 'INVITEE', id: ids.member, label: 'Mia@globex.example', via: 'REST' },
      },
      {
        status: 'REVOKED',
        holder: mia,
        actor: { kind: 'MEMBER', id: ids.owner, label: 'jane@globex.example', via: 'REST' },
      },
    ]);
    expect(history?.nodes.at(-1)).toMatchObject({
      holder: { email: 'sam@globex.example' },
      seat: { status: 'PENDING' },
    });
  });

  test('includes archived events, in the same order, page by page', async () => {
    const { fixture, id } = await seatWithHistory();
    const token = fixture.tokens.organization;
    await archiveAll();
    await usher.rest('DELETE', `/v1/customer-seats/${id}`, { token });
    const expected = [...TYPES, 'REVOKED'];
    const whole = await pageOf(token, { id });
    expect(whole?.nodes.map(({ type }) => type)).toEqual(expected);
    const forward: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await pageOf(token, { id, first: 2, after });
      forward.push(...(page?.nodes ?? []).map(({ type }) => type));
      after = page?.pageInfo.endCursor;
      more = page?.pageInfo.hasNextPage ?? false;
    }
    expect(forward).toEqual(expected);
    const backward: string[] = [];
    let before: string | undefined;
    for (let more = true; more; ) {
      const page = await pageOf(token, { id, last: 4, before });
      backward.unshift(...(page?.nodes ?? []).map(({ type }) => type));
      before = page?.pageInfo.startCursor;
      more = page?.pageInfo.hasPreviousPage ?? false;
    }
    expect(backward).toEqual(expected);
  });

  test('has cursors of its own', async () => {
    const { fixture, id } = await seatWithHistory();
    const token = fixture.tokens.organization;
    const other = await givenSeat(usher, fixture, { email: 'tom@globex.example' });
    const page = await pageOf(token, { id: other.id });
    for (const after of [page?.pageInfo.endCursor, 'x', btoa('["1","x"]'), btoa('[-1]')]) {
      const { errors } = await usher.graphql(HISTORY, { id, after }, token);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });

  test("shows a session no people of the seller's", async () => {
    const { fixture, id } = await seatWithHistory();
    const body = { subscription_id: fixture.ids.subscription, email: 'ann@globex.example' };
    const { personal, owner, member } = fixture.tokens;
    const ann = await usher.rest('POST', '/v1/customer-seats', { token: personal, body });
    const ofUser = await pageOf(personal, { id: ann.body.id });
    expect(ofUser?.nodes[0]?.actor).toMatchObject({ kind: 'USER', label: 'ada@acme.example' });
    for (const token of [owner, member]) {
      const [assigned] = (await pageOf(token, { id: ann.body.id }))?.nodes ?? [];
      expect(assigned?.actor).toEqual({ kind: 'USER', id: null, label: null, via: 'REST' });
      const revoked = (await pageOf(token, { id }))?.nodes[2];
      expect(revoked?.actor.label).toBe('jane@globex.example');
    }
  });

  test("is not for another customer, who holds a seat of this customer's", async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const { ids, tokens } = fixture;
    const { id } = await givenSeat(usher, fixture, { customer_id: ids.otherCustomer });
    expect(await pageOf(tokens.customer, { id })).not.toBeNull();
    expect(await pageOf(tokens.otherCustomer, { id })).toBeUndefined();
    const other = await usher.addFixture();
    expect(await pageOf(other.tokens.organization, { id })).toBeUndefined();
  });
});
