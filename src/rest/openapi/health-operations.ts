import { z } from 'zod';
import { components } from './components.ts';
import type { Operation } from './operation.ts';

const health = z
  .object({
    status: z.enum(['ok', 'unavailable']).describe('The status.'),
    reason: z.string().optional().describe('Why the server is unavailable, for people.'),
  })
  .describe('The status of the server.')
  .register(components, { id: 'Health' });

const ok = { ok: { summary: 'The server is healthy', value: { status: 'ok' } } };

/** The health checks, which ignore tokens. */
export const healthEndpoints = [
  {
    method: 'GET',
    path: '/health/live',
    docs: {
      operationId: 'getLiveness',
      tag: 'Health',
      summary: 'Check liveness',
      description: 'Answers 200 while the process runs.',
      security: [],
      answer: { status: 200, description: 'The process runs.', schema: health, examples: ok },
      failures: [],
    },
  },
  {
    method: 'GET',
    path: '/health/ready',
    docs: {
      operationId: 'getReadiness',
      tag: 'Health',
      summary: 'Check readiness',
      description:
        'Answers 200 while the server can change its database and is not shutting down, otherwise 503 with a reason. Answers within two seconds; a result is kept for one second.',
      security: [],
      answer: { status: 200, description: 'The server is ready.', schema: health, examples: ok },
      failures: [
        {
          status: 503,
          schema: health,
          body: { status: 'unavailable', reason: 'the database is read-only' },
        },
      ],
    },
  },
] as const satisfies { method: 'GET'; path: string; docs: Operation }[];
