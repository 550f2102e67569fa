import { type DestinationStream, type Logger, pino } from 'pino';
import { idOf } from '../auth/recorded-actor.ts';
import type { RequestRecord } from './request-record.ts';

/** What happened to a request. */
export interface Outcome {
  method: string;
  status: number;
  ms: number;
  client: string | undefined;
  isAborted: boolean;
}

/** Longest name of an operation in the log. */
const LONGEST_NAME = 100;

/**
 * Returns a function that logs a request at level `info`, or `debug` if it is a health check.
 *
 * The line is put together here, and not by pino, which takes longer than all else that a request costs in the log. Only
 * patterns of routes need an escape: methods, ids, addresses and names of GraphQL operations have no quotes.
 */
export function createAccessLog(logger: Logger): (record: RequestRecord, outcome: Outcome) => void {
  // The logger has these properties, which its types lack.
  const { [pino.symbols.streamSym]: stream, [pino.symbols.chindingsSym]: bindings } =
    logger as unknown as {
      [pino.symbols.streamSym]: DestinationStream;
      /** Such as `,"pid":1,"hostname":"a"`. */
      [pino.symbols.chindingsSym]: string;
    };
  const routes = new Map<string, string>();
  const quoted = (route: string) => {
    const known = routes.get(route) ?? JSON.stringify(route);
    routes.set(route, known);
    return known;
  };
  const beforeTimeOf = (level: string) => `{"level":${logger.levels.values[level]},"time":`;
  const [info, debug] = [beforeTimeOf('info'), beforeTimeOf('debug')];

  return (record, { method, status, ms, client, isAborted }) => {
    const isProbe = record.route.startsWith('/health/');
    if (!logger.isLevelEnabled(isProbe ? 'debug' : 'info')) return;
    const beforeTime = isProbe ? debug : info;
    const { id, route, actor, operation, errors, span } = record;
    let line = `${beforeTime}${Date.now()}${bindings},"method":"${method}","route":${quoted(route)},"status":${status},"ms":${Math.round(ms * 100) / 100},"requestId":"${id}"`;
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
