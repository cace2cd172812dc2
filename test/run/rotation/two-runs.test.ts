import { expect } from 'chai';
import fc from 'fast-check';
import * as sinon from 'sinon';
import { SECOND } from '../../../src/domain/time.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';
import type { Around } from '../../support/memory/intercept.ts';
import { annsReplacement, CIRCUMSTANCES } from './replacement.ts';

describe('two runs at once', () => {
  it('make nothing twice and do no harm, however their calls fall', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...CIRCUMSTANCES),
        async (scheduler, circumstances) => {
          const replacement = annsReplacement(circumstances);
          const { go, member } = replacement;
          const create = sinon.spy(member.session.writer, 'create');
          const one = go(oneCallAtATime(scheduler, 'one'));
          const two = go(oneCallAtATime(scheduler, 'two'));
          const [first, second] = await scheduler.waitFor(Promise.all([one, two]));
          expect([first.status, second.status]).to.include('rotated');
          sinon.assert.calledOnce(create);
          expect(replacement.brokenInTheEnd()).to.deep.equal([]);
        },
      ),
      { numRuns: 200 },
    ));

  it('make nothing twice even while a new key is missing from lists', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...CIRCUMSTANCES),
        async (scheduler, circumstances) => {
          const replacement = annsReplacement(circumstances);
          const { go, goLater, member } = replacement;
          member.iam.lags.newKeyIsListed = 5 * SECOND;
          const runs = [go(oneCallAtATime(scheduler, 'one')), go(oneCallAtATime(scheduler, 'two'))];
          await scheduler.waitFor(Promise.all(runs));
          expect(replacement.brokenNow()).to.deep.equal([]);
          await goLater();
          expect(replacement.brokenInTheEnd()).to.deep.equal([]);
        },
      ),
      { numRuns: 200 },
    ));

  it('are told apart: the second says which run has the account, and until when', async () => {
    const replacement = annsReplacement({ consumers: 'none yet', secondPlace: 'free', useIsTold: 'at once' });
    const { member, run } = replacement;
    const reports: unknown[] = [];
    const around: Around = async ({ name }, proceed) => {
      if (name === 'writer.create') reports.push(await rotateAccount(member.account, run()));
      return await proceed();
    };
    await replacement.go(around);
    expect(reports).to.deep.equal([
      {
        status: 'skipped',
        account: member.account,
        cause: 'run run-1 is working on it (until 2026-03-01T06:10:00.000Z at the latest)',
        isHeld: true,
      },
    ]);
  });
});

const oneCallAtATime =
  (scheduler: fc.Scheduler, run: string): Around =>
  async ({ name }, proceed) => {
    await scheduler.schedule(Promise.resolve(), `${run}: ${name}`);
    return await proceed();
  };
