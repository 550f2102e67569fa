import { z } from 'zod';
import { recordSystem } from '../../auth/recorded-actor.ts';
import { endSessionsOf, type SessionHolder } from '../../auth/sessions.ts';
import type { Db } from '../../db/client.ts';
import { transaction } from '../../db/transaction.ts';
import { CommandError, runCommand } from '../run-command.ts';

process.exitCode = await runCommand(
  {
    name: 'sessions',
    usage: `Usage:
  npm run sessions -- end --customer ID
  npm run sessions -- end --member ID

Ends the open sessions of a customer and all its members, or of one member. Their tokens stop working immediately.`,
    verbs: ['end'],
    options: ['customer', 'member'],
    plan({ customer, member }) {
      const id = customer ?? member;
      if (id === undefined || (customer !== undefined && member !== undefined)) return undefined;
      if (!z.guid().safeParse(id).success) throw new CommandError(`${id} is not an id.`);
      return async (db, now) => {
        const holders = await holdersOf(db, customer === undefined ? 'member' : 'customer', id);
        const counts = [];
        for (const holder of holders) {
          counts.push(
            await transaction(db, tx => endSessionsOf(tx, holder, recordSystem('command'), now)),
          );
        }
        const ended = counts.reduce((sum, count) => sum + count, 0);
        return `${ended} ${ended === 1 ? 'session' : 'sessions'} ended`;
      };
    },
  },
  process,
);

async function holdersOf(
  db: Db,
  kind: 'customer' | 'member',
  id: string,
): Promise<SessionHolder[]> {
  const holders: SessionHolder[] =
    kind === 'customer'
      ? (await db.customer.findMany({ where: { id } })).map(({ organizationId }) => ({
          organizationId,
          customerId: id,
          memberId: null,
        }))
      : (await db.member.findMany({ where: { id } })).map(({ organizationId, customerId }) => ({
          organizationId,
          customerId,
          memberId: id,
        }));
  if (holders.length === 0) throw new CommandError(`No ${kind} ${id}.`);
  return holders;
}
