import { isDeepStrictEqual } from 'node:util';
import { days, HOUR, type Duration } from '../../../src/domain/time.ts';
import type { KeyMemory } from '../../../src/domain/rotation/key.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import { notice } from '../../support/builders.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';
import type { Around } from '../../support/memory/intercept.ts';
import { memoryOrganization, type MemoryAccount } from '../../support/memory/organization.ts';
import { giveAnnADueKey, letConsumersReadTheOldKey, newKeysOf, OLD } from './ann.ts';

/** What a replacement is about to find. */
export interface Circumstances {
  readonly consumers: 'none yet' | 'read the old key';
  readonly secondPlace: 'free' | 'to be freed first';
  /** When IAM tells that the new key was used. */
  readonly useIsTold: 'at once' | 'late';
}

export const CIRCUMSTANCES: readonly Circumstances[] = (['none yet', 'read the old key'] as const).flatMap(
  (consumers) =>
    (['free', 'to be freed first'] as const).flatMap((secondPlace) =>
      (['at once', 'late'] as const).map((useIsTold) => ({ consumers, secondPlace, useIsTold })),
    ),
);

export const inWords = ({ consumers, secondPlace, useIsTold }: Circumstances): string =>
  `consumers: ${consumers}; second place: ${secondPlace}; use is told ${useIsTold}`;

/** An inactive key of Ann's whose grace is over. */
export const OFF = 'AKIAOFF';

export function annsReplacement({ consumers, secondPlace, useIsTold }: Circumstances) {
  const organization = memoryOrganization();
  const member = organization.add();
  const { ledger, clock } = organization;
  giveAnnADueKey(member);
  if (consumers === 'read the old key') letConsumersReadTheOldKey(member);
  if (secondPlace === 'to be freed first') {
    member.iam.addKey('ann', { id: OFF, age: days(200), usedAgo: days(100), status: 'inactive' });
    ledger.remember(member.id, OFF, {
      inactiveSince: clock.now() - days(20),
      notices: [notice('delete', { givenAgo: days(20) })],
    });
  }
  if (useIsTold === 'late') member.iam.lags.useIsTold = 4 * HOUR;

  return {
    ...organization,
    member,
    go: (around?: Around): Promise<AccountReport> =>
      rotateAccount(member.account, organization.run(around === undefined ? {} : { around })),
    goLater: (after: Duration = HOUR): Promise<AccountReport> => {
      clock.pass(after);
      return rotateAccount(member.account, organization.run());
    },
    brokenNow: () => brokenNow(member, consumers),
    /** Every promise that doesn't hold once a run has come to its end undisturbed. */
    brokenInTheEnd: (): readonly string[] => [
      ...brokenNow(member, consumers),
      ...brokenInTheEnd(member, ledger.of(member.id), ledger.leaseOf(member.id)),
    ],
  };
}

const told = (checks: Readonly<Record<string, boolean>>): readonly string[] =>
  Object.entries(checks).flatMap(([promise, holds]) => (holds ? [] : [promise]));

/** What must hold at any moment, in the midst of everything. */
const brokenNow = ({ iam, secrets }: MemoryAccount, consumers: Circumstances['consumers']) => {
  const keys = iam.keysOf('ann');
  const read = secrets.currentOf('ann');
  return told({
    'at most two keys': keys.length <= 2,
    'the old key is active': keys.some(({ id, status }) => id === OLD && status === 'active'),
    'consumers of an existing secret read a key that works':
      consumers === 'none yet' ||
      keys.some(
        ({ id, status, secret }) => id === read?.accessKeyId && status === 'active' && secret === read.secret,
      ),
  });
};

function brokenInTheEnd(
  member: MemoryAccount,
  {
    keys: memories,
    intents,
  }: { readonly keys: ReadonlyMap<string, KeyMemory>; readonly intents: readonly unknown[] },
  lease: unknown,
) {
  const { secrets, iam } = member;
  const ours = newKeysOf(member);
  const [created] = ours;
  const memory: KeyMemory = memories.get(created?.id ?? '') ?? {};
  const announced = memories.get(OLD)?.notices?.find(({ about }) => about === 'replaced');
  return told({
    'exactly one replacement': ours.length === 1 && created?.status === 'active',
    'somebody has the secret of each key of ours': ours.every(({ id }) => secrets.holds('ann', id)),
    'the replacement is delivered': memory.replacementOf === OLD && memory.deliveredAt !== undefined,
    'consumers read the replacement': isDeepStrictEqual(secrets.currentOf('ann'), {
      accessKeyId: created?.id,
      secret: created?.secret,
    }),
    'its owner may read it': secrets.readerOf('ann') !== undefined,
    'the notice of the old key counts': (announced?.firstAt ?? 0) >= (memory.deliveredAt ?? Infinity),
    'no intent is open': intents.length === 0,
    'no lease is left': lease === undefined,
    'the key that was in the way is gone': iam.keysOf('ann').every(({ id }) => id !== OFF),
  });
}
