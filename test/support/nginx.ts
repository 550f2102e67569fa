import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './debian-programs.ts';
import { freePort } from './free-port.ts';

/** The lines that make nginx keep its connections to the servers open. */
export const KEPT_CONNECTIONS = {
  upstream: ['keepalive 64;'],
  location: ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'],
};

/** Starts nginx in front of servers on this machine. `upstream` and `location` are additional lines of its configuration. */
export async function startNginx(
  ports: readonly number[],
  { upstream, location }: { upstream: readonly string[]; location: readonly string[] },
) {
  const folder = await mkdtemp(join(tmpdir(), 'usher-nginx-'));
  await chmod(folder, 0o777);
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  const log = join(folder, 'error.log');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await writeFile(
    file,
    `daemon off;
     worker_processes 1;
     pid ${folder}/nginx.pid;
     error_log ${log} warn;
     events { worker_connections 1024; }
     http {
       access_log off;
       ${paths.map(name => `${name}_temp_path ${folder}/${name};`).join('\n')}
       upstream usher {
         ${ports
           .map(upstreamPort => `server 127.0.0.1:${upstreamPort} max_fails=0`)
           .map(server => `${server};`)
           .join('\n')}
         ${upstream.join('\n')}
       }
       server {
         listen 127.0.0.1:${port};
         location / {
           proxy_pass http://usher;
           ${location.join('\n')}
         }
       }
     }`,
  );
  const child = spawn(findProgram('nginx') as string, ['-c', file, '-e', log], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(await readFile(log, 'utf8'));
  }
  return {
    url,
    errors: () => readFile(log, 'utf8'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url, { redirect: 'manual' }).then(
    () => true,
    () => false,
  );
}
