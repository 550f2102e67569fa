import PostalMime from 'postal-mime';
import { hashToken } from '../../src/auth/token.ts';
import type { Random } from '../support/seeded.ts';
import { type SmtpBehaviour, startSmtp, type TakenMail, type TestSmtp } from '../support/smtp.ts';
import { hex } from './check-rows.ts';
import { BrokenPromise } from './promise.ts';

/** An invitation that arrived. */
export interface Invitation {
  to: string;
  token: string;
  tokenHash: string;
  /** When it was read, in milliseconds since 1970. */
  at: number;
}

/** A mail server in trouble, and what it took. */
export interface PostOffice {
  url: string;
  invitations: Invitation[];
  /** How often it did something else than take a mail. */
  troubles: number;
  /** What should not have come. */
  problem: BrokenPromise | undefined;
  /** Takes everything from now on. */
  recover(): void;
  /** Reads what has come since the last time. */
  read(): Promise<void>;
  close(): Promise<void>;
}

const TROUBLES: readonly [SmtpBehaviour, ...SmtpBehaviour[]] = [
  { refuse: 451, at: 'recipient' },
  { refuse: 451, at: 'content' },
  'drop',
  'drop-taken',
];
// Of a hundred. So few of one address that no mail fails for good.
const TROUBLED = 20;
const MAX_TROUBLES = 4;
// Of a thousand: each takes ten seconds of a connection.
const HANGING = 2;
const MAX_HANGS = 3;

const LINK = /\/claim\?token=([\w-]{43})(?![\w-])/g;

/** Starts one on 127.0.0.1. */
export async function startPostOffice(random: Random): Promise<PostOffice> {
  const troublesOf = new Map<string, number>();
  let isTroubled = true;
  let hangs = 0;

  function behave({ to }: { to: string }): SmtpBehaviour {
    const isHanging = hangs < MAX_HANGS && random.below(1000) < HANGING;
    const before = troublesOf.get(to) ?? 0;
    if (!isTroubled || before === MAX_TROUBLES) return 'accept';
    if (!isHanging && random.below(100) >= TROUBLED) return 'accept';
    troublesOf.set(to, before + 1);
    office.troubles += 1;
    if (!isHanging) return random.pick(TROUBLES);
    hangs += 1;
    return 'hang-content';
  }

  async function readNew(): Promise<void> {
    for (const mail of smtp.taken.slice(read)) {
      read += 1;
      try {
        office.invitations.push(await readInvitation(mail));
      } catch (error) {
        if (!(error instanceof BrokenPromise)) throw error;
        office.problem ??= error;
      }
    }
  }

  const smtp: TestSmtp = await startSmtp({ behave });
  let read = 0;
  let reading = Promise.resolve();
  const office: PostOffice = {
    url: smtp.url,
    invitations: [],
    troubles: 0,
    problem: undefined,
    recover() {
      isTroubled = false;
    },
    async read() {
      reading = reading.then(readNew);
      await reading;
    },
    close: () => smtp.close(),
  };
  return office;
}

/** The one link in a mail by which a seat is claimed, the same in its text and its HTML. */
async function readInvitation({ to, raw }: TakenMail): Promise<Invitation> {
  const at = Date.now();
  const { text = '', html = '' } = await PostalMime.parse(raw);
  const links = [text, withoutEscapes(html)].map(part =>
    [...part.matchAll(LINK)].map(([, token]) => token),
  );
  const [token, ...others] = new Set(links.flat());
  if (token === undefined || others.length > 0 || links.some(({ length }) => length === 0)) {
    throw new BrokenPromise('a mail has one link, in its text and its HTML', { to, raw });
  }
  return { to, token, tokenHash: hex(hashToken(token)), at };
}

function withoutEscapes(html: string): string {
  return html.replace(/&#x([0-9A-F]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)));
}
