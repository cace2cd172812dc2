import { expect } from 'chai';
import { lostReport, readLost } from '../../../src/run/map/lost-account.ts';

const account = { id: '111111111101', name: 'app', state: 'ACTIVE', ouPath: [] } as const;
const lambdaSays = (errorMessage: string) =>
  JSON.stringify({ errorType: 'OperationError', errorMessage, trace: ['at x'] });

describe('an account whose process left no report', () => {
  for (const [title, written, status, said] of [
    [
      'found no room',
      { Error: 'Lambda.TooManyRequestsException', Cause: 'Rate Exceeded.' },
      'not-started',
      'Lambda',
    ],
    [
      'threw',
      { Error: 'OperationError', Cause: lambdaSays('s3:PutObject: denied') },
      'unreachable',
      's3:PutObject: denied',
    ],
    ['ran out of time', { Error: 'Sandbox.Timedout', Cause: '' }, 'unreachable', 'Sandbox.Timedout'],
    ['was told of as text', '{"Error":"Runtime.ExitError","Cause":"killed"}', 'unreachable', 'killed'],
    ['forged lines', { Error: 'x', Cause: 'one\nALL IS WELL' }, 'unreachable', 'one ALL IS WELL'],
    ['is not told of', undefined, 'unreachable', 'nothing was left'],
    ['is told of in words that nobody knows', { error: 'x' }, 'unreachable', 'nothing was left'],
  ] as const) {
    it(`${title}: is ${status}, and says why`, () => {
      const report = lostReport(account, readLost(written), undefined);
      expect(report.status).to.equal(status);
      expect(JSON.stringify(report)).to.include(said);
      expect(JSON.stringify(report)).not.to.include('at x');
    });
  }
});
