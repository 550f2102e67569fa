import {
  ConnectionHandler,
  createOperationDescriptor,
  type Environment,
  getRequest,
} from 'relay-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import type { seatsQuery as SeatsQuery } from './examples/relay/__generated__/seatsQuery.graphql.ts';
import { createEnvironment } from './examples/relay/environment.ts';
import { assignSeat, loadSeats, revokeSeat, seatsQuery } from './examples/relay/seats.ts';
import { requestsOf } from './requests.ts';
import { type Scene, setScene } from './scene.ts';

let usher: TestUsher;
let scene: Scene;
beforeAll(async () => {
  usher = await startUsher();
  scene = await setScene(usher);
});
afterAll(() => usher.close());

type Screen = SeatsQuery['response'];

/** Opens a screen with the first seats, which keeps what it shows in the store. */
async function openScreen() {
  const environment = createEnvironment(`${usher.url}/graphql`, scene.fixture.tokens.organization);
  const variables = { source: { subscriptionId: scene.fixture.ids.subscription } };
  const operation = createOperationDescriptor(getRequest(seatsQuery), variables);
  environment.retain(operation);
  await loadSeats(environment, variables);
  return {
    environment,
    // The selection of the operation is that of its type.
    read: () => environment.lookup(operation.fragment).data as unknown as Screen,
    more: (after: string) => loadSeats(environment, { ...variables, after }),
  };
}

type Opened = Awaited<ReturnType<typeof openScreen>>;

/** Reads the seats to the last. */
async function readAll({ read, more }: Opened): Promise<void> {
  for (;;) {
    const page = read().seatPool?.seats?.pageInfo;
    if (!page?.hasNextPage || page.endCursor == null) return;
    await more(page.endCursor);
  }
}

const idsOf = (screen: Screen) => screen.seatPool?.seats?.edges.map(({ node }) => node.id);

/** Returns what people see: an edge that a change appends has no cursor. */
function seenOn({ seatPool }: Screen) {
  return { ...seatPool, seats: seatPool?.seats?.edges.map(({ node }) => node) };
}

/** Returns what is seen on a screen of a new store. */
async function seenAnew() {
  const screen = await openScreen();
  await readAll(screen);
  return seenOn(screen.read());
}

/** The connection of the pool's seats in the store. */
const connection = () =>
  ConnectionHandler.getConnectionID(
    `CustomerSubscription:${scene.fixture.ids.subscription}`,
    'Pool_seats',
  );

const assign = (environment: Environment, email: string) =>
  assignSeat(
    environment,
    { source: { subscriptionId: scene.fixture.ids.subscription }, recipient: { email } },
    [connection()],
  );

test('a page joins those before it in the store', async () => {
  const screen = await openScreen();
  expect(idsOf(screen.read())).toEqual([scene.claimedSeat, scene.pendingSeat]);
  expect(await requestsOf(() => readAll(screen))).toBe(1);
  const all = [scene.claimedSeat, scene.pendingSeat, scene.revokedSeat, scene.invitedSeat];
  expect(idsOf(screen.read())).toEqual(all);
});

test.each<[string, (environment: Environment) => Promise<unknown>]>([
  ['an assigned seat that was revoked', environment => assign(environment, 'jo@globex.example')],
  ['a new seat', environment => assign(environment, 'bo@globex.example')],
  ['a revoked seat', environment => revokeSeat(environment, scene.claimedSeat)],
])('the answer brings the store up to date: %s', async (_name, change) => {
  const screen = await openScreen();
  await readAll(screen);
  const before = seenOn(screen.read());
  expect(await requestsOf(() => change(screen.environment))).toBe(1);
  const after = seenOn(screen.read());
  expect(after).not.toEqual(before);
  expect(after).toEqual(await seenAnew());
});
