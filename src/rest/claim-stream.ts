import { ANY_ORIGIN } from '../http/cors.ts';
import type { ClaimEvent, ClaimWatch } from '../seats/invitation/watch-claim.ts';

const KEEP_ALIVE_MS = 15_000;
const LIFETIME_MS = 10 * 60_000;

/** How often a stream shows that it is alive, and how long it lives; tests shorten both. */
export interface StreamTimes {
  keepAliveMs: number;
  lifetimeMs: number;
}

/**
 * The claim as server-sent events in the reference's form: one frame when the seat is claimed, a comment every 15 s,
 * after 10 min the request to reconnect. Ends with the invitation, when the client goes, or when `stop` aborts.
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
      // A look that fails is made up for by the next one, at the latest with the next sign of life.
      const lookAgain = () => void look().catch(() => undefined);
      const forget = watch.onChange(lookAgain);
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
        forget();
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
