import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Sql } from '../db/sql.ts';
import type { SeatChanges } from '../events/seat-changes.ts';
import type { Actor } from './actor.ts';
import { type Authenticated, authenticate } from './authenticate.ts';
import { hashToken } from './token.ts';

/** Who bearer tokens stand for, with what was found kept for a moment. */
export interface Actors {
  /**
   * Who a token stands for; nobody, where there is none. Throws InvalidToken. What this process changes counts at once;
   * what another does, in the moment that it is told of it, and in any case 2 s later.
   */
  of(token: string | undefined): Actor | Promise<Actor>;
  /** Forgets the sessions of a customer and of its members, right after something about one of them has changed. */
  forgetTeam(team: { organizationId: string; customerId: string }): void;
  /** Forgets the tokens of a user, right after something about them has changed. */
  forgetUser(userId: string): void;
}

const KEPT_MS = 2_000;
const MOST_TOKENS = 10_000;

const ANONYMOUS: Actor = { kind: 'anonymous' };

interface Known {
  actor: Authenticated['actor'];
  /** Until when it may be used, on the server's clock. */
  until: number;
}

/** Keeps at most 10,000 of them, by the tokens' hashes. A token that is refused is looked up again every time. */
export function createActors(
  sql: Sql,
  changes: Pick<SeatChanges, 'onTokenChange'>,
  now: () => Date,
): Actors {
  const known = new LRUCache<string, Known>({ max: MOST_TOKENS });
  const asked = new Map<string, Promise<Known>>();
  let isListening = false;

  function listen(): void {
    if (isListening) return;
    isListening = true;
    changes.onTokenChange(() => {
      asked.clear();
      known.clear();
    });
  }

  function forget(isMeant: (actor: Known['actor']) => boolean): void {
    asked.clear();
    for (const [key, { actor }] of known) if (isMeant(actor)) known.delete(key);
  }

  async function find(tokenHash: Uint8Array<ArrayBuffer>): Promise<Known> {
    const at = now();
    const { actor, expiresAt } = await authenticate(sql, tokenHash, at);
    return { actor, until: Math.min(at.getTime() + KEPT_MS, expiresAt?.getTime() ?? Infinity) };
  }

  async function findOnce(key: string, tokenHash: Uint8Array<ArrayBuffer>): Promise<Actor> {
    const finding = asked.get(key) ?? find(tokenHash);
    asked.set(key, finding);
    try {
      const found = await finding;
      // Otherwise it was to be forgotten meanwhile, and may be from before.
      if (asked.get(key) === finding) known.set(key, found);
      listen();
      return found.actor;
    } finally {
      if (asked.get(key) === finding) asked.delete(key);
    }
  }

  return {
    of(token) {
      if (token === undefined) return ANONYMOUS;
      const key = hash('sha256', token, 'base64url');
      const found = known.get(key);
      if (found !== undefined && now().getTime() < found.until) return found.actor;
      return findOnce(key, hashToken(token));
    },
    forgetTeam({ organizationId, customerId }) {
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
