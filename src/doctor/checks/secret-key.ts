import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { fingerprintOf } from '../../db/secret-key-check.ts';
import { knownInvitationToken } from '../../seats/invitation-token.ts';
import { sealPrefix } from '../../webhooks/sealed-secret.ts';
import { type Check, counted, type Finding, ok, problem, warning } from '../check.ts';

const PAGE = 10_000;

/** Checks that the key belongs to the database, and which keys the open invitations need. */
export const checkSecretKey: Check = async look => {
  const { config, rows } = look;
  const { previousSecretKey } = config;
  const secretKey = await keyOf(config);
  if (secretKey === undefined) {
    return warning(`there is no key in ${config.dataDir} yet`, '`npm start` makes one');
  }
  const [newest] = await rows<{ fingerprint: string }>(
    'SELECT fingerprint FROM secret_keys ORDER BY used_since DESC LIMIT 1',
  );
  const known = newest?.fingerprint;
  const isKnown = known === undefined || known === fingerprintOf(secretKey);
  const isChange = previousSecretKey !== undefined && known === fingerprintOf(previousSecretKey);
  if (!isKnown && !isChange) {
    return problem(
      'SECRET_KEY is not the key of this database, and usher does not start with it',
      'Set SECRET_KEY to the key that was in use; or, to change keys, set SECRET_KEY_PREVIOUS to it',
    );
  }
  const { current, previous, unknown } = await countInvitations(look, {
    secretKey,
    previousSecretKey,
  });
  const secrets = await countSecrets(look, { secretKey, previousSecretKey });
  const found: Finding[] = [];
  if (secrets.unknown > 0) {
    found.push(
      problem(
        `the secrets of ${counted(secrets.unknown, 'webhook endpoint')} were encrypted with another key, and their deliveries wait`,
        'Set SECRET_KEY_PREVIOUS to that key; or rotate their secrets, if the key is lost',
      ),
    );
  }
  if (secrets.plain > 0) {
    found.push(
      warning(
        `the secret of ${counted(secrets.plain, 'webhook endpoint')} is not encrypted`,
        'Start `npm start` without WORKER=false, or `npm run worker`; it encrypts secrets within a minute',
      ),
    );
  }
  if (unknown > 0) {
    found.push(
      warning(
        `${counted(unknown, 'open invitation')} made with a key that is not set: links that were mailed work, others cannot be made again`,
        'Set SECRET_KEY_PREVIOUS to that key, or resend these invitations',
      ),
    );
  }
  if (previousSecretKey !== undefined) {
    found.push(
      previous > 0 || secrets.previous > 0
        ? ok(
            `SECRET_KEY_PREVIOUS is needed for ${counted(previous, 'open invitation')} and ${counted(secrets.previous, 'webhook secret')}`,
          )
        : warning(
            'SECRET_KEY_PREVIOUS is not needed: no open invitation was made with it, and it encrypted no webhook secret',
            'Remove it, once people no longer need the links to unsubscribe in their older mails',
          ),
    );
  }
  if (found.length > 0) return found;
  return known === undefined
    ? ok('the next start notes it in the database')
    : ok(`it is the database's, with ${counted(current, 'open invitation')}`);
};

/**
 * Counts the webhook endpoints whose secrets are sealed with the previous key, sealed with an unknown key, or plain text.
 */
async function countSecrets({ rows }: Parameters<Check>[0], keys: Keys) {
  const { secretKey, previousSecretKey = secretKey } = keys;
  const [found] = await rows<{ previous: number; unknown: number; plain: number }>(
    `SELECT (count(*) FILTER (WHERE $2 <> $1 AND (
              starts_with(sealed_secret, $2) OR starts_with(sealed_previous_secret, $2))))::integer AS previous,
            (count(*) FILTER (WHERE secret = '' AND NOT starts_with(sealed_secret, $1)
                                AND NOT starts_with(sealed_secret, $2)))::integer AS unknown,
            (count(*) FILTER (WHERE secret <> '' OR previous_secret <> ''))::integer AS plain
       FROM webhook_endpoints
      WHERE deleted_at IS NULL`,
    [secretKey, previousSecretKey].map(sealPrefix),
  );
  return found ?? { previous: 0, unknown: 0, plain: 0 };
}

async function keyOf({ secretKey, dataDir }: Config): Promise<string | undefined> {
  if (secretKey !== undefined) return secretKey;
  return await readFile(join(dataDir, 'secret.key'), 'utf8').catch(() => undefined);
}

interface Invited {
  organizationId: string;
  id: string;
  invitationNonce: Uint8Array;
  invitationTokenHash: Uint8Array;
}

interface Keys {
  secretKey: string;
  previousSecretKey: string | undefined;
}

/** Counts the open invitations by the key from which their tokens were derived. */
async function countInvitations({ rows }: Parameters<Check>[0], keys: Keys) {
  const counts = { current: 0, previous: 0, unknown: 0 };
  let after: readonly [string, string] | undefined;
  for (;;) {
    const page: Invited[] = await rows<Invited>(
      `SELECT organization_id AS "organizationId", id, invitation_nonce AS "invitationNonce",
              invitation_token_hash AS "invitationTokenHash"
         FROM customer_seats
        WHERE status = 'pending' AND invitation_nonce IS NOT NULL AND invitation_token_hash IS NOT NULL
          AND (invitation_token_expires_at IS NULL OR invitation_token_expires_at > clock_timestamp())
          AND ($1::uuid IS NULL OR (organization_id, id) > ($1::uuid, $2::uuid))
        ORDER BY organization_id, id LIMIT ${PAGE}`,
      [after?.[0] ?? null, after?.[1] ?? null],
    );
    for (const seat of page) counts[madeWith(seat, keys)] += 1;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return counts;
    after = [last.organizationId, last.id];
  }
}

function madeWith(seat: Invited, keys: Keys): 'current' | 'previous' | 'unknown' {
  if (knownInvitationToken({ secretKey: keys.secretKey }, seat) !== undefined) return 'current';
  return knownInvitationToken(keys, seat) === undefined ? 'unknown' : 'previous';
}
