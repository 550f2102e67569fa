import { readFile } from 'node:fs/promises';
import type { DemoTokens } from './demo.ts';
import { GRAPHQL_PATH } from './graphql/endpoint.ts';
import type { GraphiQLTab } from './graphql/graphiql.ts';

const OPERATIONS = new URL('../schema/operations/', import.meta.url);

const SUBSCRIPTION = 'c56a4180-65aa-42ec-a945-5fd21dec0538';
const SEAT = '8e3f0d0a-7b1c-4d2e-9f3a-5b6c7d8e9f61';

/** What GraphiQL opens with: three operations to run as they are where the demo world is there. */
export async function graphiqlTabs(demo: DemoTokens | undefined): Promise<GraphiQLTab[]> {
  // Without a token the header counts as none, so that GraphiQL can still read the schema.
  const headers = { Authorization: `Bearer ${demo?.organization ?? ''}` };
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
  ];
}

/** What a person at the terminal is told once the server is up: what to open, and what to paste. */
export function welcome(
  url: string,
  demo: DemoTokens | undefined,
  { hasMailbox }: { hasMailbox: boolean },
): string {
  const lines = [
    '',
    `  usher is up: ${url}`,
    '',
    `  GraphiQL       ${url}${GRAPHQL_PATH}`,
    `  REST reference ${url}/docs`,
    ...(hasMailbox ? [`  Mailbox        ${url}/dev/mailbox`] : []),
  ];
  if (demo) {
    lines.push(
      '',
      '  Demo tokens',
      `    organization ${demo.organization}`,
      `    personal     ${demo.personal}`,
      `    customer     ${demo.customerSession}`,
      `    member       ${demo.memberSession}`,
      '',
      '  Assign a seat as the organization that sells it:',
      '',
      curl(`${url}/v1/customer-seats`, demo.organization, 'kim@globex.example'),
      '',
      '  and as the customer who bought it:',
      '',
      curl(`${url}/v1/customer-portal/seats`, demo.memberSession, 'lee@globex.example'),
    );
  }
  return `${lines.join('\n')}\n\n`;
}

function curl(url: string, token: string, email: string): string {
  const body = JSON.stringify({ subscription_id: SUBSCRIPTION, email });
  return [
    `curl ${url} \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${body}'`,
  ].join('\n');
}
