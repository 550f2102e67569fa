import { z } from 'zod';
import { components } from './components.ts';
import type { Operation } from './operation.ts';

const health = z
  .object({ status: z.enum(['ok', 'unavailable']).describe('How the server is.') })
  .describe('How the server is.')
  .register(components, { id: 'Health' });

const ok = { ok: { summary: 'All is well', value: { status: 'ok' } } };

/** The health checks, which answer without looking at any token. */
export const healthEndpoints = [
  {
    method: 'GET',
    path: '/health/live',
    docs: {
      operationId: 'getLiveness',
      tag: 'Health',
      summary: 'Is the process alive?',
      description: 'Answers 200 while the process lives, whatever else is wrong.',
      security: [],
      answer: { status: 200, description: 'It lives.', schema: health, examples: ok },
      failures: [],
    },
  },
  {
    method: 'GET',
    path: '/health/ready',
    docs: {
      operationId: 'getReadiness',
      tag: 'Health',
      summary: 'Can the server do its work?',
      description: 'Answers 200 while the server reaches its database and is not shutting down.',
      security: [],
      answer: { status: 200, description: 'It can.', schema: health, examples: ok },
      failures: [{ status: 503, schema: health, body: { status: 'unavailable' } }],
    },
  },
] as const satisfies { method: 'GET'; path: string; docs: Operation }[];
