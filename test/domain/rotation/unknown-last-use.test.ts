import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { OTHER, THIS, verdictOn, type KeyFacts, type Line, type Situation } from '../../support/builders.ts';

type Known = Omit<KeyFacts, 'lastUsed'>;

/** What a rule does once the last use is known, so that each line waits for that reason alone. */
interface Guess {
  readonly rule: string;
  readonly key: Known;
  readonly other?: KeyFacts;
  readonly policy?: NonNullable<Situation['policy']>;
  readonly known: NonNullable<KeyFacts['lastUsed']>;
  readonly does: Line['says'];
  readonly waits: Line['says'];
}

const heir: KeyFacts = { age: days(40), replacementOf: THIS, deliveredAgo: days(40) };
const off = {
  status: 'inactive',
  age: days(99),
  inactiveFor: days(10),
  notices: { delete: { givenAgo: days(10) } },
} as const;

const OWN: readonly Guess[] = [
  {
    rule: 'I2',
    key: off,
    known: days(30),
    does: 'delete: recovery-grace-over',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'I2, its place needed',
    key: { ...off, age: days(40) },
    other: { age: days(70) },
    known: 'never',
    does: 'delete: recovery-grace-over',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A1, used long ago',
    key: { age: days(300), notices: { unused: { givenAgo: days(50) } } },
    known: days(150),
    does: 'deactivate: unused',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A1, never used',
    key: { age: days(300), notices: { unused: { givenAgo: days(50) } } },
    known: 'never',
    does: 'deactivate: unused',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A1, its place needed',
    key: { age: days(65), notices: { unused: { givenAgo: days(10) } } },
    other: { age: days(70) },
    known: 'never',
    does: 'deactivate: unused',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A3, its owner has moved',
    key: { age: days(100) },
    other: heir,
    known: days(35),
    does: 'deactivate: moved',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A3, past the deadline',
    key: { age: days(100), notices: { deadline: { givenAgo: days(10) } } },
    other: heir,
    known: 0,
    does: 'deactivate: deadline',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A5',
    key: { age: days(70) },
    known: days(1),
    does: 'replace: due',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A5 with unusedAfter off',
    key: { age: days(70) },
    policy: { unusedAfter: 'off' },
    known: 'never',
    does: 'replace: due',
    waits: 'wait: last-use-unknown',
  },
  {
    rule: 'A6, deactivate-least-recently-used',
    key: { age: days(100), notices: { 'least-recently-used': { givenAgo: days(10) } } },
    other: { age: days(101), lastUsed: 0 },
    policy: { whenTwoKeysInUse: 'deactivate-least-recently-used' },
    known: days(11),
    does: 'deactivate: least-recently-used',
    waits: 'wait: last-use-unknown',
  },
];

describe('an unknown last use', () => {
  for (const { rule, key, other, policy, known, does, waits } of OWN) {
    const situation = (lastUsed: NonNullable<KeyFacts['lastUsed']>): Situation => ({
      key: { ...key, lastUsed },
      ...(other === undefined ? {} : { other }),
      ...(policy === undefined ? {} : { policy }),
    });
    it(`makes ${rule} wait instead of "${does}"`, () => {
      expect(verdictOn(situation(known)).says).to.equal(does);
      expect(verdictOn(situation('unknown')).says).to.equal(waits);
    });
  }

  it('of an inactive key makes the key that needs its place wait', () => {
    const key = { age: days(70) };
    expect(verdictOn({ key, other: { ...off, lastUsed: 'never' } }).says).to.equal('replace: due');
    expect(verdictOn({ key, other: { ...off, lastUsed: 'unknown' } }).says).to.equal(
      'wait: slot-in-recovery',
    );
  });

  it('of our replacement makes the key wait that it replaces', () => {
    const key = { age: days(100), lastUsed: days(35), notices: { deadline: { givenAgo: days(20) } } };
    expect(verdictOn({ key, other: heir }).says).to.equal('deactivate: moved');
    expect(verdictOn({ key, other: { ...heir, lastUsed: 'unknown' } }).says).to.equal(
      'wait: last-use-unknown',
    );
  });

  it('of a due key does not make the place of the other one needed', () => {
    const key = { age: days(58), lastUsed: 'never', notices: { unused: { givenAgo: days(12) } } } as const;
    expect(verdictOn({ key, other: { age: days(70) } }).says).to.equal('deactivate: unused');
    expect(verdictOn({ key, other: { age: days(70), lastUsed: 'unknown' } }).says).to.equal('keep: young');
  });

  it('of the key it replaces makes our unused replacement wait', () => {
    const key = {
      ...heir,
      age: days(120),
      deliveredAgo: days(115),
      replacementOf: OTHER,
      lastUsed: days(112),
      notices: { unused: { givenAgo: days(20) } },
    } as const;
    expect(verdictOn({ key, other: { age: days(200), lastUsed: days(95) } }).says).to.equal(
      'deactivate: unused',
    );
    expect(verdictOn({ key, other: { age: days(200), lastUsed: 'unknown' } }).says).to.equal(
      'wait: replacement-not-adopted',
    );
  });
});
