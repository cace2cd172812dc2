import { expect } from 'chai';
import { lastFindings, lastRunFinished } from '../../../src/aws/doctor/metrics-of-runs.ts';
import { DAY } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { clientThat } from '../support.ts';

const METRIC = { namespace: 'AccessKeyRotation', service: 'access-key-rotation' };
/** CloudWatch gives them in no order. */
const points = (...days: readonly (readonly [ago: number, sum: number])[]) =>
  clientThat(() => ({
    Datapoints: days.map(([ago, value]) => ({
      Timestamp: new Date(T0 - ago * DAY),
      Sum: value,
      Minimum: value,
    })),
  }));

describe('what the metrics of runs tell', () => {
  for (const [title, days, run, findings] of [
    ['of none', [], undefined, undefined],
    [
      'of one that went well',
      [
        [7, 0],
        [8, 2],
      ],
      T0 - 8 * DAY,
      { day: T0 - 7 * DAY, failed: false },
    ],
    [
      'of several, in no order',
      [
        [14, 1],
        [7, 3],
        [21, 0],
      ],
      T0 - 7 * DAY,
      { day: T0 - 7 * DAY, failed: true },
    ],
  ] as const) {
    it(`${title}: when a run finished last, and whether findings were sent last`, async () => {
      expect(await lastRunFinished(points(...days), METRIC, T0, 60 * DAY)).to.equal(run);
      expect(await lastFindings(points(...days), METRIC, T0, 60 * DAY)).to.deep.equal(findings);
    });
  }
});
