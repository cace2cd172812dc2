import { expect } from 'chai';
import { toJsonStatus } from '../../../src/cli/output/status.ts';
import { days } from '../../../src/domain/time.ts';
import {
  accountSettings,
  decision,
  gap,
  held,
  key,
  rotatedAccount,
  T0,
  untouched,
} from '../../support/builders.ts';
import { cell } from './status-cells.ts';

describe('the status as JSON', () => {
  it('has all of it, with dates in ISO 8601', () => {
    const settings = accountSettings({ mode: 'no-delete' });
    const known = key({ replacementOf: 'AKIABEFORE', deliveredAgo: days(9), lastUsed: days(1) });
    const outcomes = [
      held(decision('delete', { owner: 'team-a', key: known, dueAt: T0 }), 'limit', 'the limit is 5'),
      untouched(
        decision('keep', {
          key: key({
            lastUsed: 'never',
            notices: { unused: { givenAgo: days(1), repeatedAgo: days(1), dateIn: days(9) } },
          }),
        }),
      ),
    ];
    const report = rotatedAccount({ settings, outcomes, gaps: [gap('gus')], uncovered: ['kim'] });
    expect(toJsonStatus(report, T0)).to.deep.equal({
      schemaVersion: 1,
      accountId: '111111111111',
      accountName: 'production',
      mode: 'no-delete',
      checkedAt: '2026-03-01T06:00:00.000Z',
      keys: [
        {
          userName: 'ann',
          owner: 'team-a',
          accessKeyId: 'AKIATHIS',
          status: 'active',
          createdAt: '2026-01-30T06:00:00.000Z',
          age: 30,
          lastUse: 'used',
          lastUsedAt: '2026-02-28T06:00:00.000Z',
          replacementOf: 'AKIABEFORE',
          deliveredAt: '2026-02-20T06:00:00.000Z',
          delivery: 'current',
          action: 'delete',
          reason: 'recovery-grace-over',
          message: 'An example of delete.',
          dueAt: '2026-03-01T06:00:00.000Z',
          heldBack: 'the limit is 5',
        },
        {
          userName: 'ann',
          accessKeyId: 'AKIATHIS',
          status: 'active',
          createdAt: '2026-01-30T06:00:00.000Z',
          age: 30,
          lastUse: 'never',
          noticedAt: '2026-02-28T06:00:00.000Z',
          notices: [
            {
              about: 'unused',
              date: '2026-03-10T06:00:00.000Z',
              firstAt: '2026-02-28T06:00:00.000Z',
              lastAt: '2026-02-28T06:00:00.000Z',
            },
          ],
          action: 'keep',
          reason: 'young',
          message: 'An example of keep.',
        },
      ],
      skipped: [
        {
          userName: 'gus',
          reason: 'unreadable',
          cause: 'iam:ListAccessKeys: not authorized',
          nextStep: 'Allow it in the member role.',
        },
      ],
      usersNotCovered: 1,
      findings: [],
    });
  });

  const NAME = 'access-key-rotation/ann';
  const ARN =
    'arn:aws:secretsmanager:eu-west-1:999999999999:secret:access-key-rotation/central/111111111111/ann-AbCdEf';
  for (const [where, expected] of [
    [NAME, { secretName: NAME }],
    [ARN, { secretArn: ARN }],
  ] as const) {
    it(`says where the secret of a key was delivered to: ${where.slice(0, 20)}`, () => {
      const found = key();
      const outcome = untouched(
        decision('keep', { key: { ...found, memory: { ...found.memory, secretName: where } } }),
      );
      const report = rotatedAccount({ outcomes: [outcome] });
      const [status] = toJsonStatus(report, T0).keys;
      expect(status).to.include(expected);
      expect(Object.keys(status ?? {}).filter((name) => name.startsWith('secret'))).to.have.length(1);
      expect(cell(outcome, 3).replaceAll(' ', '')).to.equal(`secret${where}`);
    });
  }

  it('leaves out a date that no calendar has', () => {
    const odd = untouched(decision('wait', { dueAt: NaN }));
    expect(toJsonStatus(rotatedAccount({ outcomes: [odd] }), T0).keys[0]).not.to.have.property('dueAt');
  });

  it('says how far the owner of a replaced key has come, what used it last, and what is announced', () => {
    const outcome = untouched(
      decision('wait', {
        key: key({ usedBy: { service: 'ses', region: 'eu-west-1' } }),
        adoption: { replacementId: 'AKIANEW', state: 'adopted' },
        notice: { about: 'replaced', date: T0, inAnyCase: T0 + days(10) },
      }),
    );
    const [status] = toJsonStatus(rotatedAccount({ outcomes: [outcome] }), T0).keys;
    expect(status).to.deep.include({
      adoption: 'adopted',
      replacedBy: 'AKIANEW',
      lastUsedService: 'ses',
      lastUsedRegion: 'eu-west-1',
      notice: {
        about: 'replaced',
        date: '2026-03-01T06:00:00.000Z',
        inAnyCase: '2026-03-11T06:00:00.000Z',
      },
    });
  });
});
