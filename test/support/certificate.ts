import { execFileSync } from 'node:child_process';

/**
 * Creates a CA (`ca.pem`) in a folder, and a certificate that it signed for a host name (`server.crt`) with its key
 * (`server.key`). Needs openssl.
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
