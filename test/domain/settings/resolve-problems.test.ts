import { expect } from 'chai';
import {
  DEFAULT_SETTINGS,
  LEVELS_OF,
  SETTING_NAMES,
  type SettingName,
  type SettingValues,
} from '../../../src/domain/settings/setting.ts';
import {
  describeLevels,
  wrongLevel,
  formatSetting,
  resolveSettings,
} from '../../../src/domain/settings/resolve.ts';
import { T0, TOPIC_ARN } from '../../support/builders.ts';
import { base, layer, MRK, problemsOf, rule, TWO } from './layers.ts';

describe('values that are right one by one contradict each other', () => {
  const account = (values: Partial<SettingValues>) => layer('account', values);
  const central = { secretDelivery: 'central' } as const;
  const regions = { secretReplicaRegions: ['eu-west-1'] };
  const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234-ab';
  const LINES: readonly (readonly [string, Partial<SettingValues>, readonly string[]])[] = [
    ['thresholds out of order', { rotateAfter: 85 }, ['deactivateAfter (default)']],
    [
      'all thresholds',
      { rotateAfter: 95, deactivateAfter: 94 },
      ['deactivateAfter (account)', 'deleteAfter (default)'],
    ],
    ['central without a key', central, ['secretKmsKeyId (not set)']],
    ['central with an alias', { ...central, secretKmsKeyId: 'alias/x' }, ['secretKmsKeyId (account)']],
    ['central with the id of a key', { ...central, secretKmsKeyId: '1234-ab' }, ['secretKmsKeyId (account)']],
    ['central with a key', { ...central, secretKmsKeyId: KEY }, []],
    ['replicas and a key of one region', { ...regions, secretKmsKeyId: KEY }, ['secretKmsKeyId (account)']],
    [
      'replicas and the id of such a key',
      { ...regions, secretKmsKeyId: '1234' },
      ['secretKmsKeyId (account)'],
    ],
    ['replicas and a multi-Region key', { ...regions, secretKmsKeyId: MRK }, []],
    ['replicas and the id of one', { ...regions, secretKmsKeyId: 'mrk-1' }, []],
    ['replicas and an alias', { ...regions, secretKmsKeyId: 'alias/x' }, []],
    ['replicas and the ARN of an alias', { ...regions, secretKmsKeyId: `${MRK.slice(0, 38)}:alias/x` }, []],
    ['replicas and no key', regions, []],
    ['central, replicas and a multi-Region key', { ...central, ...regions, secretKmsKeyId: MRK }, []],
  ];
  for (const [title, values, expected] of LINES) {
    it(`${title}: ${expected.length === 0 ? 'fine' : expected.join(', ')}`, () => {
      const found = problemsOf(account(values)).map((problem) => problem.split(': ')[0]);
      expect(found).to.deep.equal(expected);
    });
  }

  const tag = { by: 'tag', tag: 'Rotate', value: 'no' } as const;
  const group = { by: 'group', group: 'CI' } as const;
  const named = { by: 'name', pattern: 'svc-*' } as const;
  const rule = { users: [tag, group], owner: 'Ann', reason: 'moves', until: 1 };
  for (const [title, wide, narrow, expected] of [
    ['a tag', {}, { excludeUsers: [tag] }, ['excludeUsers']],
    ['a group', {}, { includeUsers: [named, group] }, ['includeUsers']],
    [
      'a tag that only another setting of the account names',
      {},
      { includeUsers: [tag], excludeUsers: [tag] },
      ['includeUsers', 'excludeUsers'],
    ],
    [
      'a tag that the organization excludes by',
      { excludeUsers: [{ by: 'tag', tag: 'rotate' }] },
      { excludeUsers: [tag] },
      [],
    ],
    [
      'a group that the organization includes by',
      { includeUsers: [{ by: 'group', group: 'ci' }] },
      { excludeUsers: [group] },
      [],
    ],
    ['a tag and a group that it exempts by', { exemptions: [rule] }, { excludeUsers: [tag, group] }, []],
    ['a name', {}, { excludeUsers: [named] }, []],
  ] as const) {
    it(`an account that leaves users out by ${title}: ${expected.length === 0 ? 'fine' : 'refused'}`, () => {
      for (const level of ['account', 'organizational-unit'] as const) {
        const layers = [
          layer('default', DEFAULT_SETTINGS),
          layer('organization', wide),
          layer(level, narrow),
        ];
        const resolved = resolveSettings(layers);
        const problems = resolved.kind === 'failed' ? resolved.problems : [];
        expect(problems.map((problem) => problem.split(': ')[0])).to.deep.equal(expected);
      }
      expect(
        resolveSettings([layer('default', DEFAULT_SETTINGS), layer('organization', narrow)]).kind,
      ).to.equal('ok');
    });
  }

  it('a mode that changes something needs a topic', () => {
    const layers = [layer('default', DEFAULT_SETTINGS), account({ mode: 'replace-only' })];
    expect(resolveSettings(layers)).to.deep.include({ kind: 'failed' });
    expect(resolveSettings([...layers, layer('account', { topicArn: TOPIC_ARN })]).kind).to.equal('ok');
    // What this run does at most is what counts.
    expect(resolveSettings(layers, 'audit').kind).to.equal('ok');
  });

  it('all of them are reported at once, but none beside what is final', () => {
    const wrong = { rotateAfter: 85, ...central };
    expect(problemsOf(account(wrong))).to.have.length(2);
    const final = layer('organization', { rotateAfter: 50 }, ['rotateAfter']);
    expect(problemsOf(final, account(wrong))).to.have.length(1);
  });
});

