import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mailRow, openMail, queueMail, startMailer } from '../mail/mailer.ts';
import type { Fixture, FixtureOptions } from '../support/fixture.ts';
import { tokenOf } from '../support/invitations.ts';
import {
  ClaimSeatDocument,
  ResendSeatInvitationDocument,
  SeatClaimInfoDocument,
} from '../support/operations/graphql.ts';
import { givenSeat, historyOf } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { submit, visit } from '../web/pages.ts';

// Who a pending seat goes to, in every state that it can be in, by every way that leads to it.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(async () => {
  await usher.close();
});
beforeEach(async () => void (await usher.db.mail.deleteMany()));

const GONE = { deletedAt: new Date() };
const LATE = 'Late@globex.example';
const HOLDER = 'initech@initech.example';

/** What of the seat's row is changed, by names of the fixture's ids. */
interface Row {
  customer?: 'customer' | 'otherCustomer' | null;
  member?: 'member' | 'owner' | null;
  email?: string | null;
}

type Change = (usher: TestUsher, fixture: Fixture) => Promise<unknown>;

const organization =
  (data: object): Change =>
  (usher, { ids }) =>
    usher.db.organization.update({ where: { id: ids.organization }, data });
const customer =
  (name: 'customer' | 'otherCustomer', data: object): Change =>
  (usher, { ids }) =>
    usher.db.customer.updateMany({ where: { id: ids[name] }, data });
const member =
  (name: 'member' | 'owner', data: object): Change =>
  (usher, { ids }) =>
    usher.db.member.updateMany({ where: { id: ids[name] }, data });
const pool =
  (data: object): Change =>
  (usher, { ids }) =>
    usher.db.subscription.updateMany({ where: { id: ids.subscription }, data });

const blocked = organization({ status: 'blocked' });
const deleted = organization(GONE);
const switchedOff = organization({ seatBasedPricingEnabled: false });
const modelOff = organization({ memberModelEnabled: false });
const modelOn = organization({ memberModelEnabled: true });

interface Case {
  name: string;
  /** How the organization was when the seat was assigned. */
  then: FixtureOptions;
  row: Row;
  /** What has happened since. */
  since: Change[];
  /** The member's address whose session a claim begins, or the holder's own customer. */
  goesTo: { member: string } | { customer: 'otherCustomer' } | 'nobody' | 'switched off';
}

const MEMBERS = { memberModelEnabled: true };
const CUSTOMERS = { memberModelEnabled: false };

const UNNAMED: Row = { member: null, email: LATE };
const NOBODY: Row = { member: null, email: null };
const MIA: Row = { member: 'member', email: null };
const HELD: Row = { customer: 'otherCustomer', member: null, email: null };

