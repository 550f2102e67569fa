import { execFileSync } from 'node:child_process';

/**
 * Makes a CA (`ca.pem`) in a folder, and a certificate of it for a host name (`server.crt`) with its key (`server.key`). Needs
 * the program openssl.
 */
export function makeCertificate(folder: string, host: string): void {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  openssl('-subj', '/CN=CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl(
    ...['-subj', `/CN=${host}`, '-CA', 'ca.pem', '-CAkey', 'ca.key'],
    ...['-addext', 'basicConstraints=CA:FALSE', '-addext', `subjectAltName=DNS:${host}`],
    ...['-keyout', 'server.key', '-out', 'server.crt'],
  );
}
