import { expect } from 'chai';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { removeLostKey } from '../../../src/run/recovery/recover-replacement.ts';
import { T0 } from '../../support/builders.ts';
import { OLD, openIntents } from '../rotation/ann.ts';
import { ENDED, INTENT, leftovers, LOST, STARTED, type Leftovers } from './leftovers.ts';

describe('a lost key', () => {
  it('is never one whose secret consumers read already', async () => {
    const work = await leftovers();
    work.appeared(STARTED);
    await work.promoted();
    expect(await removeLostKey(INTENT, work.user(), work.context)).to.equal('not-ours');
    expect(work.iam.key(LOST).status).to.equal('active');
  });
});

describe('recovering a replacement leaves alone, and reports, a key', () => {
  const cases: readonly (readonly [string, (work: Leftovers) => unknown])[] = [
    ['created before the intent', ({ appeared }) => appeared(STARTED - 2 * MINUTE - SECOND)],
    ['created after the lease had ended', ({ appeared }) => appeared(ENDED + SECOND)],
    ['created a day later', ({ appeared }) => appeared(T0)],
    [
      'that somebody has used',
      ({ appeared, iam }) => {
        appeared(STARTED);
        iam.use(LOST);
      },
    ],
    [
      'that somebody has switched off',
      ({ appeared, iam }) => {
        appeared(STARTED);
        iam.switchKey(LOST, 'inactive');
      },
    ],
    [
      'that consumers read and somebody has switched off',
      async ({ appeared, promoted, iam }) => {
        appeared(STARTED);
        await promoted();
        iam.switchKey(LOST, 'inactive');
      },
    ],
    [
      'that is not the only new one',
      ({ appeared, iam }) => {
        iam.removeKey(OLD);
        appeared(STARTED);
        appeared(STARTED, 'AKIAHERS');
      },
    ],
  ];
  for (const [which, happens] of cases) {
    it(which, async () => {
      const work = await leftovers();
      await happens(work);
      const before = structuredClone(work.iam.keysOf('ann'));
      const finding = await work.recover();
      expect(finding).to.include({ severity: 'critical' });
      expect(finding?.message).to.include(LOST).and.include('run-0');
      expect(finding?.nextStep).to.be.a('string');
      expect(work.iam.keysOf('ann')).to.deep.equal(before);
      expect(openIntents(work, work)).to.deep.equal([]);
    });
  }

  it('naming each of them', async () => {
    const work = await leftovers();
    work.iam.removeKey(OLD);
    work.appeared(STARTED);
    work.appeared(STARTED, 'AKIAHERS');
    expect((await work.recover())?.message).to.include(`${LOST} and AKIAHERS`);
  });
});
