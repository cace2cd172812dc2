import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { keysOfLastChance } from '../../../src/domain/usage/last-chance.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { applied, decision, held, key, T0, untouched } from '../../support/builders.ts';

const HORIZON = { now: T0, noticeBefore: days(7) };
const NEEDED = { replacementId: 'AKIANEW', state: 'not-adopted' } as const;

const waiting = (facts: Partial<Decision> = {}) =>
  decision('wait', {
    key: key({ id: 'AKIAOLD', age: days(83), lastUsed: days(1) }),
    reason: 'deadline-grace',
    adoption: NEEDED,
    dueAt: T0 + days(5),
    ...facts,
  });
const due = (facts: Partial<Decision> = {}) =>
  decision('deactivate', { key: key({ id: 'AKIAOLD' }), reason: 'deadline', adoption: NEEDED, ...facts });
const told = (dueIn: number, reason: string) => {
  const memory = { told: { reason, dueAt: T0 + days(dueIn), at: T0 - days(7) } };
  return { key: { ...key({ id: 'AKIAOLD' }), memory } as Decision['key'], dueAt: T0 + days(dueIn) };
};

describe('of which keys it is looked up who uses them', () => {
  for (const [title, outcome, expected] of [
    ['one whose deadline was announced', untouched(waiting()), true],
    ['one whose deadline is announced now', untouched(waiting({ reason: 'deadline-notice' })), true],
    ['one that a limit has saved from its deadline', held(due(), 'limit'), true],
    ['one that is still needed, a few days before', untouched(waiting({ reason: 'still-needed' })), true],
    [
      'none that is still needed, long before',
      untouched(waiting({ reason: 'still-needed', dueAt: T0 + days(20) })),
      false,
    ],
    [
      'none that is still needed and has no deadline',
      untouched(decision('wait', { reason: 'still-needed', adoption: NEEDED })),
      false,
    ],
    ['none whose owner has moved', untouched(waiting({ adoption: { ...NEEDED, state: 'moved' } })), false],
    ['none that goes for another reason', untouched(waiting({ reason: 'unused-grace' })), false],
    ['none that is switched off now', applied(due()), false],
    [
      'none of which the history of 90 days has nothing',
      untouched(waiting({ key: key({ lastUsed: days(91) }) })),
      false,
    ],
    ['none that was never used', untouched(waiting({ key: key({ lastUsed: 'never' }) })), false],
    ['none that takes one line, as told before', untouched(waiting(told(9, 'deadline-grace'))), false],
    ['one that is told again in its last week', untouched(waiting(told(6, 'deadline-grace'))), true],
  ] as readonly (readonly [string, Outcome, boolean])[]) {
    it(title, () => {
      expect(keysOfLastChance([outcome], HORIZON)).to.have.length(expected ? 1 : 0);
    });
  }

  it('begins with the nearest date', () => {
    const outcomes = [5, 2, 4].map((day) =>
      untouched(waiting({ key: key({ id: `AKIA${day}` }), dueAt: T0 + days(day) })),
    );
    expect(keysOfLastChance(outcomes, HORIZON).map(({ id }) => id)).to.deep.equal([
      'AKIA2',
      'AKIA4',
      'AKIA5',
    ]);
  });
});
