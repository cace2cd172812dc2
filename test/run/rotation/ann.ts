import { expect } from 'chai';
import type { Failure } from '../../../src/domain/errors.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { DAY, days, type Duration } from '../../../src/domain/time.ts';
import { applyUser } from '../../../src/run/rotation/apply-user.ts';
import type { Around } from '../../support/memory/intercept.ts';
import type { MemoryAccount, MemoryOrganization } from '../../support/memory/organization.ts';
import { memoryAccountContext } from '../../support/memory/account-context.ts';

/** The key that most of these tests are about: Ann's, in use, and old enough to be replaced. */
export const OLD = 'AKIAOLD';

export const giveAnnADueKey = ({ iam }: MemoryAccount, usedAgo: Duration = DAY): string =>
  iam.addKey('ann', { id: OLD, age: days(70), usedAgo });

/** What consumers of Ann's secret read is the old key. */
export const letConsumersReadTheOldKey = ({ secrets, iam }: MemoryAccount): void =>
  secrets.put('ann', OLD, iam.key(OLD).secret);

/** A workplace with Ann in it, and the replacement of her key about to begin. */
export async function annAtWork(around?: Around) {
  const work = await memoryAccountContext(around);
  giveAnnADueKey(work);
  const decision = work.decisionOn('replace', OLD);
  return {
    ...work,
    decision,
    replace: async (): Promise<Outcome> => {
      const { outcomes } = await applyUser([{ decision }], work.context);
      const [outcome] = outcomes;
      if (outcome === undefined) throw new Error('every decision has an outcome');
      return outcome;
    },
  };
}

/** Ann's keys that nobody but us can have made. */
export const newKeysOf = ({ iam }: MemoryAccount, userName = 'ann') =>
  iam.keysOf(userName).filter(({ madeBy }) => madeBy === 'us');

export const idsOf = ({ iam }: MemoryAccount, userName = 'ann'): readonly string[] =>
  iam.keysOf(userName).map(({ id }) => id);

export const openIntents = ({ ledger }: MemoryOrganization, { id }: MemoryAccount) => ledger.of(id).intents;

/** Nothing that leaves a run may hold a secret. */
export const expectNoSecretIn = (...told: readonly unknown[]): void => {
  const replacer = (_name: string, value: unknown) => (value instanceof Map ? [...value] : value);
  expect(JSON.stringify(told, replacer)).not.to.include('secret-of-');
};

export const failureIn = (outcome: Outcome): Failure => {
  if (outcome.status === 'failed' || outcome.status === 'partial') return outcome.failure;
  throw new Error(`the outcome is ${outcome.status}`);
};
