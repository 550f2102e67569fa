import { type DestinationStream, type Logger, pino } from 'pino';
import { idOf } from '../auth/recorded-actor.ts';
import type { RequestRecord } from './request-record.ts';

/** The outcome of a request. */
export interface Outcome {
  method: string;
  status: number;
  ms: number;
  client: string | undefined;
  isAborted: boolean;
}

/** The part of a line that is the same for all requests with the same route, method and status. */
type Kinds = Map<string, Map<string, Map<number, string>>>;

/** Longest name of an operation in the log. */
const LONGEST_NAME = 100;

/**
 * Returns a function that logs a request at level `info`, or `debug` if it is a health check.
 *
 * Builds the line itself, because pino would take longer than the rest of the logging of a request. Only route patterns need
 * escaping: methods, ids, addresses and names of GraphQL operations have no quotes.
 */
export function createAccessLog(logger: Logger): (record: RequestRecord, outcome: Outcome) => void {
  // The logger has these properties, which its types lack.
  const { [pino.symbols.streamSym]: stream, [pino.symbols.chindingsSym]: bindings } =
    logger as unknown as {
      [pino.symbols.streamSym]: DestinationStream;
      /** Such as `,"pid":1,"hostname":"a"`. */
      [pino.symbols.chindingsSym]: string;
    };
  const beforeTimeOf = (level: string) => `{"level":${logger.levels.values[level]},"time":`;
  const [info, debug] = [beforeTimeOf('info'), beforeTimeOf('debug')];
  const kinds: Kinds = new Map();
  const afterTimeOf = (route: string, method: string, status: number) => {
    const known = kinds.get(route)?.get(method)?.get(status);
    if (known !== undefined) return known;
    const methods = kinds.get(route) ?? new Map<string, Map<number, string>>();
    const statuses = methods.get(method) ?? new Map<number, string>();
    const text = `${bindings},"method":"${method}","route":${JSON.stringify(route)},"status":${status},"ms":`;
    kinds.set(route, methods.set(method, statuses.set(status, text)));
    return text;
  };

  return (record, { method, status, ms, client, isAborted }) => {
    const { id, route, actor, operation, errors, span } = record;
    const isProbe = route.startsWith('/health/');
    if (!logger.isLevelEnabled(isProbe ? 'debug' : 'info')) return;
    let line = `${isProbe ? debug : info}${Date.now()}${afterTimeOf(route, method, status)}${Math.round(ms * 100) / 100},"requestId":"${id}"`;
    if (span !== undefined) line += `,"traceId":"${span.traceId}"`;
    if (client !== undefined) line += `,"client":"${client}"`;
    if (actor !== undefined) {
      line += `,"actor":"${actor.kind}"`;
      if (actor.kind !== 'anonymous') {
        line += `,"actorId":"${idOf(actor)}"`;
        if (actor.kind !== 'user') line += `,"organizationId":"${actor.organizationId}"`;
      }
    }
    if (operation !== undefined) {
      line += `,"operation":"${operation.name?.slice(0, LONGEST_NAME) ?? operation.type}"`;
    }
    if (errors !== undefined) line += `,"errors":${JSON.stringify([...new Set(errors)])}`;
    if (isAborted) line += ',"isAborted":true';
    stream.write(`${line},"msg":"request"}\n`);
  };
}
