/** An organization in which one run makes every call to AWS that a run ever makes. */
import { dynamoLedger } from '../../src/aws/table/ledger.ts';
import { DAY } from '../../src/domain/time.ts';
import { adminOf } from '../aws/support.ts';
import {
  centralWith,
  EVERY_SITUATION,
  leaveOrphans,
  leavePast,
  SECRETS_IN_THE_TOPIC,
  set,
  SETTINGS,
  topicOf,
  usersOf,
  type Situation,
} from '../privileges/organization.ts';
import type { Emulator, SeedUser } from './emulator/emulator.ts';
import { createWorld, REGION, START, type World } from './world.ts';

/** The account in which everything happens, with a topic of its own. */
export const PAYMENTS = '111111111101';
/**
 * Keeps its secrets in the account of the service, by a row of its organizational unit, and passes a
 * limit that was accepted.
 */
export const LEDGER = '111111111102';
/** Has its secrets published to its topic as well. */
export const REPORTS = '111111111103';
/** The account the service runs in. It has no users. */
export const SERVICE = '123456789012';

const CENTRAL_KEY = `arn:aws:kms:${REGION}:${SERVICE}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;
const CENTRAL: readonly Situation[] = ['new-secret', 'announced', 'tagged'];

/** Two keys: one that has been off for long enough, and one that is due and needs its place. */
const TWO_KEYS = 'two-keys';
const twoKeysIn = (accountId: string): SeedUser => ({
  userName: TWO_KEYS,
  keys: [
    {
      id: keyIdOf(accountId, 'OFF'),
      status: 'Inactive',
      createdAt: START - 300 * DAY,
      lastUsedAt: START - 200 * DAY,
    },
    { id: keyIdOf(accountId, 'DUE'), createdAt: START - 70 * DAY, lastUsedAt: START - DAY },
  ],
});

export const keyIdOf = (accountId: string, which: string): string =>
  `AKIA${accountId.slice(-3)}TWOKEYS${which}`.padEnd(20, 'X');

async function rememberMore({ emulator, organization }: World): Promise<void> {
  const ledger = dynamoLedger(await adminOf(emulator, organization.serviceAccountId), organization.tableName);
  await ledger.record(PAYMENTS, [
    { kind: 'inactive', userName: TWO_KEYS, accessKeyId: keyIdOf(PAYMENTS, 'OFF'), at: START - 11 * DAY },
  ]);
  await ledger.record(PAYMENTS, [
    {
      kind: 'published',
      userName: TWO_KEYS,
      accessKeyId: keyIdOf(PAYMENTS, 'OFF'),
      notice: { about: 'delete', firstAt: START - 11 * DAY, lastAt: START - 7 * DAY, date: START - DAY },
    },
  ]);
  const at = START - 3 * DAY;
  const notice = { about: 'unused', firstAt: at, lastAt: at, date: at + 10 * DAY } as const;
  await ledger.record(PAYMENTS, [
    { kind: 'published', userName: LEFT_OUT, accessKeyId: keyIdOf(PAYMENTS, 'OUT'), notice },
  ]);
  await emulator.forgetCalls();
}

/** Whom the settings left out after a notice was given. */
const LEFT_OUT = 'left-out';
const leftOutIn = (accountId: string): SeedUser => ({
  userName: LEFT_OUT,
  keys: [{ id: keyIdOf(accountId, 'OUT'), createdAt: START - 200 * DAY, lastUsedAt: START - 120 * DAY }],
});

/** One at a time, so that every run makes the same calls in the same order. */
const IN_ORDER = { ROTATION_ACCOUNT_CONCURRENCY: '1', ROTATION_USER_CONCURRENCY: '1' };

/** Forgets whatever the emulator held. No call of it is counted. */
export async function worldWithEveryAction(emulator: Emulator): Promise<World> {
  const world = await createWorld(emulator, {
    accounts: [
      {
        name: 'payments',
        id: PAYMENTS,
        ou: 'Workloads/Production',
        users: [...usersOf(PAYMENTS, EVERY_SITUATION), twoKeysIn(PAYMENTS), leftOutIn(PAYMENTS)],
      },
      { name: 'ledger', id: LEDGER, ou: 'Workloads/Test', users: usersOf(LEDGER, CENTRAL) },
      { name: 'reports', id: REPORTS, users: usersOf(REPORTS, ['new-secret']) },
    ],
    management: { users: [] },
  });
  await leavePast(world, PAYMENTS, EVERY_SITUATION);
  await rememberMore(world);
  await leaveOrphans(world, PAYMENTS);
  await leavePast(world, LEDGER, CENTRAL);
  const { maxDeactivations, ...everywhere } = SETTINGS;
  await set(world, 'organization', everywhere);
  await set(world, `ou#${world.organization.ous['Workloads/Test'] ?? ''}`, centralWith(CENTRAL_KEY));
  await set(world, `account#${PAYMENTS}`, {
    excludeUsers: [`name:${LEFT_OUT}`],
    ...(await topicOf(world, PAYMENTS)),
  });
  await set(world, `account#${LEDGER}`, { maxDeactivations });
  await set(world, `account#${REPORTS}`, { ...SECRETS_IN_THE_TOPIC, ...(await topicOf(world, REPORTS)) });
  return {
    ...world,
    environment: { ...world.environment, ...IN_ORDER },
    run: (options = {}) => world.run({ ...options, environment: { ...IN_ORDER, ...options.environment } }),
  };
}
