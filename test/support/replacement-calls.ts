import type { RunReport } from '../../src/domain/report/run-report.ts';
import { totalsOf } from '../../src/domain/report/run-report.ts';
import type { Call, Emulator } from './emulator/emulator.ts';
import { createWorld, userWithKey } from './world.ts';

/** How often each action was called. */
export type CallsByAction = Readonly<Record<string, number>>;

/** What two replacements of the keys of the same users ask, the second some three months later. */
export interface ReplacementCalls {
  readonly first: CallsByAction;
  readonly next: CallsByAction;
}

export const sumOf = (calls: CallsByAction): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

export const byAction = (calls: readonly Call[]): CallsByAction => {
  const counts: Record<string, number> = {};
  for (const { action } of calls) counts[action] = (counts[action] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1)));
};

/** What is asked for one more user, when a run is about users more than one. */
export const differenceBetween = (more: CallsByAction, less: CallsByAction): CallsByAction =>
  Object.fromEntries(
    Object.keys({ ...more, ...less })
      .toSorted()
      .map((action): [string, number] => [action, (more[action] ?? 0) - (less[action] ?? 0)])
      .filter(([, count]) => count !== 0),
  );

/**
 * The calls of whole runs over accounts in which every user's only key is due: the first replacement, and
 * the next one, once the owners have moved and the first keys are off and gone.
 */
export async function callsOfReplacements(
  emulator: Emulator,
  { accounts, users }: { readonly accounts: number; readonly users: number },
): Promise<ReplacementCalls> {
  const names = Array.from({ length: users }, (_, index) => `user-${index}`);
  const world = await createWorld(emulator, {
    accounts: Array.from({ length: accounts }, (_, index) => ({
      name: `account-${index}`,
      users: names.map((name) => userWithKey(name, { age: 70, usedAgo: 1 })),
    })),
  });
  const counted = async (): Promise<CallsByAction> => {
    await emulator.forgetCalls();
    expectReplaced(await world.run(), accounts * users);
    return byAction(await emulator.calls());
  };
  const useNewest = async () => {
    const found = (await emulator.snapshot()).flatMap((account) => account.users);
    await emulator.markUsed(
      found.flatMap(({ keys }) => keys.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.id ?? []),
    );
  };
  const first = await counted();
  for (const days of [10, 10, 10, 10, 10, 9]) {
    await world.pass(days);
    await useNewest();
    await world.run();
  }
  await world.pass(2);
  await useNewest();
  return { first, next: await counted() };
}

function expectReplaced({ accounts }: RunReport, wanted: number): void {
  const { replaced, failed, partial } = totalsOf(accounts);
  if (replaced !== wanted || failed + partial > 0)
    throw new Error(`${replaced} of ${wanted} keys were replaced, ${failed + partial} failed`);
}
