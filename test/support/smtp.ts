import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/**
 * What the server does with a message: accepts it; answers its recipient or its content with a code; stops answering; or
 * drops the connection, `drop` before it has accepted the content and `drop-taken` after.
 */
export type SmtpBehaviour =
  | 'accept'
  | { refuse: number; at?: 'recipient' | 'content'; reply?: string }
  | 'hang-recipient'
  | 'hang-content'
  | 'drop'
  | 'drop-taken';

/** A message that a client began to send. */
interface OfferedMail {
  /** The address in the envelope. */
  to: string;
  from: string;
  /** Counts the messages that were offered, from 1. */
  number: number;
}

/** A message that the server accepted. */
export interface TakenMail {
  to: string;
  from: string;
  /** The message as it was sent. */
  raw: string;
}

export interface SmtpOptions {
  /** Called for each message when its recipient is named. By default, all messages are accepted. */
  behave?: (mail: OfferedMail) => SmtpBehaviour | Promise<SmtpBehaviour>;
  /** The port to listen on; a free one by default. */
  port?: number;
  /** Who may send; by default anybody, without a login. */
  login?: { user: string; password: string };
  /** Whether the server greets its clients. */
  greets?: boolean;
  /** Whether it offers SMTPUTF8; true by default. */
  offersUtf8?: boolean;
}

/** A mail server on 127.0.0.1. */
export interface TestSmtp {
  port: number;
  /** Its address, with the required login. */
  url: string;
  /** The accepted messages, in order, including those that were accepted but not answered. */
  taken: TakenMail[];
  /** All offered messages, in order, whether accepted or not. */
  offered: OfferedMail[];
  /** Returns the number of open connections. */
  connections(): number;
  /** Drops the open connections and stops listening. */
  close(): Promise<void>;
}

/** Starts a server; the caller closes it. */
export async function startSmtp(options: SmtpOptions = {}): Promise<TestSmtp> {
  const { behave = () => 'accept', login, greets = true, offersUtf8 = true } = options;
  const taken: TakenMail[] = [];
  const offered: OfferedMail[] = [];
  const behaviours = new Map<string, SmtpBehaviour>();
  const server = new SMTPServer({
    logger: false,
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideSMTPUTF8: !offersUtf8,
    closeTimeout: 1,
    onAuth({ username, password }, _session, answer) {
      const isRight = username === login?.user && password === login?.password;
      answer(isRight ? null : new Error('Invalid login'), isRight ? { user: username } : undefined);
    },
    onConnect(_session, answer) {
      if (greets) answer();
    },
    async onRcptTo({ address }, session, answer) {
      const mail = { to: address, from: senderOf(session), number: offered.length + 1 };
      offered.push(mail);
      const behaviour = await behave(mail);
      behaviours.set(session.id, behaviour);
      if (behaviour === 'hang-recipient') return;
      if (typeof behaviour === 'object' && behaviour.at !== 'content') answer(refusal(behaviour));
      else answer();
    },
    async onData(stream, session, answer) {
      const behaviour = behaviours.get(session.id) ?? 'accept';
      if (behaviour === 'drop') {
        breakOff(session);
        return;
      }
      // Undefined if the client disconnected.
      const raw = await text(stream).catch(() => undefined);
      if (raw === undefined || behaviour === 'hang-content') return;
      if (typeof behaviour === 'object') {
        answer(refusal(behaviour));
        return;
      }
      const [recipient] = session.envelope.rcptTo;
      taken.push({ to: recipient?.address ?? '', from: senderOf(session), raw });
      if (behaviour === 'drop-taken') breakOff(session);
      else answer();
    },
  });
  server.on('error', () => undefined);

  function breakOff(session: SMTPServerSession): void {
    for (const connection of server.connections) {
      if (connection.session.id === session.id) connection._socket.destroy();
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  // A server that listens on TCP has a port.
  const { port } = server.server.address() as AddressInfo;
  const user = login
    ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`
    : '';
  return {
    port,
    url: `smtp://${user}127.0.0.1:${port}`,
    taken,
    offered,
    connections: () => server.connections.size,
    async close() {
      const closed = new Promise<void>(resolve => server.close(resolve));
      for (const connection of server.connections) connection._socket.destroy();
      await closed;
    },
  };
}

function senderOf({ envelope }: SMTPServerSession): string {
  return envelope.mailFrom === false ? '' : envelope.mailFrom.address;
}

function refusal({ refuse, reply }: { refuse: number; reply?: string }): Error {
  return Object.assign(new Error(reply ?? 'No'), { responseCode: refuse });
}