const CASES: Case[] = [
  // The member model, then and now.
  ['a member', MEMBERS, MIA, [], { member: 'Mia@globex.example' }],
  ['an address alone', MEMBERS, UNNAMED, [], { member: LATE }],
  [
    "a member's address",
    MEMBERS,
    { ...NOBODY, email: 'MIA@globex.example' },
    [],
    { member: 'Mia@globex.example' },
  ],
  ['nobody', MEMBERS, NOBODY, [], 'nobody'],
  ['no customer', MEMBERS, { ...UNNAMED, customer: null }, [], 'nobody'],
  ['a deleted member', MEMBERS, MIA, [member('member', GONE)], 'nobody'],
  [
    'a deleted member, and an address',
    MEMBERS,
    { ...MIA, email: LATE },
    [member('member', GONE)],
    'nobody',
  ],
  ['a member, its customer deleted', MEMBERS, MIA, [customer('customer', GONE)], 'nobody'],
  ['an address, its customer deleted', MEMBERS, UNNAMED, [customer('customer', GONE)], 'nobody'],
  // The member model then, and lost since.
  ['a member, the model lost', MEMBERS, MIA, [modelOff], { member: 'Mia@globex.example' }],
  ['an address alone, the model lost', MEMBERS, UNNAMED, [modelOff], { member: LATE }],
  ['nobody, the model lost', MEMBERS, NOBODY, [modelOff], 'nobody'],
  [
    "nobody, the model lost, the customer's address that of its owner",
    MEMBERS,
    NOBODY,
    [modelOff, member('owner', { email: 'Billing@globex.example' })],
    'nobody',
  ],
  [
    'nobody, the model lost, a customer without an address',
    MEMBERS,
    NOBODY,
    [modelOff, customer('customer', { email: null })],
    'nobody',
  ],
  ['a deleted member, the model lost', MEMBERS, MIA, [modelOff, member('member', GONE)], 'nobody'],
  [
    'an address, the model lost, its customer deleted',
    MEMBERS,
    UNNAMED,
    [modelOff, customer('customer', GONE)],
    'nobody',
  ],
  // Without the member model, then and now.
  ['a holder', CUSTOMERS, HELD, [], { member: HOLDER }],
  ['a holder, and an address', CUSTOMERS, { ...HELD, email: LATE }, [], { member: LATE }],
  [
    'a holder, and a member',
    CUSTOMERS,
    { ...HELD, member: 'member' },
    [],
    { member: 'Mia@globex.example' },
  ],
  [
    'a holder without an address',
    CUSTOMERS,
    HELD,
    [customer('otherCustomer', { email: null })],
    { customer: 'otherCustomer' },
  ],
  ['a deleted holder', CUSTOMERS, HELD, [customer('otherCustomer', GONE)], 'nobody'],
  [
    'a holder, the billing customer deleted',
    CUSTOMERS,
    HELD,
    [customer('customer', GONE)],
    'nobody',
  ],
  ['the billing customer alone', CUSTOMERS, { ...NOBODY, customer: 'customer' }, [], 'nobody'],
  ['no customer, but an address', CUSTOMERS, { ...UNNAMED, customer: null }, [], 'nobody'],
  // Without the member model then, and with it now.
  ['a holder, the model new', CUSTOMERS, HELD, [modelOn], 'nobody'],
  [
    'a holder and a member, the model new',
    CUSTOMERS,
    { ...HELD, member: 'member' },
    [modelOn],
    { member: 'Mia@globex.example' },
  ],
  [
    'a holder and an address, the model new',
    CUSTOMERS,
    { ...HELD, email: LATE },
    [modelOn],
    { member: LATE },
  ],
  // What the pool and the organization have come to.
  ...[MIA, UNNAMED, NOBODY, { ...UNNAMED, email: 'jane@globex.example' }].flatMap(
    (row): Entry[] => [
      [`${nameOf(row)}, blocked`, MEMBERS, row, [blocked], 'nobody'],
      [`${nameOf(row)}, deleted`, MEMBERS, row, [deleted], 'switched off'],
      [`${nameOf(row)}, the pool deleted`, MEMBERS, row, [pool(GONE)], 'nobody'],
      [`${nameOf(row)}, switched off`, MEMBERS, row, [switchedOff], 'switched off'],
    ],
  ),
  ['a holder, blocked', CUSTOMERS, HELD, [blocked], 'nobody'],
  [
    'an address, the pool ended',
    MEMBERS,
    UNNAMED,
    [pool({ status: 'canceled' })],
    { member: LATE },
  ],
].map(entry => {
  const [name, then, row, since, goesTo] = entry as Entry;
  return { name, then, row, since, goesTo };
});

type Entry = [Case['name'], Case['then'], Row, Change[], Case['goesTo']];

function nameOf({ member, email }: Row): string {
  return member ? 'a member' : `the address ${email}`;
}

const isNobody = ({ member, email }: Row) => member === null && email === null;

/** A pending seat as the case has it, and the token of its invitation. */
async function given(usher: TestUsher, { then, row, since }: Case) {
  const fixture = await usher.addFixture(then);
  const { id } = await givenSeat(usher, fixture, { email: 'sam@globex.example' });
  const { customer, member, email } = row;
  await usher.db.customerSeat.updateMany({
    where: { id },
    data: {
      ...(customer !== undefined && { customerId: customer && fixture.ids[customer] }),
      ...(member !== undefined && { memberId: member && fixture.ids[member] }),
      ...(email !== undefined && { email }),
    },
  });
  const token = await tokenOf(usher, id);
  for (const change of since) await change(usher, fixture);
  return { fixture, id, token };
}

/** Who a session stands for, as the database has it: whatever has become of the organization. */
async function sessionsOf(usher: TestUsher, fixture: Fixture) {
  const where = { organizationId: fixture.ids.organization, createdAt: { gte: new Date(0) } };
  const include = { member: { select: { email: true } } };
  const members = await usher.db.memberSession.findMany({ where, include });
  const customers = await usher.db.customerSession.findMany({ where });
  return [
    ...members.map(({ id, member }) => ({ id, whose: { member: member.email } as object })),
    ...customers.map(({ id, customerId }) => ({ id, whose: { customerId } })),
  ];
}

