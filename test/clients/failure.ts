import type { Fixture, FixtureOptions } from '../support/fixture.ts';
import type { TestUsher } from '../support/usher.ts';
import type { SeatCalls } from './seat-calls.ts';

/** A fixture in which sam@globex.example has a pending seat of the subscription. */
export interface Scene {
  usher: TestUsher;
  fixture: Fixture;
  seatId: string;
}

/** One way to be refused, the same for every client. */
export interface Failure {
  /** What the vendors' description calls the operation; the newer clients name their errors after it. */
  operation: string;
  why: string;
  options?: FixtureOptions;
  /** What has to happen first. A failure with this or with options has a scene of its own; the others share one. */
  prepare?(scene: Scene): Promise<void>;
  attempt(calls: SeatCalls, scene: Scene): Promise<unknown>;
  status: 400 | 401 | 403 | 404 | 422;
  /** The body; of a 422 the part of it that callers branch on. */
  body(scene: Scene): Record<string, unknown>;
}

/** Makes a fixture and takes its first seat. */
export async function setScene(usher: TestUsher, options?: FixtureOptions): Promise<Scene> {
  const fixture = await usher.addFixture(options);
  const { status, body } = await usher.rest('POST', '/v1/customer-seats', {
    token: fixture.tokens.organization,
    body: { subscription_id: fixture.ids.subscription, email: 'sam@globex.example' },
  });
  if (status !== 200) throw new Error(`No seat was assigned: ${JSON.stringify(body)}`);
  return { usher, fixture, seatId: body.id };
}

/** Makes the scenes of failures one by one. A call that is refused changes nothing, so most can use the same. */
export function sceneSetter(): (usher: TestUsher, failure: Failure) => Promise<Scene> {
  let shared: Promise<Scene> | undefined;
  return async (usher, { options, prepare }) => {
    if (options === undefined && prepare === undefined) {
      shared ??= setScene(usher);
      return await shared;
    }
    const scene = await setScene(usher, options);
    await prepare?.(scene);
    return scene;
  };
}

/** Stops the organization from selling by the seat, which the seats that it sold survive. */
export async function switchOff({ usher, fixture }: Scene): Promise<void> {
  await usher.db.organization.updateMany({
    where: { id: fixture.ids.organization },
    data: { seatBasedPricingEnabled: false },
  });
}

/** The body of a refusal that the domain knows by name. */
export function refusal(error: string, detail: string): () => Record<string, unknown> {
  return () => ({ error, detail });
}

/** The body of a 422 with one item. */
export function invalid(item: Record<string, unknown>): () => Record<string, unknown> {
  return () => ({ error: 'RequestValidationError', detail: [item] });
}

/** What an expired, unknown or malformed token is answered with. */
export const INVALID_TOKEN = {
  error: 'invalid_token',
  error_description:
    'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
};

/** What a token is answered with that lacks a scope. */
export const INSUFFICIENT_SCOPE = {
  error: 'insufficient_scope',
  error_description: 'The request requires higher privileges than provided by the access token.',
};

/** What is answered where nobody asks, or somebody with a token for something else. */
export const UNAUTHORIZED = { error: 'Unauthorized', detail: 'Unauthorized' };

/** What everybody is answered whose organization does not sell by the seat. */
export const NOT_ENABLED = refusal(
  'FeatureNotEnabled',
  'Seat-based pricing is not enabled for this organization',
);
