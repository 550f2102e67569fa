import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

type Variables = Record<string, string>;

/** The lines in which an environment is refused; none where it is taken. */
function problemsOf(environment: Variables): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

const namesIn = (lines: string[]) => lines.map(line => line.split(' ')[0]).sort();

const KEY = 'a key for tests, thirty-two bytes or more';

describe('a variable that is wrong', () => {
  const NONSENSE = ['nonsense \u{1F642}', ' ', '\t', '://', 'http://', '%', 'a b', '-1', '\0'];
  const WRONG: [string, string[]][] = [
    ['PORT', [...NONSENSE, '65536', '4000.5', '0x10', ' 4000', '1e3']],
    ['HOST', [...NONSENSE, 'localhost:4000', 'http://localhost', '[::1]', '127.0.0.1/8', '-a']],
    [
      'DATABASE_URL',
      [
        ...NONSENSE,
        'localhost',
        'localhost:5432',
        'localhost/usher',
        'mysql://localhost/usher',
        'postgresql:localhost/usher',
        'postgresql://app:p@ss/word@localhost/usher',
        'postgresql://app:pass#word@localhost/usher',
        'postgresql://app:50%@localhost/usher',
        'postgresql://app:p@ss/w:rd?%&@localhost/usher',
        'postgresql://app:12?3@localhost/usher',
        'postgresql://app:pw@/usher',
        'postgresql://app:pw@one:5432,two:5432/usher?target_session_attrs=read-write',
        'postgresql://one,two/usher',
        'postgresql:///usher?host=one,two',
      ],
    ],
    ['DATABASE_REPLICA_URL', [...NONSENSE, 'localhost', 'mysql://localhost/usher']],
    ['DATABASE_CONNECTIONS', [...NONSENSE, '0', '10001', 'all']],
    ['WORKER_DATABASE_CONNECTIONS', [...NONSENSE, '0', '10001', 'all']],
    ['DATA_DIR', [' ', '\0']],
    ['SECRET_KEY', [...NONSENSE, 'x', 'a short key', 'k'.repeat(31), `${'k'.repeat(31)} `]],
    ['LOG_LEVEL', [...NONSENSE, 'loud', 'INFO']],
    ['LOG_FORMAT', [...NONSENSE, 'text', 'JSON']],
    ['ACCESS_LOG', [...NONSENSE, 'yes']],
    ['SLOW_STATEMENT_MS', [...NONSENSE, '1s', '86400001']],
    ['METRICS_PORT', [...NONSENSE, '65536', '9464/metrics']],
    ['METRICS_HOST', [...NONSENSE, '0.0.0.0:9464']],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', [...NONSENSE, 'collector:4318', 'grpc://collector:4317']],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', [...NONSENSE, 'collector:4318/v1/traces']],
    ['OTEL_SDK_DISABLED', [...NONSENSE, 'yes']],
    ['DEMO', [...NONSENSE, 'yes', '1', 'TRUE', 'true ']],
    [
      'PUBLIC_URL',
      [
        ...NONSENSE,
        'example.com',
        'www.example.com/seats',
        'example.com:443',
        'localhost:4000',
        '//example.com',
        'https:example.com',
        'https://',
        'https:///path',
        'ftp://example.com',
        'https://exa mple.com',
        'https://example.com:99999',
        'https://u:p@example.com',
        'https://example.com/?a=b',
        'https://example.com/#a',
      ],
    ],
    [
      'SMTP_URL',
      [
        ...NONSENSE,
        'mail.example.com',
        'mail.example.com:25',
        'user@mail.example.com',
        'smtp://',
        'smtp:mail.example.com',
        'http://mail.example.com',
        'smtp://mail.example.com:mail',
      ],
    ],
    ['MAIL_FROM', [...NONSENSE, 'nobody', 'a@example.com, b@example.com']],
    ['MAILS_PER_SECOND', [...NONSENSE, '-1', '1.5', 'all']],
    ['WEBHOOK_PRIVATE_ADDRESSES', [...NONSENSE, 'no']],
    ['WORKER', [...NONSENSE, 'off']],
    ['PROCESSES', [...NONSENSE, '0', 'all', '1000']],
    ['RETENTION_DAYS', [...NONSENSE, '0', '1.5', '36501', '999999999']],
    ['ARCHIVE_RETENTION_DAYS', [...NONSENSE, '1.5', '36501']],
    ['AUDIT_RETENTION_DAYS', [...NONSENSE, '1.5', '36501']],
    ['DELETED_RETENTION_DAYS', [...NONSENSE, '1.5', '36501']],
    ['MAIL_RETENTION_DAYS', [...NONSENSE, '1.5', '36501']],
    ['TOKEN_RETENTION_DAYS', [...NONSENSE, '1.5', '36501']],
    ['RETRY_DELAY_MS', [...NONSENSE, '0', '2s']],
  ];

  test.each(
    WRONG.flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  )('is named in one line: %s=%j', (name, value) => {
    const lines = problemsOf({ SECRET_KEY: KEY, [name]: value });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${name} \\S`))]);
  });

  test('is named beside all others that are wrong', () => {
    const environment = Object.fromEntries(WRONG.map(([name, [value = '']]) => [name, value]));
    expect(namesIn(problemsOf(environment))).toEqual(WRONG.map(([name]) => name).sort());
  });

  test('does not hide what is asked for besides', () => {
    const lines = problemsOf({ DATABASE_URL: 'postgresql://db/usher', DEMO: 'true', PORT: 'x' });
    expect(namesIn(lines)).toEqual(['DEMO', 'PORT', 'SECRET_KEY']);
  });

  test('counts as unset where it is empty', () => {
    const environment = Object.fromEntries(WRONG.map(([name]) => [name, '']));
    expect(readConfig(environment)).toEqual(readConfig({}));
  });
});

test.each([
  ['?sslmode=require', '?sslmode=verify-full'],
  [
    '?application_name=a&sslmode=prefer&keepalives=1',
    '?application_name=a&sslmode=verify-full&keepalives=1',
  ],
  ['?sslmode=verify-ca', '?sslmode=verify-full'],
  ['?sslmode=require&uselibpqcompat=true', '?sslmode=require&uselibpqcompat=true'],
  ['?sslmode=no-verify', '?sslmode=no-verify'],
])('the driver would warn of some modes of TLS: %s becomes %s', (query, expected) => {
  const url = 'postgresql://app:pw@db/usher';
  const { databaseUrl } = readConfig({ SECRET_KEY: KEY, DATABASE_URL: url + query });
  expect(databaseUrl).toBe(url + expected);
});

test.each<[string, string]>([
  ['HOST', '0.0.0.0'],
  ['HOST', '::'],
  ['HOST', '::1'],
  ['HOST', 'localhost'],
  ['HOST', 'seats.internal'],
  ['DATABASE_URL', 'postgres://app:p%40ss%2Fword@db:6432/usher?sslmode=require'],
  ['DATABASE_URL', 'postgresql:///usher?host=/var/run/postgresql'],
  ['DATABASE_URL', 'postgresql://%2Fvar%2Frun%2Fpostgresql/usher'],
  ['DATABASE_URL', 'postgresql://app:pw@/usher?host=/var/run/postgresql'],
  ['DATABASE_URL', 'postgresql://app:p,w@db/usher?target_session_attrs=read-write'],
  ['PUBLIC_URL', 'https://seats.example.com/usher/'],
  ['PUBLIC_URL', 'HTTPS://Seats.Example.com'],
  ['PUBLIC_URL', 'http://[::1]:4000'],
  ['SMTP_URL', 'smtp://user:p%40ss@mail.example.com:587?requireTLS=true'],
  ['RETENTION_DAYS', '36500'],
  ['SECRET_KEY', 'k'.repeat(32)],
  ['SECRET_KEY', 'ü'.repeat(16)],
])('%s may be %s', (name, value) => {
  expect(problemsOf({ SECRET_KEY: KEY, [name]: value })).toEqual([]);
});

test('several databases are refused with what to name instead', () => {
  const hosts = 'postgresql://app:hush@one,two/usher?target_session_attrs=read-write';
  expect(problemsOf({ SECRET_KEY: KEY, DATABASE_URL: hosts })).toEqual([
    'DATABASE_URL must name one host: the driver does not look for the primary among several. Name a DNS entry or a proxy that leads to it',
  ]);
});

describe('a trial on one machine', () => {
  const trials: Variables[] = [
    {},
    { HOST: 'localhost' },
    { HOST: '::1' },
    { HOST: '127.0.0.2' },
    { PUBLIC_URL: 'http://localhost:4000' },
    { PUBLIC_URL: 'http://[::1]:4000' },
    { SECRET_KEY: KEY, DATA_DIR: '/tmp/usher', PORT: '80' },
  ];
  test.each(trials)('has the demo, the mailbox and private webhooks: %j', environment => {
    const { demo, mailbox, webhookPrivateAddresses } = readConfig(environment);
    expect({ demo, webhookPrivateAddresses }).toEqual({
      demo: true,
      webhookPrivateAddresses: true,
    });
    expect(mailbox).toMatch(/mailbox$/);
  });

  const services: Variables[] = [
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HOST: '192.168.1.5' },
    { HOST: 'seats.internal' },
    { HOST: 'localhost.example.com' },
    { DATABASE_URL: 'postgresql://localhost/usher', SECRET_KEY: KEY },
    { PUBLIC_URL: 'https://seats.example.com' },
    { PUBLIC_URL: 'http://192.168.1.5:4000' },
    { PUBLIC_URL: 'https://127.0.0.1.example.com' },
    { HOST: '0.0.0.0', PUBLIC_URL: 'https://seats.example.com' },
  ];
  test.each(services)('is over, with all three, for %j', environment => {
    const { demo, mailbox, webhookPrivateAddresses } = readConfig(environment);
    expect({ demo, mailbox, webhookPrivateAddresses }).toEqual({
      demo: false,
      mailbox: undefined,
      webhookPrivateAddresses: false,
    });
    const allowed = readConfig({ ...environment, WEBHOOK_PRIVATE_ADDRESSES: 'true' });
    expect(allowed.webhookPrivateAddresses).toBe(true);
    expect(problemsOf({ ...environment, DEMO: 'true' })).toEqual([
      expect.stringContaining(`DEMO cannot be true with ${Object.keys(environment)[0]}`),
    ]);
  });

  test('has neither demo nor mailbox with a mail server', () => {
    const { demo, mailbox, webhookPrivateAddresses } = readConfig({ SMTP_URL: 'smtp://mail' });
    expect({ demo, mailbox, webhookPrivateAddresses }).toEqual({
      demo: false,
      mailbox: undefined,
      webhookPrivateAddresses: true,
    });
  });

  test('is without what is switched off', () => {
    const environment = { DEMO: 'false', WEBHOOK_PRIVATE_ADDRESSES: 'false' };
    const { demo, webhookPrivateAddresses } = readConfig(environment);
    expect([demo, webhookPrivateAddresses]).toEqual([false, false]);
  });
});

describe('where metrics are served', () => {
  test.each<[Variables, object | undefined]>([
    [{}, undefined],
    [{ METRICS_HOST: '0.0.0.0' }, undefined],
    [{ METRICS_PORT: '9464' }, { host: '127.0.0.1', port: 9464 }],
    [
      { METRICS_PORT: '9464', HOST: '::' },
      { host: '::', port: 9464 },
    ],
    [
      { METRICS_PORT: '9464', HOST: '::', METRICS_HOST: '10.0.0.1' },
      { host: '10.0.0.1', port: 9464 },
    ],
  ])('%j: %j', (environment, metrics) => {
    expect(readConfig(environment).metrics).toEqual(metrics);
  });
});

test.each<[Variables, boolean]>([
  [{ METRICS_PORT: '4000' }, true],
  [{ METRICS_PORT: '9464', PORT: '9464' }, true],
  [{ METRICS_PORT: '9464', PORT: '9464', METRICS_HOST: '::1' }, false],
  [{ METRICS_PORT: '0', PORT: '0' }, false],
])('metrics are not served on the port for the public: %j', (environment, isRefused) => {
  const read = () => readConfig(environment);
  if (isRefused)
    expect(read).toThrow(/^METRICS_PORT must be another port than PORT, which is \d+$/);
  else expect(read).not.toThrow();
});

test('traces are on with either address of a collector, unless OpenTelemetry is disabled', () => {
  const traces = (environment: Variables) => readConfig(environment).traces;
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  expect(traces({})).toBe(false);
  expect(traces(endpoint)).toBe(true);
  expect(traces({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' })).toBe(true);
  expect(traces({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBe(false);
});

test('everything but archive and audit is kept for RETENTION_DAYS unless its own variable says otherwise', () => {
  const forever = { archiveDays: 0, auditDays: 0 };
  expect(readConfig({ RETENTION_DAYS: '7' }).retention).toEqual({
    ...forever,
    deletedDays: 7,
    mailDays: 7,
    tokenDays: 7,
  });
  const own = {
    RETENTION_DAYS: '7',
    ARCHIVE_RETENTION_DAYS: '1',
    AUDIT_RETENTION_DAYS: '2',
    DELETED_RETENTION_DAYS: '3',
    MAIL_RETENTION_DAYS: '0',
    TOKEN_RETENTION_DAYS: '5',
  };
  expect(readConfig(own).retention).toEqual({
    archiveDays: 1,
    auditDays: 2,
    deletedDays: 3,
    mailDays: 0,
    tokenDays: 5,
  });
});
