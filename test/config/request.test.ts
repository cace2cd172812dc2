import { expect } from 'chai';
import { readRequest } from '../../src/config/request.ts';
import { problemsOfReading } from '../support/input-problems.ts';

const ALL = { accountIds: [], userNames: [] };
const ID = '111122223333';

const problemsOf = (input: unknown): readonly string[] => problemsOfReading(() => readRequest(input));

describe('a run is asked for', () => {
  const schedule = {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ID,
    time: '2026-01-05T06:00:00Z',
    region: 'eu-central-1',
    resources: ['arn:aws:events:eu-central-1:111122223333:rule/weekly'],
    detail: {},
  };
  for (const [title, event, expected] of [
    ['by nothing: everything', undefined, ALL],
    ['by null: everything', null, ALL],
    ['by an empty event: everything', {}, ALL],
    ["by EventBridge's own event: everything", schedule, ALL],
    ['with a mode', { mode: 'enforce' }, { ...ALL, mode: 'enforce' }],
    ['for accounts', { accountIds: [ID, '000000000001'] }, { ...ALL, accountIds: [ID, '000000000001'] }],
    ['for users', { userNames: ['ann', 'a+=,.@-_b'] }, { ...ALL, userNames: ['ann', 'a+=,.@-_b'] }],
    ['for a user of one account', { userNames: [`${ID}/ann`] }, { ...ALL, userNames: [`${ID}/ann`] }],
    ['for kinds of change', { only: ['replace', 'delete'] }, { ...ALL, only: ['replace', 'delete'] }],
    [
      'with everything',
      { mode: 'audit', accountIds: [ID], userNames: ['ann'], only: ['deactivate'] },
      { mode: 'audit', accountIds: [ID], userNames: ['ann'], only: ['deactivate'] },
    ],
  ] as const) {
    it(title, () => {
      expect(readRequest(event)).to.deep.equal(expected);
    });
  }
});

describe('an event is refused', () => {
  const LINES: readonly (readonly [title: string, event: unknown, problem: RegExp])[] = [
    ['that is a text', 'audit', /^the event must be an object, not "audit"$/],
    ['that is a number', 7, /^the event must be an object, not 7$/],
    ['that is a list', [], /^the event must be an object, not \[\]$/],
    ['with an unknown mode', { mode: 'Enforce' }, /^mode: must be one of audit, .+, not "Enforce"$/],
    ['with an empty mode', { mode: '' }, /^mode: must be one of audit, .+, not ""$/],
    ['with a mode that is null', { mode: null }, /^mode: must be one of audit, .+, not null$/],
    [
      'with one account that is no list',
      { accountIds: ID },
      /^accountIds: must be a list of account ids, not "1111/,
    ],
    [
      'with no account',
      { accountIds: [] },
      /^accountIds: must name an account, or be left out for all, not \[\]$/,
    ],
    [
      'with a short account id',
      { accountIds: [ID, '123'] },
      /^accountIds\.1: must be .+ twelve digits, not "123"$/,
    ],
    [
      'with an account id as a number',
      { accountIds: [111122223333] },
      /^accountIds\.0: .+, not 111122223333$/,
    ],
    ['with no user', { userNames: [] }, /^userNames: must name a user, or be left out for all, not \[\]$/],
    [
      'with one user that is no list',
      { userNames: 'ann' },
      /^userNames: must be a list of user names, not "ann"$/,
    ],
    [
      'with a path',
      { userNames: ['team/ann'] },
      /^userNames\.0: must be .+ without its path, or ACCOUNT\/NAME for one account, not "team\/ann"$/,
    ],
    ['with a long name', { userNames: ['x'.repeat(65)] }, /^userNames\.0: must be the name of an IAM user/],
    ['with an empty name', { userNames: [''] }, /^userNames\.0: must be the name of an IAM user.+, not ""$/],
    [
      'with a slip of the pen',
      { modes: 'audit' },
      /^modes: no such field; there are mode, accountIds, userNames and only$/,
    ],
    ['with a kind of change that there is not', { only: ['restore'] }, /^only\.0: must be one of replace, /],
    ['that only looks like EventBridge', { source: 'me' }, /^source: no such field/],
  ];
  for (const [title, event, problem] of LINES) {
    it(title, () => {
      const [first, ...more] = problemsOf(event);
      expect(first).to.match(problem);
      expect(more).to.deep.equal([]);
    });
  }

  it('with all its problems at once', () => {
    const names = problemsOf({ mode: 'x', accountIds: ['1', '2'], userNames: ['a b'], colour: 'red' }).map(
      (problem) => problem.split(':')[0],
    );
    expect(names).to.have.members(['mode', 'accountIds.0', 'accountIds.1', 'userNames.0', 'colour']);
  });
});