describe('what one run may do at most', () => {
  for (const [mode, cap, expected, source] of [
    ['enforce', 'audit', 'audit', 'this run'],
    ['enforce', 'no-delete', 'no-delete', 'this run'],
    ['enforce', 'enforce', 'enforce', 'account'],
    ['audit', 'enforce', 'audit', 'account'],
    ['replace-only', 'no-delete', 'replace-only', 'account'],
  ] as const) {
    it(`${cap} makes ${mode} ${expected}`, () => {
      const resolved = resolveSettings([base, layer('account', { mode })], cap);
      if (resolved.kind === 'failed') throw new Error('not resolved');
      expect(resolved.value.values.mode).to.equal(expected);
      expect(resolved.value.sources.mode).to.equal(source);
    });
  }
});

describe('a setting is set at the wrong level', () => {
  const at = (
    values: Partial<SettingValues>,
    level: Parameters<typeof wrongLevel>[1],
    final: SettingName[] = [],
  ) => wrongLevel({ values, final }, level);
  it('where it makes no sense', () => {
    expect(at({ mode: 'audit' }, 'user')).to.deep.equal([
      "mode: can't be set for a user; only for the organization, an organizational unit, an account",
    ]);
    expect(at({ exemption: rule('x') }, 'organization')).to.deep.equal([
      "exemption: can't be set for the organization; only for a user",
    ]);
  });
  it('nowhere else', () => {
    for (const name of SETTING_NAMES) {
      for (const level of ['organization', 'organizational-unit', 'account', 'user'] as const) {
        expect(at({ [name]: TWO[name][0] }, level)).to.have.length(LEVELS_OF[name].includes(level) ? 0 : 1);
      }
    }
  });
  it('not by being final, unless it is set as well', () => {
    expect(at({}, 'organization', ['exemption'])).to.deep.equal([]);
    expect(at({ exemption: rule('x') }, 'account', ['exemption'])).to.have.length(1);
  });
});

describe('settings in words', () => {
  for (const [value, words] of [
    [undefined, 'nothing'],
    [40.5, '40.5'],
    ['off', 'off'],
    [{ count: 3 }, '3'],
    [{ share: 0.25, atLeast: 5 }, '25%'],
    [[], 'none'],
    [['eu-west-1', 'us-east-1'], 'eu-west-1, us-east-1'],
    [
      [
        { by: 'name', pattern: 'svc-*' },
        { by: 'tag', tag: 'a', value: 'b' },
      ],
      'name:svc-*, tag:a=b',
    ],
    [{ owner: 'Ann', reason: 'moves', until: T0 }, 'until 2026-03-01 (Ann: moves)'],
    [[rule('x', 0)], 'name:x until 2026-03-01 (Ann: moves)'],
  ] as const) {
    it(words, () => expect(formatSetting(value)).to.equal(words));
  }
  it('for whom they can be set', () => {
    expect(describeLevels('owner')).to.equal('the organization, an organizational unit, an account, a user');
  });
});