async function claim(usher: TestUsher, token: string, api: 'rest' | 'graphql'): Promise<string> {
  if (api === 'rest') {
    const body = { invitation_token: token };
    const answer = await usher.rest('POST', '/v1/customer-seats/claim', { body });
    return answer.status === 200 ? 'ok' : answer.body.error;
  }
  const { data } = await usher.graphql(ClaimSeatDocument, { input: { invitationToken: token } });
  const name = data?.claimSeat?.__typename ?? 'nothing';
  return name === 'ClaimSeatSuccess' ? 'ok' : name.replace(/Error$/, '');
}

const WORDS = {
  nobody: 'InvalidInvitationToken',
  'switched off': 'FeatureNotEnabled',
} as const;

const wordOf = ({ goesTo }: Case) => (typeof goesTo === 'string' ? WORDS[goesTo] : 'ok');

describe('a claim begins the session of whom the seat is for, and nobody else', () => {
  const ways = [
    ['REST', 'rest'],
    ['GraphQL', 'graphql'],
  ] as const;
  describe.each(ways)('%s', (_way, api) => {
    test.each(CASES)('$name', async example => {
      const { fixture, id, token } = await given(usher, example);
      const before = new Set((await sessionsOf(usher, fixture)).map(session => session.id));
      expect(await claim(usher, token, api)).toBe(wordOf(example));
      const begun = (await sessionsOf(usher, fixture)).filter(session => !before.has(session.id));
      const { goesTo } = example;
      if (typeof goesTo === 'string') {
        expect(begun).toEqual([]);
        expect(await historyOf(usher, id)).toEqual(['assigned']);
      } else {
        const whose =
          'customer' in goesTo ? { customerId: fixture.ids[goesTo.customer] } : { ...goesTo };
        expect(begun.map(session => session.whose)).toEqual([whose]);
      }
    });
  });
});

describe('what cannot be claimed is refused by every other way too', () => {
  test.each(CASES)('$name', async example => {
    const isOpen = typeof example.goesTo !== 'string';
    const { fixture, id, token } = await given(usher, example);
    const row = await usher.db.customerSeat.findFirstOrThrow({ where: { id } });
    const isSwitchedOff = example.since.includes(switchedOff) && !isNobody(example.row);

    const path = `/v1/customer-seats/claim/${token}`;
    const info = await usher.rest('GET', path);
    const refused = example.goesTo === 'switched off' ? 403 : 404;
    expect(info.status).toBe(isOpen ? 200 : refused);
    const { data } = await usher.graphql(SeatClaimInfoDocument, { invitationToken: token });
    expect(data?.seatClaimInfo === null).toBe(!isOpen);

    const stop = new AbortController();
    const stream = await fetch(`${usher.url}${path}/stream`, { signal: stop.signal });
    // The reference looks at no flag here.
    expect(stream.status).toBe(isOpen || isSwitchedOff ? 200 : 404);
    stop.abort();

    const page = await visit(usher, `/claim?token=${token}`);
    expect(page.status === 200).toBe(isOpen);
    if (!isOpen) expect((await submit(usher, '/claim', { token })).status).not.toBe(303);

    const mailId = await queueMail(usher, fixture, id);
    const reminderId = await queueMail(usher, fixture, id, { kind: 'reminder' });
    const { transport, close } = await openMail();
    await startMailer(usher, transport).work();
    await close();
    // Some have no address; nobody's has no mail.
    if (!isOpen) {
      expect(await mailRow(usher, mailId)).toMatchObject({ status: 'skipped' });
      expect(await mailRow(usher, reminderId)).toMatchObject({ status: 'skipped' });
    }

    const { customer: bearer } = fixture.tokens;
    const portal = `/v1/customer-portal/seats/${id}/resend`;
    const resent = await usher.rest('POST', portal, { token: bearer });
    const input = { seatId: id };
    const again = await usher.graphql(ResendSeatInvitationDocument, { input }, bearer);
    if (isOpen) return;
    expect(resent.status).not.toBe(200);
    expect(again.data?.resendSeatInvitation?.__typename ?? 'no session').not.toBe(
      'ResendSeatInvitationSuccess',
    );
    expect(await usher.db.customerSeat.findFirstOrThrow({ where: { id } })).toEqual(row);
  });
});
