import { expect } from 'chai';
import { validateSettings, plaintextTopics } from '../../../src/domain/settings/validate.ts';
import type {
  BadSettingsRow,
  SettingName,
  SettingsSnapshot,
  SettingsRow,
  SettingValues,
  Target,
} from '../../../src/domain/settings/setting.ts';
import { account, snapshotOf, TOPIC_ARN } from '../../support/builders.ts';

const A = account({ id: '111111111111', ouPath: ['r-1', 'ou-1', 'ou-2'] });
const B = account({ id: '222222222222', ouPath: ['r-1', 'ou-3'] });
const organization = { accounts: [A, B], ous: ['r-1', 'ou-1', 'ou-2', 'ou-3', 'ou-empty'] };

const ORGANIZATION: Target = { level: 'organization' };
const unit = (ouId: string): Target => ({ level: 'organizational-unit', ouId });
const inAccount = ({ id }: { readonly id: string }): Target => ({ level: 'account', accountId: id });
const ann = ({ id }: { readonly id: string }): Target => ({ level: 'user', accountId: id, userName: 'ann' });
const row = (
  target: Target,
  values: Partial<SettingValues>,
  final: readonly SettingName[] = [],
): SettingsRow => ({
  target,
  values,
  final,
});
const bookWith = (
  rows: readonly SettingsRow[],
  badRows: readonly BadSettingsRow[] = [],
): SettingsSnapshot => ({
  ...snapshotOf(),
  rows,
  badRows,
});
const problemsOf = (...rows: readonly SettingsRow[]) => validateSettings(bookWith(rows), organization);
const LATE = { rotateAfter: 85 };
const MORE = 'must be more than rotateAfter (85 days), not 80';

