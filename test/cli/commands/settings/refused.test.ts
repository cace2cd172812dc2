import { expect } from 'chai';
import { emulatorForThisFile } from '../../../support/world.ts';
import { APP, DATA, problemsIn, settingsWorld, type SettingsWorld } from './world.ts';

const HERE = ['--account', APP];

describe('settings set', () => {
  const emulator = emulatorForThisFile();
  let there: SettingsWorld;
  beforeEach(async () => {
    there = await settingsWorld(emulator());
  });
  const set = (...words: readonly string[]) => there.settings(['set', ...words, '--yes']);

  const LINES: readonly (readonly [string, readonly string[], RegExp | string])[] = [
    [
      'an unknown name',
      ['rotateAftr', '45', ...HERE],
      'rotateAftr: no such setting; did you mean rotateAfter?',
    ],
    ['a wrong unit', ['rotateAfter', '45d', ...HERE], /rotateAfter: must be .+, without a unit, not "45d"$/],
    ['no value', ['rotateAfter', ...HERE], 'rotateAfter: needs a number of days above 0, at most 3650'],
    ['two values', ['rotateAfter', '1', '2', ...HERE], 'rotateAfter: takes one value, not 2'],
    [
      'a wrong selector',
      ['includeUsers', 'svc-*', 'role:x', ...HERE],
      /includeUsers\.1: must be like name:svc-\*/,
    ],
    [
      'thresholds out of order',
      ['rotateAfter', '85', ...HERE],
      /deactivateAfter \(default\): must be more than rotateAfter \(85 days\), not 80$/,
    ],
    [
      'a mode for a user',
      ['mode', 'audit', ...HERE, '--user', 'a'],
      /mode: can't be set for a user; only for the organization/,
    ],
    [
      'a limit of the organization for an account',
      ['maxDeadlineDeactivations', '5', ...HERE],
      /maxDeadlineDeactivations: can't be set for an account; only for the organization$/,
    ],
    [
      'yes instead of true',
      ['removeOrphanedSecrets', 'yes', ...HERE],
      /removeOrphanedSecrets: must be true or false, not "yes"$/,
    ],
    ['no target', ['rotateAfter', '45'], 'say for whom, with one of --organization, --ou and --account'],
    [
      'two targets',
      ['rotateAfter', '45', '--organization', ...HERE],
      'say for whom, with one of --organization, --ou and --account',
    ],
    [
      'a user without an account',
      ['rotateAfter', '45', '--organization', '--user', 'a'],
      '--user: needs --account: whose user is it?',
    ],
    [
      'a bad account id',
      ['rotateAfter', '45', '--account', '12'],
      '--account: must be an account id of twelve digits, not "12"',
    ],
    [
      'a bad unit',
      ['rotateAfter', '45', '--ou', 'Prod'],
      '--ou: must be the id of an organizational unit, like ou-ab12-34cd56ef, not "Prod"',
    ],
    [
      'a bad user',
      ['rotateAfter', '45', ...HERE, '--user', 'a/b'],
      '--user: must be the name of an IAM user, without its path, not "a/b"',
    ],
    [
      'an account that is not there',
      ['rotateAfter', '45', '--account', '999999999999'],
      'account 999999999999: the organization has no such account',
    ],
    [
      'a unit that is not there',
      ['rotateAfter', '45', '--ou', 'ou-ab12-34cd56ef'],
      'organizational unit ou-ab12-34cd56ef: the organization has no such unit',
    ],
    [
      'an exemption without a reason',
      ['exemption', ...HERE, '--user', 'a', '--owner', 'x', '--until', '2026-03-01'],
      /exemption\.reason: is missing/,
    ],
    [
      'an exemption for two years',
      ['exemption', ...HERE, '--user', 'a', '--owner', 'x', '--reason', 'y', '--until', '2028-01-05'],
      /exemption\.until: must be at most a year \(366 days\) from now, 2027-01-06/,
    ],
    [
      'an exemption that has ended',
      ['exemption', ...HERE, '--user', 'a', '--owner', 'x', '--reason', 'y', '--until', '2026-01-05'],
      /exemption\.until: must be after now/,
    ],
    [
      'an exemption with nothing',
      ['exemption', ...HERE, '--user', 'a'],
      'exemption: needs --owner, --reason and --until',
    ],
    [
      'an exemption with a value',
      ['exemption', 'x', ...HERE, '--user', 'a', '--owner', 'x'],
      'exemption: is said with --owner, --reason and --until alone',
    ],
    ['a list of exemptions', ['exemptions', 'x', ...HERE], /^exemptions: come by file \(settings import\)/],
    [
      'a reason for something else',
      ['owner', 'x', ...HERE, '--reason', 'y'],
      '--reason: belongs to an exemption only, not to owner',
    ],
    ['final for a user', ['owner', 'x', ...HERE, '--user', 'a', '--final'], /final: can't be set for a user/],
  ];
  for (const [title, words, problem] of LINES) {
    it(`is refused with ${title}; nothing is changed`, async () => {
      const { code, stdout, stderr } = await set(...words);
      const [first = '', ...more] = problemsIn(stderr);
      expect([code, stdout, more]).to.deep.equal([2, '', []]);
      if (typeof problem === 'string') expect(first).to.equal(problem);
      else expect(first).to.match(problem);
      expect(await there.rows()).to.deep.equal({});
    });
  }

  it('needs the table', async () => {
    const { code, stderr } = await there.settings(['set', 'owner', 'x', ...HERE], {
      environment: { ROTATION_TABLE_NAME: '' },
    });
    expect([code, problemsIn(stderr)]).to.deep.equal([
      2,
      ['ROTATION_TABLE_NAME: must be set: the settings are in that table'],
    ]);
  });

  describe('beside rows that are wrong', () => {
    beforeEach(async () => {
      await there.putItem(`account#${APP}`, { values: { rotateAfter: '60d', owner: 'x' } });
      await there.putItem(`account#${DATA}`, { values: { rotateAftr: 60 } });
    });

    it('corrects one, and warns of the other', async () => {
      const { code, stderr } = await set('rotateAfter', '60', ...HERE);
      expect(code).to.equal(0);
      expect(stderr).to.equal(
        `Wrong before, and after it still: the settings can't be used: account ${DATA}: rotateAftr: no such setting; did you mean rotateAfter?\n` +
          `account ${APP} changed\n  rotateAfter: 60d -> 60\n`,
      );
      const unset = await there.settings(['unset', 'rotateAftr', '--account', DATA, '--yes']);
      expect([unset.code, unset.stderr]).to.deep.equal([
        0,
        `account ${DATA} removed\n  rotateAftr: 60 -> not set\n`,
      ]);
      expect((await there.settings(['list'])).code).to.equal(0);
    });

    it('is refused while the row stays wrong', async () => {
      const { code, stderr } = await set('owner', 'y', ...HERE);
      expect([code, problemsIn(stderr)[0]]).to.deep.equal([
        2,
        `account ${APP}: rotateAfter: must be a number of days above 0, at most 3650, without a unit, not "60d"`,
      ]);
    });
  });

  it('is refused by one who has read what another has changed meanwhile', async () => {
    // Both have read before either writes.
    await emulator().inject({ action: 'organizations:ListAccounts', kind: 'delay', delayMs: 300 });
    const slow = there.settings(['set', 'rotateAfter', '30', ...HERE], { answer: 'y' });
    const quick = there.settings(['set', 'rotateAfter', '40', ...HERE], { answer: 'y' });
    const ends = await Promise.all([slow, quick]);
    const [lost] = ends.filter(({ code }) => code === 1);
    expect(ends.map(({ code }) => code).sort()).to.deep.equal([0, 1]);
    expect(lost?.stderr).to.contain(
      'write the settings failed: somebody else changed the settings meanwhile\n  Next step: Run it again',
    );
  });
});
