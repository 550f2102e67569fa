import { CSV } from './write-rows.ts';

/**
 * Returns a response that streams `first`, and then lines of CSV. Generates lines only as fast as the client reads: at most
 * `ahead` bytes wait for it, in addition to the buffers of the connection. Stops when the client disconnects.
 */
export function csvResponse(
  first: string,
  lines: AsyncGenerator<string>,
  headers: Readonly<Record<string, string>>,
  ahead: number,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      start: controller => controller.enqueue(encoder.encode(first)),
      async pull(controller) {
        const { done, value } = await lines.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await lines.return(undefined);
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: ahead }),
  );
  return new Response(body, {
    headers: {
      'content-type': `${CSV}; charset=utf-8`,
      'cache-control': 'private, no-store',
      ...headers,
    },
  });
}
