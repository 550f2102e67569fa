import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import type { Demo, DemoTokens } from './demo.ts';
import { GRAPHQL_PATH } from './graphql/endpoint.ts';
import type { GraphiQLTab } from './graphql/graphiql.ts';
import { shippedFile } from './shipped-files.ts';

const OPERATIONS = shippedFile('schema/operations/');

const SUBSCRIPTION = 'c56a4180-65aa-42ec-a945-5fd21dec0538';
const SEAT = '8e3f0d0a-7b1c-4d2e-9f3a-5b6c7d8e9f61';

/** The message for revoked demo tokens. */
export const DEMO_ENDED =
  "The demo's tokens and sessions were ended: the demo is for trying usher out on one machine";

/** Returns the tabs that GraphiQL opens with: operations ready to run, with the demo's token, if any, for a local caller. */
export async function graphiqlTabs(
  token: string | undefined,
): Promise<(isLocal: boolean) => readonly GraphiQLTab[]> {
  // A header with an empty token counts as no header, so GraphiQL can still read the schema.
  const [withoutToken, withToken] = await Promise.all([tabs(''), tabs(token ?? '')]);
  return isLocal => (isLocal ? withToken : withoutToken);
}

async function tabs(token: string): Promise<GraphiQLTab[]> {
  const headers = { Authorization: `Bearer ${token}` };
  const tab = async (operation: string, variables: object) => ({
    query: await readFile(new URL(`${operation}.graphql`, OPERATIONS), 'utf8'),
    variables: JSON.stringify(variables, null, 2),
    headers: JSON.stringify(headers, null, 2),
  });
  return [
    await tab('assign-seat', {
      input: {
        source: { subscriptionId: SUBSCRIPTION },
        recipient: { email: 'sam@globex.example' },
        metadata: { department: 'Engineering' },
      },
    }),
    await tab('customer-seat', { id: SEAT }),
    await tab('subscription-seats', { id: SUBSCRIPTION, first: 10 }),
    await tab('find-seats', {
      filter: { search: 'globex' },
      orderBy: { field: 'EMAIL' },
      first: 10,
    }),
    await tab('organization', { first: 10 }),
    await tab('seat-history', { id: SEAT }),
    await tab('seat-events', { first: 10 }),
  ];
}

/** Returns the text for the terminal after the start: what to open and what to paste. */
export function welcome(
  { url, demo }: { url: string; demo: Demo | undefined },
  { mailbox, publicUrl, dataDir }: Pick<Config, 'mailbox' | 'publicUrl' | 'dataDir'>,
): string {
  const lines = [
    '',
    `  usher is up: ${url}`,
    '',
    `  GraphiQL       ${url}${GRAPHQL_PATH}`,
    `  REST reference ${url}/docs`,
    ...(mailbox === undefined ? [] : [`  Mailbox        ${url}/dev/mailbox`]),
    ...(publicUrl === undefined ? [] : [`  Public address ${publicUrl}`]),
    ...(demo ? aboutDemo(demo, url, dataDir) : []),
  ];
  return `${lines.join('\n')}\n\n`;
}

function aboutDemo({ tokens }: Demo, url: string, dataDir: string): string[] {
  const { organization, memberSession } = tokens;
  if (organization === undefined) {
    return [
      '',
      "  The demo's tokens were ended and stay so. To begin afresh, stop usher, move the folder",
      `  ${dataDir} away, and start again.`,
    ];
  }
  const signedIn = PEOPLE.flatMap(([kind, who]) => {
    const token = tokens[kind];
    return token === undefined ? [] : [`    ${who.padEnd(WIDEST)} ${token}`];
  });
  const lines = [
    '',
    '  A demo, for you alone: Acme Software sells seats, and Globex has bought some. Its tokens:',
    '',
    ...signedIn,
    '',
    '  Assign a seat as Acme Software, which sells it:',
    '',
    curl(`${url}/v1/customer-seats`, organization, 'kim@globex.example'),
  ];
  if (memberSession !== undefined) {
    lines.push(
      '',
      '  and as Jane, who manages the seats that Globex bought:',
      '',
      curl(`${url}/v1/customer-portal/seats`, memberSession, 'lee@globex.example'),
    );
  }
  return lines;
}

/** The subject of each demo token. */
const PEOPLE: readonly [keyof DemoTokens, string][] = [
  ['organization', 'organization  Acme Software, which sells'],
  ['personal', 'person        Ada, who works at Acme Software'],
  ['customerSession', 'customer      Globex, which bought'],
  ['memberSession', 'member        Jane Doe, who owns the Globex team'],
];

const WIDEST = Math.max(...PEOPLE.map(([, who]) => who.length));

function curl(url: string, token: string, email: string): string {
  const body = JSON.stringify({ subscription_id: SUBSCRIPTION, email });
  return [
    `curl ${url} \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${body}'`,
  ].join('\n');
}
