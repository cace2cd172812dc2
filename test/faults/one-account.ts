/** A world for what can be seen in one account. */
import { dynamoLedger } from '../../src/aws/table/ledger.ts';
import type { Notice } from '../../src/domain/rotation/notice.ts';
import { DAY } from '../../src/domain/time.ts';
import { adminOf, FIRST_MEMBER, MANAGEMENT } from '../aws/support.ts';
import type { Emulator, Fault, SeedUser } from '../support/emulator/emulator.ts';
import { createWorld, START, type World } from '../support/world.ts';
import type { Trouble } from './faults.ts';

export async function oneAccount(emulator: Emulator, ...users: readonly SeedUser[]): Promise<World> {
  const world = await createWorld(emulator, { accounts: [{ name: 'app', id: FIRST_MEMBER, users }] });
  return { ...world, environment: { ...world.environment, ROTATION_EXCLUDE_ACCOUNTS: MANAGEMENT } };
}

/** Ways in which a call fails for good. None of them takes long. */
export const FOR_GOOD: readonly Trouble[] = [
  { title: 'denied', how: { kind: 'error', code: 'AccessDeniedException', httpStatus: 403 } },
  { title: 'broken', how: { kind: 'error' } },
  { title: 'cut off after its effect', how: { kind: 'reset', when: 'after' } },
  { title: 'garbled', how: { kind: 'malformed' } },
  {
    title: 'gone wrong in a way nobody knows',
    how: { kind: 'error', code: 'TeapotException', httpStatus: 418 },
  },
];

export const faultAt = (at: Pick<Fault, 'action' | 'match'>, { how }: Trouble): Fault => ({ ...at, ...how });

/** As an earlier run left it. */
export const ledgerOf = async ({ emulator, organization }: World) =>
  dynamoLedger(await adminOf(emulator, organization.serviceAccountId), organization.tableName);

/** Announced by an earlier run as unused; the grace is over. */
export const ANNOUNCED = {
  about: 'unused',
  firstAt: START - 11 * DAY,
  lastAt: START - 4 * DAY,
  date: START - DAY,
} as const satisfies Notice;

/** `AKIA... Active`, of all keys there are. */
export const keysIn = async ({ emulator }: World): Promise<readonly string[]> =>
  (await emulator.snapshot(FIRST_MEMBER)).flatMap(({ users }) =>
    users.flatMap(({ keys }) => keys.map(({ id, status }) => `${id} ${status}`)),
  );

export const actionsOf = async ({ emulator }: World): Promise<readonly string[]> =>
  (await emulator.calls()).map(({ action }) => action);
