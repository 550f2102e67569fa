import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

const FILES = ['/proc/net/tcp', '/proc/net/tcp6'];

/**
 * Returns the length of the kernel's send queue for each connection, in bytes. Node cannot see it: the kernel accepts
 * megabytes in one step, and more only after sending a third of them. The map is empty except on Linux.
 */
export async function readSendQueues(): Promise<ReadonlyMap<string, number>> {
  const texts = await Promise.all(FILES.map(file => readFile(file, 'latin1').catch(() => '')));
  const queues = new Map<string, number>();
  for (const line of texts.flatMap(text => text.split('\n'))) {
    const [, local = '', remote = '', , queue = ''] = line.trim().split(/\s+/);
    const port = local.split(':')[1];
    if (port !== undefined) queues.set(`${port} ${remote}`, Number.parseInt(queue, 16));
  }
  return queues;
}

/** Returns the key of a connection in the map of `readSendQueues`; undefined if the connection is closed. */
export function queueName({ localPort, remoteAddress, remotePort }: Socket): string | undefined {
  if (localPort === undefined || remoteAddress === undefined || remotePort === undefined) return;
  return `${hex(localPort)} ${hexAddress(remoteAddress)}:${hex(remotePort)}`;
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(4, '0');
}

/** Returns an address in the kernel's notation: words of four bytes in reverse order. */
function hexAddress(address: string): string {
  const bytes = address.includes(':') ? bytesOfIPv6(address) : address.split('.').map(Number);
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.slice(i * 4, i * 4 + 4));
  return words
    .flatMap(word => word.reverse())
    .map(byte => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

function bytesOfIPv6(address: string): number[] {
  const [start = '', end] = address
    .replace(/%.*$/, '')
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
      const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
      return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
    })
    .split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(start), groups(end ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...(end === undefined ? [] : zeros), ...after].flatMap(group => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}
