import { expect } from 'chai';
import { decide } from '../../../src/domain/rotation/decide.ts';
import type { AccessKey } from '../../../src/domain/rotation/key.ts';
import { days } from '../../../src/domain/time.ts';
import { key, OTHER, policy, T0, THIS, user } from '../../support/builders.ts';

/** A replaced key whose time has come, and its replacement. */
const OLD = key({
  id: THIS,
  age: days(100),
  lastUsed: days(20),
  notices: { replaced: { givenAgo: days(20), inAnyCaseIn: days(10) } },
});
const REPLACEMENT = key({
  id: OTHER,
  age: days(20),
  lastUsed: days(1),
  replacementOf: THIS,
  deliveredAgo: days(20),
});

const saysOf = (...keys: readonly AccessKey[]) =>
  decide(user(keys), policy(), T0).map(({ action, reason }) => `${action}: ${reason}`);

describe('A date that is no date', () => {
  it('stands alone: with every date, the key is deactivated', () => {
    expect(saysOf(OLD, REPLACEMENT)).to.include('deactivate: moved');
  });

  const SPOILT: readonly (readonly [string, AccessKey, AccessKey])[] = [
    ['the creation', { ...OLD, createdAt: NaN }, REPLACEMENT],
    ['the last use', { ...OLD, lastUse: { kind: 'used', at: NaN } }, REPLACEMENT],
    ...(['firstAt', 'lastAt', 'date', 'inAnyCase'] as const).map(
      (name) =>
        [
          `the ${name} of a notice`,
          { ...OLD, memory: { notices: OLD.memory.notices?.map((one) => ({ ...one, [name]: NaN })) ?? [] } },
          REPLACEMENT,
        ] as const,
    ),
    [
      'one of the reactivations',
      { ...OLD, memory: { ...OLD.memory, reactivations: [T0, NaN] } },
      REPLACEMENT,
    ],
    ['when the key it replaces was switched off', OLD, { ...REPLACEMENT, predecessorOffSince: NaN }],
    ['the reactivation', { ...OLD, memory: { ...OLD.memory, reactivatedAt: NaN } }, REPLACEMENT],
    [
      'the delivery of the other key',
      OLD,
      { ...REPLACEMENT, memory: { ...REPLACEMENT.memory, deliveredAt: NaN } },
    ],
    ['the creation of the other key', OLD, { ...REPLACEMENT, createdAt: NaN }],
    [
      'when it was found inactive',
      { ...OLD, status: 'inactive', memory: { inactiveSince: NaN } },
      REPLACEMENT,
    ],
  ];
  for (const [which, one, two] of SPOILT) {
    it(`makes both keys of the user wait when it is ${which}`, () => {
      expect(saysOf(one, two)).to.deep.equal(['wait: date-unknown', 'wait: date-unknown']);
    });
  }
});
