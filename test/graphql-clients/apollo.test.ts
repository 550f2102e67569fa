import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsher, type TestUsher } from '../support/usher.ts';
import { CHANGES } from './changes.ts';
import { createClient } from './examples/apollo-client.ts';
import { requestsOf } from './requests.ts';
import { type Scene, setScene } from './scene.ts';
import { expectNoWarnings } from './warnings.ts';

let usher: TestUsher;
let scene: Scene;
beforeAll(async () => {
  usher = await startUsher({ resendLimits: { intervalMs: 0, perHour: 0 } });
  scene = await setScene(usher);
});
afterAll(() => usher.close());

expectNoWarnings();

const startClient = () => createClient(`${usher.url}/graphql`, scene.fixture.tokens.organization);

test.each(CHANGES)('the answer brings the cache up to date: $name', async change => {
  const client = startClient();
  const screen = { query: change.screen, variables: change.shown(scene) };
  const { data: before } = await client.query(screen);
  const variables = { input: change.input(scene) };
  const requests = await requestsOf(async () => {
    await client.mutate({ mutation: change.mutation, variables });
    await client.query(screen);
  });
  expect(requests).toBe(1);
  const after = client.readQuery(screen);
  expect(after).not.toEqual(before);
  const fresh = await startClient().query(screen);
  expect(after).toEqual(fresh.data);
});
