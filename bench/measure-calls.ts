import type { Emulator } from '../test/support/emulator/emulator.ts';
import { withService, type Invoked } from '../test/support/invoked.ts';
import { createWorld } from '../test/support/world.ts';
import { byAction, combined, type CallsByAction } from '../test/support/calls-by-action.ts';
import { rotateNaively } from './naive.ts';
import { everybody, nobody, oneInFifty, organizationOf, type Size } from './organizations.ts';

/** What one run over an organization asks of AWS. */
export interface Measured {
  readonly name: string;
  readonly users: number;
  readonly ours: CallsByAction;
  readonly naive: CallsByAction;
}

const SMALL: Size = { accounts: 3, users: 20 };

/** Beside the naive way through the same organization, as everything here. */
export async function measureSmall(emulator: Emulator): Promise<readonly Measured[]> {
  const young = await ofYoung(emulator, SMALL);
  const due = await ofDue(emulator, SMALL);
  const naiveYoung = await naively(emulator, SMALL, nobody);
  const naiveDue = await naively(emulator, SMALL, everybody);
  const users = SMALL.accounts * SMALL.users;
  return [
    { name: '3 x 20, young, first run', users, ours: young.first, naive: naiveYoung },
    { name: '3 x 20, young, later', users, ours: young.later, naive: naiveYoung },
    { name: '3 x 20, all due, first time', users, ours: due.first, naive: naiveDue },
    { name: '3 x 20, all due, next time', users, ours: due.next, naive: naiveDue },
  ];
}

/** One user in fifty has a key that is due. */
export const measureMixed = async (emulator: Emulator, size: Size): Promise<Measured> => ({
  name: `${size.accounts} x ${size.users}, one in fifty due`,
  users: size.accounts * size.users,
  ours: await ofMixed(emulator, size),
  naive: await naively(emulator, size, oneInFifty),
});

/** Each account is worked through in one of four runs, so it takes four to say what a run costs. */
const CYCLE = 4;

const ofYoung = (emulator: Emulator, size: Size) =>
  withService(emulator, organizationOf(size, nobody), async (service) => {
    const first = replacing(0, await service.invoke());
    const later: CallsByAction[] = [];
    for (let run = 0; run < CYCLE; run++) {
      await service.pass(7);
      await service.useYoungest();
      later.push(replacing(0, await service.invoke()));
    }
    return { first, later: combined(later, mean) };
  });

const mean = (...counts: readonly number[]): number =>
  counts.reduce((sum, count) => sum + count, 0) / counts.length;

/** Days between runs, from the first replacement to the next one. The keys replaced first are gone by then. */
const UNTIL_THE_NEXT = [10, 10, 10, 10, 10, 9];

export const ofDue = (emulator: Emulator, size: Size) =>
  withService(emulator, organizationOf(size, everybody), async (service) => {
    const all = size.accounts * size.users;
    const first = replacing(all, await service.invoke());
    for (const days of UNTIL_THE_NEXT) {
      await service.pass(days);
      await service.useYoungest();
      replacing(0, await service.invoke());
    }
    await service.pass(2);
    await service.useYoungest();
    return { first, next: replacing(all, await service.invoke()) };
  });

const ofMixed = (emulator: Emulator, size: Size) => {
  const due = Array.from({ length: size.users }, (_, user) => user).filter(oneInFifty).length;
  return withService(emulator, organizationOf(size, oneInFifty), async (service) =>
    replacing(size.accounts * due, await service.invoke()),
  );
};

/** A run that did something else than it should is no measurement. */
function replacing(wanted: number, { report: { totals }, calls }: Invoked): CallsByAction {
  const { replaced, failed, partial, accounts } = totals;
  const problems = failed + partial + accounts.unreachable + accounts.notStarted;
  if (replaced !== wanted || problems > 0) {
    throw new Error(`${replaced} of ${wanted} keys were replaced, with ${problems} failures`);
  }
  return byAction(calls);
}

async function naively(
  emulator: Emulator,
  size: Size,
  isDue: (user: number) => boolean,
): Promise<CallsByAction> {
  const world = await createWorld(emulator, organizationOf(size, isDue));
  await emulator.forgetCalls();
  await rotateNaively(world);
  return byAction(await emulator.calls());
}
