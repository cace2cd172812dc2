import { expect } from 'chai';
import { compose } from '../../src/compose/run.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import { MANAGEMENT } from '../aws/support.ts';
import type { Emulator, Fault, SeedUser } from '../support/emulator/emulator.ts';
import { readOwnSecret, whoAmI } from '../support/workloads.ts';
import { createWorld, outcomesIn, START, type World } from '../support/world.ts';

/* Two accounts, and runs that overlap in them. */

export const APP = '111111111101';
export const DATA = '111111111102';

/** One account after the other, so that a run has done one of them when it comes to the next. */
export const ONE_BY_ONE = {
  ROTATION_EXCLUDE_ACCOUNTS: MANAGEMENT,
  ROTATION_ACCOUNT_CONCURRENCY: '1',
  ROTATION_USER_CONCURRENCY: '1',
};

const key = (age: number, usedAgo: number) => ({
  createdAt: START - age * DAY,
  lastUsedAt: START - usedAgo * DAY,
});

/** Eleven days later there is one key to replace, one to deactivate and one to delete. */
const users: readonly SeedUser[] = [
  { userName: 'ann', keys: [key(55, 1)] },
  { userName: 'ben', keys: [key(200, 100), key(30, 1)] },
  { userName: 'cem', keys: [{ ...key(85, 50), status: 'Inactive' }, key(20, 1)] },
];

/** What a run has to do in each account, and what that changes there. */
export const ALL_OF_IT = ['ann replace', 'ben deactivate', 'cem delete'];
export const everyChangeIn = (accountId: string): readonly string[] => [
  `${accountId} CreateAccessKey ann`,
  `${accountId} UpdateAccessKey ben`,
  `${accountId} DeleteAccessKey cem`,
];

/** Accounts at a time when there is everything to do in them. */
export async function whenAllIsDue(emulator: Emulator, names = ['app', 'data']): Promise<World> {
  const world = await createWorld(emulator, { accounts: names.map((name) => ({ name, users })) });
  await go(world);
  await world.pass(11);
  await emulator.forgetCalls();
  return world;
}

/** A run that never waits for anything but AWS. */
export const go = ({ environment, aws, clock }: World): Promise<RunReport> =>
  rotateOrganization(
    compose(
      readSettings({ ROTATION_MODE: 'enforce', ...environment, ...ONE_BY_ONE }),
      readRequest({ mode: 'enforce' }),
      {
        turn: 0, // the first account first
        ...aws,
        clock: { ...clock, sleep: () => Promise.resolve() },
        publish: true,
      },
    ),
  );

export async function goAfter(minutes: number, world: World): Promise<RunReport> {
  await world.pass((minutes * MINUTE) / DAY);
  return await go(world);
}

/** Holds up one call, until faults are cleared. */
export const holdUp = (
  emulator: Emulator,
  call: Pick<Fault, 'action' | 'match' | 'accountId'>,
): Promise<void> => emulator.inject({ ...call, kind: 'delay', delayMs: 14_000, times: 1 });

/** Resolves when a call is being held up. */
export async function someCallIsHeldUp(emulator: Emulator): Promise<void> {
  while (!(await emulator.calls()).some(({ faulted }) => faulted)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What was done to keys in IAM, by any run. */
export const changesOf = async (emulator: Emulator): Promise<readonly string[]> =>
  (await emulator.calls())
    .filter(({ action, status }) => status === 200 && /:(Create|Update|Delete)AccessKey$/.test(action))
    .map(
      ({ accountId, action, params }) => `${accountId ?? ''} ${action.slice(4)} ${params['UserName'] ?? ''}`,
    );

/** What a run reports for an account. */
export const doneBy = (report: RunReport, name: string): readonly string[] =>
  outcomesIn(report, name)
    .filter((outcome) => outcome.endsWith(' applied'))
    .map((outcome) => outcome.split(' ').slice(0, 2).join(' '));

/** However often it was tried, everything is as one run would have left it. */
export async function expectAllDone(emulator: Emulator, accountId: string): Promise<void> {
  const [account] = await emulator.snapshot(accountId);
  const keysOf = (userName: string) => account?.users.find((user) => user.userName === userName)?.keys ?? [];
  const statuses = ['ann', 'ben', 'cem'].map((name) => keysOf(name).map(({ status }) => status));
  expect(statuses).to.deep.equal([['Active', 'Active'], ['Inactive', 'Active'], ['Active']]);
  const { endpoint } = emulator;
  const [old, created] = keysOf('ann');
  const read = await readOwnSecret(endpoint, 'ann', await emulator.keyCredentials(old?.id ?? ''));
  expect(read).to.deep.equal(await emulator.keyCredentials(created?.id ?? ''));
  expect(read && (await whoAmI(endpoint, read))).to.equal(`arn:aws:iam::${accountId}:user/ann`);
}
