import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Sql } from '../db/sql.ts';
import type { SeatChanges } from '../events/seat-changes.ts';
import type { Actor } from './actor.ts';
import { type Authenticated, authenticate } from './authenticate.ts';
import { hashToken } from './token.ts';

/** A cache of bearer token → actor. */
export interface Actors {
  /**
   * Returns the actor of a token, or the anonymous actor if there is no token. Throws InvalidToken. Changes by this process
   * take effect immediately; changes by another process take effect on its notification, and after 2 s at the latest.
   */
  of(token: string | undefined): Actor | Promise<Actor>;
  /** Removes the sessions of a customer and its members from the cache. Call it after each change of them. */
  forgetMembers(team: { organizationId: string; customerId: string }): void;
  /** Removes the tokens of a user from the cache. Call it after each change of the user. */
  forgetUser(userId: string): void;
}

const TTL_MS = 2_000;
const MAX_TOKENS = 10_000;

const ANONYMOUS: Actor = { kind: 'anonymous' };

interface Cached {
  actor: Authenticated['actor'];
  /** The time at which the entry expires, on the server's clock. */
  until: number;
}

/** Creates a cache of up to 10,000 actors by the hashes of their tokens. Does not cache invalid tokens. */
export function createActors(
  sql: Sql,
  changes: Pick<SeatChanges, 'onTokenChange'>,
  now: () => Date,
): Actors {
  const cached = new LRUCache<string, Cached>({ max: MAX_TOKENS });
  const pending = new Map<string, Promise<Cached>>();
  let isListening = false;

  function listen(): void {
    if (isListening) return;
    isListening = true;
    changes.onTokenChange(() => {
      pending.clear();
      cached.clear();
    });
  }

  function forget(matches: (actor: Cached['actor']) => boolean): void {
    pending.clear();
    for (const [key, { actor }] of cached) if (matches(actor)) cached.delete(key);
  }

  async function find(tokenHash: Uint8Array<ArrayBuffer>): Promise<Cached> {
    const at = now();
    const { actor, expiresAt } = await authenticate(sql, tokenHash, at);
    return { actor, until: Math.min(at.getTime() + TTL_MS, expiresAt?.getTime() ?? Infinity) };
  }

  async function findOnce(key: string, tokenHash: Uint8Array<ArrayBuffer>): Promise<Actor> {
    const finding = pending.get(key) ?? find(tokenHash);
    pending.set(key, finding);
    try {
      const found = await finding;
      // Otherwise the token was removed from the cache meanwhile, and this result may be outdated.
      if (pending.get(key) === finding) cached.set(key, found);
      listen();
      return found.actor;
    } finally {
      if (pending.get(key) === finding) pending.delete(key);
    }
  }

  return {
    of(token) {
      if (token === undefined) return ANONYMOUS;
      const key = hash('sha256', token, 'base64url');
      const found = cached.get(key);
      if (found !== undefined && now().getTime() < found.until) return found.actor;
      return findOnce(key, hashToken(token));
    },
    forgetMembers({ organizationId, customerId }) {
      forget(
        actor =>
          'customerId' in actor &&
          actor.customerId === customerId &&
          actor.organizationId === organizationId,
      );
    },
    forgetUser(userId) {
      forget(actor => actor.kind === 'user' && actor.userId === userId);
    },
  };
}
