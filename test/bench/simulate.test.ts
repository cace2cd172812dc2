import { expect } from 'chai';
import { RATES } from '../../bench/map/quotas.ts';
import { monthly, simulate, type MapRun } from '../../bench/map/simulate.ts';

const run = (changes: Partial<MapRun> = {}): MapRun => ({
  ...{
    accounts: 200,
    atATime: 100,
    due: 1,
    seconds: () => 5,
    coldStart: 1,
    delivery: 'member',
    topics: 'own',
  },
  ...changes,
});

describe('The simulation of a run by map', () => {
  it('takes as long as its accounts do one group after the other, listing and reading reports included', () => {
    // 10 pages at 5 a second; 1 + 5 s for new environments, 5 s for warm ones; 200 reports at 200 a second.
    expect(simulate(run()).seconds).to.be.closeTo(2 + 6 + 5 + 1, 0.5);
  });

  it('pays functions for their seconds, the start of a new environment included', () => {
    expect(simulate(run()).functionSeconds).to.be.closeTo(100 * 6 + 100 * 5, 30);
  });

  const held: readonly (readonly [string, Partial<MapRun>, string])[] = [
    ['the setting', {}, 'accounts at a time'],
    ['Lambda', { accounts: 3_000, atATime: 2_000, lambdaConcurrency: 500 }, 'Lambda concurrency'],
    ['nothing, where all fit', { accounts: 50 }, 'none'],
    [
      'starts of children',
      { atATime: 200, rates: { ...RATES, 'child starts': { burst: 1, perSecond: 10 } } },
      'child starts',
    ],
    [
      'new environments',
      { atATime: 200, rates: { ...RATES, 'new environments': { burst: 1, perSecond: 10 } } },
      'new environments',
    ],
    ['STS', { atATime: 200, rates: { ...RATES, STS: { burst: 2, perSecond: 10 } } }, 'STS'],
    ['SNS', { atATime: 200, rates: { ...RATES, SNS: { burst: 1, perSecond: 5 } } }, 'SNS'],
    ['one topic for all', { accounts: 1_000, topics: 'one' }, 'one topic'],
    ['central secrets', { accounts: 2_000, atATime: 1_000, delivery: 'central' }, 'Secrets Manager'],
  ];
  for (const [what, changes, bottleneck] of held) {
    it(`says what holds it up: ${what}`, () => {
      expect(simulate(run(changes)).bottleneck).to.equal(bottleneck);
    });
  }

  it('keeps to a rate: with ten tokens a second, two hundred accounts take twenty seconds', () => {
    const rates = { ...RATES, SNS: { burst: 1, perSecond: 10 } };
    const { seconds } = simulate(run({ atATime: 200, rates }));
    expect(seconds).to.be.closeTo(2 + 6 + 20 + 1, 0.5);
  });

  it('publishes nothing, and waits for no SNS, where nothing is due', () => {
    const rates = { ...RATES, SNS: { burst: 1, perSecond: 1 } };
    const { bottleneck, seconds } = simulate(run({ accounts: 100, due: 0, rates }));
    expect(bottleneck).to.equal('none');
    expect(seconds).to.be.closeTo(1 + 6 + 0.5, 0.5);
  });

  it('costs twice as much for twice as many accounts', () => {
    const costOf = (accounts: number) => {
      const one = run({ accounts, atATime: 10_000, coldStart: 0 });
      return monthly(one, simulate(one));
    };
    expect(costOf(200) / costOf(100)).to.be.closeTo(2, 0.01);
    // 52/12 runs of 100 accounts: 5 s of half a GB, 2 transitions, a call, 2 puts, 9 writes and an e-mail.
    const each = 5.05 * 0.5 * 0.0000133 + 2 * 0.000025 + 0.2e-6 + 2 * 0.000005 + 9 * 0.63e-6 + 0.00002;
    expect(costOf(100)).to.be.closeTo((52 / 12) * 100 * each, 0.002);
  });
});
