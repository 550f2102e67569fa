import { z } from 'zod';
import { findSubject } from '../../auth/access-tokens.ts';
import { recordSystem } from '../../auth/recorded-actor.ts';
import { parseEmail } from '../../email/parse-email.ts';
import { eraseFrom } from '../../people/erase.ts';
import type { PersonSelector } from '../../people/person.ts';
import { readFrom } from '../../people/personal-data.ts';
import { CommandError, runCommand } from '../run-command.ts';

process.exitCode = await runCommand(
  {
    name: 'person',
    usage: `Usage:
  npm run person -- export --organization SLUG --email ADDRESS
  npm run person -- erase --organization SLUG --email ADDRESS

export prints all that is stored of a person in an organization, as JSON.
erase revokes the person's seats, erases the person everywhere in the organization, and prints the number of rows that it
changed or deleted. It cannot be undone.
--member ID or --customer ID names a person who has no known address.`,
    verbs: ['export', 'erase'],
    options: ['organization', 'email', 'member', 'customer'],
    plan({ organization, ...names }, verb) {
      const selector = selectorOf(names);
      if (organization === undefined || selector === undefined) return undefined;
      return async (db, now) => {
        const { organizationId = '' } = await findSubject(db, { organization });
        if (verb === 'export') {
          return JSON.stringify(await readFrom(db, organizationId, selector), null, 2);
        }
        const by = recordSystem('command');
        const { rows } = await eraseFrom(db, organizationId, selector, by, now);
        return JSON.stringify(rows, null, 2);
      };
    },
  },
  process,
);

/** Returns the person that the options name; undefined if they name none or several. Throws CommandError. */
function selectorOf(
  names: Readonly<Record<string, string | undefined>>,
): PersonSelector | undefined {
  const [[kind, value = ''] = [], ...others] = Object.entries(names).filter(
    ([, given]) => given !== undefined,
  );
  if (kind === undefined || others.length > 0) return undefined;
  if (kind === 'email') {
    const parsed = parseEmail(value);
    if (!parsed.ok) throw new CommandError(`${value} is not an e-mail address: ${parsed.reason}`);
    return { email: parsed.email };
  }
  if (!z.guid().safeParse(value).success) throw new CommandError(`${value} is not an id.`);
  return kind === 'member' ? { memberId: value } : { customerId: value };
}
