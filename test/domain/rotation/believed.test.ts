import { expect } from 'chai';
import { believed } from '../../../src/domain/rotation/believed.ts';
import type { KeyMemory } from '../../../src/domain/rotation/key.ts';
import { CLOCK_SKEW, DAY, days } from '../../../src/domain/time.ts';
import { notice, T0 } from '../../support/builders.ts';

const JUST = T0 + CLOCK_SKEW;
const FUTURE = JUST + 1;
const given = notice('unused', { givenAgo: DAY, dateIn: days(3000) });

describe('what the ledger says of a key', () => {
  it('is believed as it is where nothing of it lies in the future', () => {
    const memory: KeyMemory = {
      replacementOf: 'OLD',
      secretName: 'secret',
      deliveredAt: JUST,
      inactiveSince: T0,
      deactivatedAs: 'unused',
      reactivatedAt: T0 - DAY,
      reactivations: [T0 - DAY, JUST],
      notices: [given],
      told: { reason: 'unused-notice', at: T0, dueAt: T0 + days(3000) },
    };
    expect(believed(memory, T0)).to.deep.equal({ memory, disbelieved: [] });
    expect(believed({}, T0)).to.deep.equal({ memory: {}, disbelieved: [] });
  });

  const forged: readonly (readonly [keyof KeyMemory, KeyMemory, KeyMemory])[] = [
    ['deliveredAt', { replacementOf: 'OLD', deliveredAt: FUTURE }, { replacementOf: 'OLD' }],
    ['inactiveSince', { inactiveSince: FUTURE }, {}],
    ['reactivatedAt', { reactivatedAt: FUTURE, reactivations: [T0] }, { reactivations: [T0] }],
    ['reactivations', { reactivations: [T0, FUTURE] }, { reactivations: [T0] }],
    ['notices', { notices: [given, { ...given, about: 'delete', firstAt: FUTURE }] }, { notices: [given] }],
    ['notices', { notices: [{ ...given, lastAt: FUTURE }] }, { notices: [] }],
    ['told', { told: { reason: 'x', at: FUTURE } }, {}],
  ];
  for (const [field, memory, left] of forged) {
    it(`is not believed where ${field} lies in the future, and the rest is: ${JSON.stringify(left)}`, () => {
      expect(believed(memory, T0)).to.deep.equal({ memory: left, disbelieved: [field] });
    });
  }

  it('names every field that is not believed', () => {
    expect(believed({ deliveredAt: FUTURE, inactiveSince: FUTURE }, T0).disbelieved).to.deep.equal([
      'deliveredAt',
      'inactiveSince',
    ]);
  });

  it('does not believe a date that is no date either', () => {
    expect(believed({ deliveredAt: NaN }, T0).disbelieved).to.deep.equal(['deliveredAt']);
  });
});
