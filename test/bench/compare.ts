import { callOf, send } from './calls.ts';
import { type BenchData, FRESH, type Owned, removeAssigned } from './data.ts';
import type { Contender } from './measure.ts';
import type { Task } from './workloads.ts';

const SAMPLES = 40;

/** Two servers do not answer the same. */
export class DifferentAnswers extends Error {
  override readonly name = 'DifferentAnswers';
}

/** Asks both the same, and throws DifferentAnswers unless they answer the same: what differs by nature, ids and times, aside. */
export async function compareAnswers(
  one: Contender,
  other: Contender,
  data: BenchData,
): Promise<number> {
  const nobody = { ...first(data.seats), id: '00000000-0000-4000-8000-000000000000' };
  // Another's seat is as good as none.
  const foreign = data.seats.find(({ token }) => token !== nobody.token) ?? nobody;
  const reads: [Task, Owned[]][] = [
    ['seat', [...data.seats.slice(0, SAMPLES), nobody, { ...foreign, token: nobody.token }]],
    ['subscription', [...data.large, ...data.fifty, ...data.small.slice(0, SAMPLES), nobody]],
  ];
  let compared = 0;
  for (const [task, targets] of reads) {
    for (const target of targets) {
      const ask = ({ server }: Contender) => send(server.url, callOf('graphql', task, target));
      requireSame(task, await ask(one), await ask(other));
      compared += 1;
    }
  }
  const targets = [...data.small.slice(0, SAMPLES), nobody];
  const [ones, others] = [await assignTwice(one, targets), await assignTwice(other, targets)];
  for (const [index, answer] of ones.entries()) {
    requireSame('assign', answer, others[index] ?? NONE);
    compared += 1;
  }
  return compared;
}

/** Assigns a seat of each to a new person, and once more, which is refused. Leaves nothing behind. */
async function assignTwice({ server, database }: Contender, targets: readonly Owned[]) {
  const answers: Answer[] = [];
  for (const [index, target] of targets.entries()) {
    const call = callOf('graphql', 'assign', target, `same-${index}${FRESH}`);
    answers.push(withoutIds(await send(server.url, call)), await send(server.url, call));
  }
  await removeAssigned(database.client);
  return answers;
}

/** Asks usher and the bare server the same, and throws DifferentAnswers unless the second has what the first has. */
export async function compareWithBare(
  usher: Contender,
  bare: Contender,
  data: BenchData,
): Promise<void> {
  const reads: [Task, string, Owned[]][] = [
    ['seat', 'customerSeat', data.seats.slice(0, SAMPLES)],
    ['subscription', 'customerSubscription', [...data.large, ...data.fifty]],
  ];
  for (const [task, field, targets] of reads) {
    for (const target of targets) {
      const full = await send(usher.server.url, callOf('graphql', task, target));
      const { status, text } = await send(bare.server.url, callOf('bare', task, target));
      // GraphQL writes its enums in capitals.
      requireSame(
        task,
        { status: full.status, text: full.text.toLowerCase() },
        { status, text: `{"data":{"${field}":${text}}}`.toLowerCase() },
      );
    }
  }
}

interface Answer {
  status: number;
  text: string;
}

const NONE: Answer = { status: 0, text: '' };

function withoutIds({ status, text }: Answer): Answer {
  return {
    status,
    text: text
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '(id)')
      .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '(time)'),
  };
}

function requireSame(what: string, one: Answer, other: Answer): void {
  if (one.status === other.status && one.text === other.text) return;
  throw new DifferentAnswers(
    `${what} is answered differently:\n  ${one.status} ${one.text}\n  ${other.status} ${other.text}`,
  );
}

function first(targets: readonly Owned[]): Owned {
  const [target] = targets;
  if (target === undefined) throw new Error('There is nothing to ask for.');
  return target;
}
