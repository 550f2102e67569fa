import { randomBytes } from 'node:crypto';
import { type Db, openDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { importFile } from '../../src/import/import-file.ts';
import { MIGRATIONS } from '../support/postgres.ts';
import { randomOf } from '../support/seeded.ts';
import { installAudit, type RecordedEvent, type SeatWrite } from './audit.ts';
import { createTortureCluster, type TortureCluster } from './cluster.ts';
import { createTortureFixture, type TortureFixture } from './fixture.ts';
import type { Ledger } from './ledger.ts';
import { createLoad, type Load } from './load.ts';
import { type PostOffice, startPostOffice } from './mails.ts';
import { findLastingPort } from './ports.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import type { Tally } from './tally.ts';
import { createUsher, type UsherProcesses } from './usher-processes.ts';

/** usher and all that it deals with, to be killed and checked. */
export interface Tortured {
  cluster: TortureCluster;
  /** Our own way to the database. */
  db: Db;
  fixture: TortureFixture;
  usher: UsherProcesses;
  receiver: Receiver;
  office: PostOffice;
  load: Load;
  /** What is known to have happened, up to the last round. */
  ledger: Ledger;
  events: RecordedEvent[];
  writes: SeatWrite[];
  /** How many of the calls have been checked. */
  checked: number;
  tally: Tally;
  /** Ends all of it, and leaves nothing behind. */
  close(): Promise<void>;
}

/** Where those who are given seats have their addresses. */
export const DOMAIN = 'torture.example';
const READ_MAILS_MS = 200;

/** Starts it: the database with its fixture, a webhook receiver, a mail server, and usher on top. */
export async function startTortured(options: { seed: number; callers: number }): Promise<Tortured> {
  const { seed, callers } = options;
  const random = randomOf(seed);
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    for (const release of opened.splice(0).reverse()) {
      await release().catch(error => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    const cluster = await createTortureCluster(await findLastingPort(random));
    opened.push(cluster.close);
    await cluster.start();
    await migrate({ url: cluster.url }, { directory: MIGRATIONS });
    const database = openDatabase(cluster.url);
    opened.push(database.close);
    await installAudit(database.db);

    const receiver = await startReceiver(randomOf(seed + 1), () =>
      fixture.organizations.flatMap(({ endpoints }) => endpoints),
    );
    opened.push(receiver.close);
    const fixture: TortureFixture = createTortureFixture(receiver.url);
    const secretKey = randomBytes(32).toString('base64');
    const keys = { secretKey, previousSecretKey: undefined, isGenerated: false };
    await importFile(cluster.url, fixture.document, { keys });
    const office = await startPostOffice(randomOf(seed + 2));
    opened.push(office.close);
    const reading = setInterval(() => void office.read(), READ_MAILS_MS);
    opened.push(async () => clearInterval(reading));

    const usher = createUsher(await findLastingPort(random), {
      DATABASE_URL: cluster.url,
      SECRET_KEY: secretKey,
      SMTP_URL: office.url,
      WEBHOOK_PRIVATE_ADDRESSES: 'true',
      RETRY_DELAY_MS: '50',
      RESEND_INTERVAL_SECONDS: '0',
      RESENDS_PER_HOUR: '0',
      INVITATIONS_PER_HOUR: '0',
      MAILS_PER_SECOND: '0',
    });
    const load = createLoad({
      fixture,
      db: database.db,
      url: usher.url,
      secretKey,
      arrived: () => office.invitations,
      domain: DOMAIN,
      callers,
    });
    // What goes wrong with a call is told at the end of its round.
    opened.push(() => load.end().catch(() => undefined));
    opened.push(usher.close);
    await usher.startServer();
    return {
      cluster,
      db: database.db,
      fixture,
      usher,
      receiver,
      office,
      load,
      ledger: new Map(),
      events: [],
      writes: [],
      checked: 0,
      tally: new Map(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
