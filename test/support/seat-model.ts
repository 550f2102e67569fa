import type { SeatFacts } from './verbs.ts';

/** The rights of the people in the model: to manage seats, only to see them, or neither if the pool is somebody else's. */
export const RIGHTS = {
  organization: 'manage',
  personal: 'manage',
  customer: 'manage',
  owner: 'manage',
  manager: 'manage',
  reader: 'see',
  member: 'see',
  otherCustomer: 'nothing',
  otherOrganization: 'nothing',
} as const;

export type Actor = keyof typeof RIGHTS;

/** A seat as it should be. */
export interface ModelSeat extends SeatFacts {
  /** The token that opens the seat now, if any. */
  token?: string | undefined;
}

/** A pool as it should be, with its rows in order of creation. */
export interface ModelPool {
  size: number;
  seats: ModelSeat[];
}

export const liveSeats = (pool: ModelPool) => pool.seats.filter(seat => seat.status !== 'revoked');
const isSame = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();

/** The outcome of a call according to the state machine. */
export const expected = {
  assign(pool: ModelPool, actor: Actor, email: string): string {
    if (RIGHTS[actor] === 'see') return 'NotPermitted';
    if (RIGHTS[actor] === 'nothing') return 'ResourceNotFound';
    if (liveSeats(pool).length >= pool.size) return 'SeatNotAvailable';
    return liveSeats(pool).some(seat => isSame(seat.email, email)) ? 'SeatAlreadyAssigned' : 'ok';
  },
  revoke(seat: ModelSeat | undefined, actor: Actor): string {
    if (RIGHTS[actor] === 'see') return 'NotPermitted';
    return RIGHTS[actor] === 'nothing' || !seat ? 'ResourceNotFound' : 'ok';
  },
  resend(seat: ModelSeat | undefined, actor: Actor): string {
    const word = expected.revoke(seat, actor);
    return word === 'ok' && seat?.status !== 'pending' ? 'SeatNotPending' : word;
  },
  claim: (seat: ModelSeat | undefined) => (seat ? 'ok' : 'InvalidInvitationToken'),
  claimInfo: (seat: ModelSeat | undefined) => (seat ? 'ok' : 'ResourceNotFound'),
  list: (actor: Actor) => (RIGHTS[actor] === 'nothing' ? 'ResourceNotFound' : 'ok'),
};

/** Updates the model after a successful call. Each function returns the seat as it is afterwards. */
export const follow = {
  /** Decision 8: the oldest revoked row is given again first. */
  assign(pool: ModelPool, email: string, isImmediate: boolean, newId: string): ModelSeat {
    const revoked = pool.seats.find(seat => seat.status === 'revoked');
    const seat = revoked ?? { id: newId, status: '', email: null };
    if (!revoked) pool.seats.push(seat);
    return Object.assign(seat, { status: isImmediate ? 'claimed' : 'pending', email });
  },
  revoke: (seat: ModelSeat) =>
    Object.assign(seat, { status: 'revoked', email: null, token: undefined }),
  claim: (seat: ModelSeat) => Object.assign(seat, { status: 'claimed', token: undefined }),
};
