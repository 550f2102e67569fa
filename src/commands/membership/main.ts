import { z } from 'zod';
import { findSubject } from '../../auth/access-tokens.ts';
import { removeMembership, usersOf } from '../../auth/memberships.ts';
import { recordSystem } from '../../auth/recorded-actor.ts';
import { CommandError, runCommand } from '../run-command.ts';

process.exitCode = await runCommand(
  {
    name: 'membership',
    usage: `Usage:
  npm run membership -- end --user EMAIL|ID --organization SLUG

Ends a user's membership of an organization: their personal tokens no longer act for it.`,
    verbs: ['end'],
    options: ['user', 'organization'],
    plan({ user, organization }) {
      if (user === undefined || organization === undefined) return undefined;
      return async (db, now) => {
        const { organizationId } = await findSubject(db, { organization });
        if (organizationId === undefined)
          throw new CommandError(`No organization ${organization}.`);
        const isId = z.guid().safeParse(user).success;
        const requested = isId ? { userId: user } : { email: user };
        const [userId, ...others] = await usersOf(db, organizationId, requested);
        if (others.length > 0) {
          const ids = [userId, ...others].join(', ');
          throw new CommandError(
            `Several users have the address ${user}. Use one of the ids ${ids}`,
          );
        }
        const isEnded =
          userId !== undefined &&
          (await removeMembership(db, { organizationId, userId }, recordSystem('command'), now));
        if (!isEnded) throw new CommandError(`${user} has no membership of ${organization}.`);
        return `The membership of ${user} in ${organization} has ended`;
      };
    },
  },
  process,
);