describe('settings as a whole', () => {
  it('are right where nothing is set, and where all fits', () => {
    expect(problemsOf()).to.deep.equal([]);
    const fits = { rotateAfter: 70 };
    expect(
      problemsOf(
        row(ORGANIZATION, fits),
        row(unit('ou-1'), fits),
        row(inAccount(A), fits),
        row(ann(B), fits),
      ),
    ).to.deep.equal([]);
  });

  for (const [title, target, whose] of [
    ['the organization', ORGANIZATION, 'the organization'],
    ['a unit', unit('ou-1'), 'organizational unit ou-1'],
    ['a unit without accounts', unit('ou-empty'), 'organizational unit ou-empty'],
    ['an account', inAccount(A), 'account 111111111111'],
    ['a user', ann(B), 'user ann of account 222222222222'],
  ] as const) {
    it(`are wrong once, where ${title} contradicts itself`, () => {
      expect(problemsOf(row(target, LATE))).to.deep.equal([`${whose}: deactivateAfter (default): ${MORE}`]);
    });
  }

  it('are wrong once, where a wide level is and narrow ones have rows too', () => {
    const rows = [
      row(ORGANIZATION, LATE),
      row(unit('ou-1'), { owner: 'x' }),
      row(inAccount(A), { owner: 'y' }),
      row(ann(A), { owner: 'z' }),
    ];
    expect(problemsOf(...rows)).to.deep.equal([`the organization: deactivateAfter (default): ${MORE}`]);
  });

  it('are wrong where levels contradict each other that are right by themselves', () => {
    const rows = [row(unit('ou-1'), { deactivateAfter: 65 }), row(inAccount(A), { rotateAfter: 70 })];
    expect(problemsOf(...rows)).to.deep.equal([
      'account 111111111111: deactivateAfter (organizational unit ou-1): must be more than rotateAfter (70 days), not 65',
    ]);
    // The other account is in another unit.
    expect(
      problemsOf(row(unit('ou-1'), { deactivateAfter: 65 }), row(inAccount(B), { rotateAfter: 70 })),
    ).to.deep.equal([]);
  });

  it('are wrong in a unit for accounts to come, even where all accounts have mended it', () => {
    const rows = [row(unit('ou-2'), LATE), row(inAccount(A), { rotateAfter: 60 })];
    expect(problemsOf(...rows)).to.deep.equal([
      `organizational unit ou-2: deactivateAfter (default): ${MORE}`,
    ]);
  });

  it('are looked at along the path of a unit', () => {
    const rows = [row(unit('ou-2'), { rotateAfter: 70 }), row(unit('r-1'), { deactivateAfter: 65 })];
    expect(problemsOf(...rows)).to.deep.equal([
      'organizational unit ou-2: deactivateAfter (organizational unit r-1): must be more than rotateAfter (70 days), not 65',
    ]);
  });

  it('are wrong where somebody sets what is final above', () => {
    const [problem, ...more] = problemsOf(
      row(unit('r-1'), { owner: 'x' }, ['owner']),
      row(ann(A), { owner: 'y' }),
    );
    expect(problem).to.match(
      /^user ann of account 111111111111: owner: user ann .+ sets y, but organizational unit r-1 sets x as final/,
    );
    expect(more).to.deep.equal([]);
  });

  it('are wrong where they are about what the organization does not have', () => {
    const gone = account({ id: '333333333333' });
    expect(problemsOf(row(inAccount(gone), {}), row(ann(gone), LATE), row(unit('ou-9'), {}))).to.deep.equal([
      'account 333333333333: the organization has no such account',
      'user ann of account 333333333333: the organization has no such account',
      'organizational unit ou-9: the organization has no such unit',
    ]);
  });

  it('are wrong where a row can not be used; what lies below is unknown', () => {
    const bad = (target?: Target) => ({ ...(target === undefined ? {} : { target }), message: 'wrong' });
    const rows = [row(inAccount(A), LATE), row(inAccount(B), LATE)];
    expect(validateSettings(bookWith(rows, [bad(unit('ou-3')), bad()]), organization)).to.deep.equal([
      'wrong',
      'wrong',
      `account 111111111111: deactivateAfter (default): ${MORE}`,
    ]);
  });

  it('are reported with all their problems at once', () => {
    const rows = [
      row(ORGANIZATION, { secretDelivery: 'central' }),
      row(inAccount(A), LATE),
      row(ann(B), LATE),
    ];
    expect(problemsOf(...rows).map((problem) => problem.split(':')[0])).to.deep.equal([
      'the organization',
      'account 111111111111',
      'user ann of account 222222222222',
    ]);
  });
});

describe('topics that secrets are published to', () => {
  const topics = (...rows: readonly SettingsRow[]) => plaintextTopics(bookWith(rows), organization);
  const plaintext = { secretDelivery: 'sns-plaintext' } as const;
  const OWN = `${TOPIC_ARN}-own`;
  it('are none by default', () => expect(topics()).to.deep.equal([]));
  it('are those of everyone whom it is set for', () => {
    expect(topics(row(unit('ou-1'), plaintext), row(inAccount(A), { topicArn: OWN }))).to.deep.equal([
      { whose: 'organizational unit ou-1', topicArn: TOPIC_ARN },
      { whose: 'account 111111111111', topicArn: OWN },
    ]);
  });
  it('are not those of others', () => {
    expect(topics(row(inAccount(A), plaintext), row(inAccount(B), { topicArn: OWN }))).to.deep.equal([
      { whose: 'account 111111111111', topicArn: TOPIC_ARN },
    ]);
  });
  it('are none where e-mail readers are confirmed, or where it is taken back', () => {
    expect(topics(row(inAccount(A), { ...plaintext, snsPlaintextToEmail: 'confirmed' }))).to.deep.equal([]);
    const rows = [row(unit('ou-2'), plaintext), row(inAccount(A), { secretDelivery: 'member' })];
    expect(topics(...rows).map(({ whose }) => whose)).to.deep.equal(['organizational unit ou-2']);
  });
});
