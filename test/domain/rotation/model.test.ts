import { expect } from 'chai';
import type { HabitName } from '../../support/habits.ts';
import { brokenIn, cutOffsIn, describeFigures, groundsIn, having } from './model/figures.ts';
import { liveAll, type Circumstances } from './model/life.ts';
import type { Life } from './model/world.ts';

/** Those that somebody must lose who has them: see the promises of docs/policy.md. */
const MAY_BE_CUT_OFF: Readonly<Partial<Record<HabitName, readonly string[]>>> = {
  'never moves a daily job': ['deadline'],
  'never moves a monthly job': ['deadline'],
  'never moves a quarterly job': ['deadline'],
  'has a tool that switches keys on': ['deadline'],
  // What no rule can see: a workload that runs seldom and shares its key with one that moved at once.
  'moves one of two jobs on one key': ['deadline', 'moved'],
  'two jobs on one key read, one seldom': ['deadline', 'moved'],
  // Its owner has switched the key off.
  'switches keys off and on': ['owner'],
};

/** Anybody else who was cut off, and by which rule. */
const unexpected = (lives: readonly Life[]) =>
  cutOffsIn(lives)
    .filter(({ habit, by }) => MAY_BE_CUT_OFF[habit]?.includes(by) !== true)
    .map(({ habit, by }) => `${habit}: ${by}`);

const blocked = (lives: readonly Life[]) => [
  ...new Set(lives.filter((one) => one.blocked).map(({ habitName }) => habitName)),
];

describe('4,000 lives of 900 days, runs daily, weekly or monthly, some missed', function () {
  const figures: string[] = [];
  const live = (title: string, seed: number, count: number, circumstances?: Circumstances) => {
    const from = performance.now();
    const lives = liveAll(seed, count, circumstances);
    figures.push(describeFigures(title, lives, performance.now() - from));
    return lives;
  };
  after(() => process.stdout.write(`${figures.join('\n')}\n`));

  describe('in ordinary times', () => {
    let lives: readonly Life[];
    before(() => (lives = live('in ordinary times', 1, 2_000)));

    it('keep every promise', () => expect(brokenIn(lives)).to.deep.equal([]));

    it('cut off nobody but who never moves, or shares a key with who moved before', () =>
      expect(unexpected(lives)).to.deep.equal([]));

    it('see nobody without a deadline who never moves', () => {
      for (const { cutOffs } of having(lives, 'never moves a daily job', 'never moves a monthly job'))
        expect(cutOffs).to.not.be.empty;
    });

    it('lose the keys that nobody uses', () => {
      for (const { done } of having(lives, 'has a key nobody uses'))
        expect(done).to.include({ deactivate: 1, delete: 1 }).and.not.have.property('replace');
    });

    it('switch keys off by three rules and no other', () =>
      expect(groundsIn(lives)).to.have.all.keys('moved', 'deadline', 'unused'));

    it('leave to a person two keys in use, and keys that something switches on again and again', () =>
      expect(blocked(lives)).to.include.members([
        'works on two keys',
        'works on two keys, on one seldom',
        'has a tool that switches keys on',
      ]));
  });

  describe('in rough times', () => {
    let lives: readonly Life[];
    before(() => (lives = live('in rough times', 2, 2_000, { rough: true })));

    it('keep every promise', () => expect(brokenIn(lives)).to.deep.equal([]));

    it('cut off nobody else', () => expect(unexpected(lives)).to.deep.equal([]));
  });
});
