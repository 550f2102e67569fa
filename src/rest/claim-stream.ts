import { ANY_ORIGIN } from '../http/cors.ts';
import type { ClaimEvent, ClaimWatch } from '../seats/invitation/watch-claim.ts';

const KEEP_ALIVE_MS = 15_000;
const LIFETIME_MS = 10 * 60_000;

/** Interval of the heartbeat and lifetime of a stream. Tests shorten both. */
export interface StreamTimes {
  keepAliveMs: number;
  lifetimeMs: number;
}

/**
 * Returns a response that streams the claim of a seat as server-sent events, in the reference's form: one frame when the
 * seat is claimed, a comment every 15 s, and a request to reconnect after 10 min. The stream ends when the invitation ends,
 * the client disconnects, or `stop` aborts.
 */
export function claimStream(
  watch: ClaimWatch,
  stop: AbortSignal,
  times: StreamTimes = { keepAliveMs: KEEP_ALIVE_MS, lifetimeMs: LIFETIME_MS },
): Response {
  const encoder = new TextEncoder();
  let release = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let isOpen = true;
      const send = (text: string) => {
        if (isOpen) controller.enqueue(encoder.encode(`${text}\r\n\r\n`));
      };
      const end = () => {
        if (!isOpen) return;
        release();
        controller.close();
      };
      const look = async () => {
        const progress = await watch.look();
        if (progress.state === 'claimed') send(frameOf(progress.event));
        if (progress.state !== 'pending') end();
      };
      // After a failed look, the next change or heartbeat looks again.
      const lookAgain = () => void look().catch(() => undefined);
      const unsubscribe = watch.onChange(lookAgain);
      const keepAlive = setInterval(() => {
        send(`: ping - ${new Date().toISOString().replace('T', ' ').replace('Z', '000+00:00')}`);
        lookAgain();
      }, times.keepAliveMs);
      const lifetime = setTimeout(() => {
        send('data: {"type": "reconnect"}');
        end();
      }, times.lifetimeMs);
      const { msLeft } = watch;
      const expiry =
        msLeft === null || msLeft > times.lifetimeMs
          ? undefined
          : setTimeout(
              () =>
                void look()
                  .catch(() => undefined)
                  .then(end),
              Math.max(0, msLeft),
            );
      release = () => {
        isOpen = false;
        watch.close();
        unsubscribe();
        clearInterval(keepAlive);
        clearTimeout(lifetime);
        clearTimeout(expiry);
        stop.removeEventListener('abort', end);
      };
      stop.addEventListener('abort', end);
      if (stop.aborted) end();
      else lookAgain();
    },
    cancel() {
      release();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      ...ANY_ORIGIN,
    },
  });
}

function frameOf({ id, key, seatId, subscriptionId, orderId, productId }: ClaimEvent): string {
  const payload = {
    seat_id: seatId,
    subscription_id: subscriptionId,
    order_id: orderId,
    product_id: productId,
  };
  return `data: ${JSON.stringify({ id, key, payload })}`;
}
