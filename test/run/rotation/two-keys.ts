import type { Action } from '../../../src/domain/rotation/decision.ts';
import { DAY, days } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { memoryAccountContext, type MemoryAccountContext } from '../../support/memory/account-context.ts';

export const KEY = 'AKIAKEY';
export const HEIR = 'AKIAHEIR';

/** Ann has an old key and its replacement. */
export async function annWithTwoKeys() {
  const work = await memoryAccountContext();
  work.iam.addKey('ann', { id: KEY, age: days(95), usedAgo: days(20) });
  work.iam.addKey('ann', { id: HEIR, age: days(30), usedAgo: DAY });
  work.secrets.put('ann', HEIR, work.iam.key(HEIR).secret, work.iam.userIdOf('ann'));
  work.ledger.remember(work.id, HEIR, { replacementOf: KEY, deliveredAt: T0 - days(30) });
  return work;
}

export const plannedFor = (work: MemoryAccountContext, action: Action) => [
  { decision: work.decisionOn(action, KEY) },
  { decision: work.decisionOn('keep', HEIR) },
];

export const stateOf = ({ iam }: MemoryAccountContext) =>
  iam.keysOf('ann').map(({ id, status }) => `${id} ${status}`);

export const BEFORE = { deactivate: 'active', delete: 'inactive' } as const;

/** With everything as it has to be for the old key to be switched off, or deleted. */
export async function annBefore(action: 'deactivate' | 'delete') {
  const work = await annWithTwoKeys();
  work.iam.switchKey(KEY, BEFORE[action]);
  return { work, planned: plannedFor(work, action) };
}
