import type { MailTransport } from '../mail/message.ts';
import type { Sender } from '../webhooks/send.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

interface Parts {
  metrics: Metrics | undefined;
  tracing: Tracing | undefined;
}

/** Counts and traces each mail. */
export function observeMail(transport: MailTransport, { metrics, tracing }: Parts): MailTransport {
  async function send(...args: Parameters<MailTransport['send']>): Promise<void> {
    try {
      await transport.send(...args);
      metrics?.countMail('accepted');
    } catch (error) {
      metrics?.countMail('failed');
      throw error;
    }
  }
  return {
    send: (...args) =>
      tracing === undefined
        ? send(...args)
        : tracing.span('send mail', { 'messaging.system': 'smtp' }, () => send(...args), 'client'),
    close: () => transport.close(),
  };
}

const SUCCESS = 200;
const REDIRECT = 300;

/** Counts and traces each attempt of a webhook delivery. Shows only the host of its URL, since the path may be a secret. */
export function observeWebhooks(sender: Sender, { metrics, tracing }: Parts): Sender {
  const post: Sender['post'] = async (...args) => {
    try {
      const answer = await sender.post(...args);
      const isAccepted = answer.status >= SUCCESS && answer.status < REDIRECT;
      metrics?.countWebhook(isAccepted ? 'accepted' : 'refused');
      return answer;
    } catch (error) {
      metrics?.countWebhook('failed');
      throw error;
    }
  };
  return {
    post(...args) {
      if (tracing === undefined) return post(...args);
      const attributes = {
        'http.request.method': 'POST',
        'server.address': new URL(args[0]).hostname,
      };
      return tracing.span('POST webhook', attributes, () => post(...args), 'client');
    },
    close: () => sender.close(),
  };
}
