import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remove, update } from '../members/calls.ts';
import type { Fixture } from '../support/fixture.ts';
import { ImportError, importFile } from '../support/import.ts';
import type { MemberRole } from '../support/operations/graphql.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

// Random changes in usher and in the file, with imports between them.

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

type Row = Record<string, unknown>;

const RUNS = Number(process.env.RUNS ?? 10);

const nth = fc.nat(5);
const name = fc.constantFrom('Mia', 'Raj', 'Jane', null);
const email = fc.constantFrom('mia', 'raj', 'jane', 'sam', 'SAM').map(of => `${of}@globex.example`);
const externalId = fc.constantFrom('usr_mia', 'usr_jane', 'usr_new', undefined);
const role = fc.constantFrom('owner', 'billing_manager', 'member');
const memberChange = fc.record({ name, email, role }, { requiredKeys: [] });

const step = fc.oneof(
  fc.record({ does: fc.constant('update'), nth, change: memberChange }),
  fc.record({ does: fc.constant('remove'), nth }),
  fc.record({ does: fc.constant('assign'), email }),
  fc.record({ does: fc.constant('revoke'), nth }),
  fc.record({
    does: fc.constant('edit member'),
    nth,
    change: fc.record({ name, email, role, externalId }, { requiredKeys: [] }),
  }),
  fc.record({ does: fc.constant('new member'), email, role, externalId }),
  fc.record({ does: fc.constant('drop member'), nth }),
  fc.record({ does: fc.constant('new seat'), nth }),
  { weight: 5, arbitrary: fc.record({ does: fc.constant('import') }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const TABLES = [
  'customers',
  'members',
  'customer_seats',
  'subscriptions',
  'member_sessions',
  'customer_sessions',
  'outbox_events',
] as const;

/** Returns all rows of the organization. */
async function dump(organizationId: string): Promise<Record<string, unknown>> {
  const rows = await Promise.all(
    TABLES.map(table =>
      usher.db.$queryRawUnsafe(
        `SELECT to_jsonb(t) AS row FROM ${table} t WHERE organization_id = $1::uuid ORDER BY to_jsonb(t)::text`,
        organizationId,
      ),
    ),
  );
  return Object.fromEntries(TABLES.map((table, i) => [table, rows[i]]));
}

/** Imports the file; undefined if it is refused. */
async function load(fixture: Fixture, isDryRun: boolean) {
  try {
    return await importFile(usher.databaseUrl, fixture.document, { isDryRun });
  } catch (error) {
    if (error instanceof ImportError) return undefined;
    throw error;
  }
}

/** Imports the file, checks it, and says whether it was refused, changed something or did not. */
async function checkImport(fixture: Fixture): Promise<'refused' | 'changed' | 'same'> {
  const { organization } = fixture.ids;
  const before = await dump(organization);
  const dry = await load(fixture, true);
  expect(await dump(organization)).toEqual(before);
  const real = await load(fixture, false);
  expect(real === undefined).toBe(dry === undefined);
  if (real === undefined) {
    expect(await dump(organization)).toEqual(before);
    return 'refused';
  }
  expect(real.notes).toEqual(dry?.notes);
  const after = await dump(organization);
  if (dry?.changes?.length === 0) expect(after).toEqual(before);
  const again = await load(fixture, true);
  expect(again?.changes).toEqual([]);
  await load(fixture, false);
  expect(await dump(organization)).toEqual(after);
  return dry?.changes?.length === 0 ? 'same' : 'changed';
}

async function run(fixture: Fixture, does: Step): Promise<void> {
  const token = fixture.tokens.organization;
  const [customer] = fixture.document.organizations[0]?.customers ?? [];
  const inFile = (customer?.members ?? []) as Row[];
  const [organization] = fixture.document.organizations as unknown as Row[];
  const where = { organizationId: fixture.ids.organization };
  switch (does.does) {
    case 'update':
    case 'remove': {
      const members = await usher.db.member.findMany({ where, orderBy: { id: 'asc' } });
      const id = members[does.nth % members.length]?.id ?? '';
      if ('change' in does) await update(usher, token, { memberId: id, ...toApi(does.change) });
      else await remove(usher, token, id);
      break;
    }
    case 'assign':
      await usher.rest('POST', '/v1/customer-seats', {
        token,
        body: {
          subscription_id: fixture.ids.subscription,
          email: 'email' in does ? does.email : '',
        },
      });
      break;
    case 'revoke': {
      const seats = await usher.db.customerSeat.findMany({ where, orderBy: { id: 'asc' } });
      const seat = seats[does.nth % Math.max(seats.length, 1)];
      if (seat) await usher.rest('DELETE', `/v1/customer-seats/${seat.id}`, { token });
      break;
    }
    case 'edit member':
      Object.assign(inFile[does.nth % Math.max(inFile.length, 1)] ?? {}, does.change);
      break;
    case 'new member': {
      const { email, role, externalId } = does;
      inFile.push({ id: crypto.randomUUID(), email, role, ...(externalId && { externalId }) });
      break;
    }
    case 'drop member':
      inFile.splice(does.nth % Math.max(inFile.length, 1), 1);
      break;
    case 'new seat': {
      const member = inFile[does.nth % Math.max(inFile.length, 1)];
      const seats = (organization?.seats ?? []) as Row[];
      const seat = {
        id: crypto.randomUUID(),
        subscriptionId: fixture.ids.subscription,
        status: 'claimed',
        memberId: member?.id,
      };
      if (member && organization) Object.assign(organization, { seats: [...seats, seat] });
      break;
    }
    case 'import':
      await checkImport(fixture);
  }
}

const toApi = ({ role, ...others }: { role?: string; name?: string | null; email?: string }) => ({
  ...others,
  ...(role && { role: role.toUpperCase() as MemberRole }),
});

test('an import does what its dry run says, and a repetition changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async steps => {
      const fixture = await usher.addFixture({ seats: 4 });
      for (const each of steps) await run(fixture, each);
      await checkImport(fixture);

      // Whatever came before, a file with one more person is accepted.
      const [customer] = fixture.document.organizations[0]?.customers ?? [];
      const person = { id: crypto.randomUUID(), email: 'new@globex.example', role: 'member' };
      Object.assign(customer ?? {}, { members: [person] });
      Object.assign(fixture.document.organizations[0] ?? {}, { seats: [] });
      expect(await checkImport(fixture)).toBe('changed');
      expect(await checkImport(fixture)).toBe('same');
    }),
    { numRuns: RUNS },
  );
}, 600_000);
