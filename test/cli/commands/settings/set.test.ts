import { expect } from 'chai';
import { dynamoHistory } from '../../../../src/aws/table/history.ts';
import { emulatorForThisFile } from '../../../support/world.ts';
import { APP, problemsIn, settingsWorld, type SettingsWorld } from './world.ts';

const HERE = ['--account', APP];

describe('settings set and unset', () => {
  const emulator = emulatorForThisFile();
  let there: SettingsWorld;
  beforeEach(async () => {
    there = await settingsWorld(
      emulator(),
      ['svc-a', 'svc-b', 'a'].map((userName) => ({ userName, keys: [] })),
    );
  });
  const set = (...words: readonly string[]) => there.settings(['set', ...words, '--yes']);
  const done = async (...words: readonly string[]) => {
    const { code, stderr } = await set(...words);
    expect(code, stderr).to.equal(0);
  };
  const history = async (of: string) =>
    (await dynamoHistory(there.world.aws, there.world.organization.tableName).of(of)).entries.map(
      ({ what, reason, message, userName }) => [what, reason, message, userName],
    );

  it('sets each kind of value for each kind of target', async () => {
    const unit = there.ous['Workloads/App'] ?? '';
    await done('unusedAfter', 'off', '--organization');
    await done('maxDeletions', '10%', '--ou', unit);
    await done('maxDeactivations', '3', '--ou', unit);
    await done('rotateAfter', '45.5', ...HERE);
    await done('owner', '12345', ...HERE);
    await done('includeUsers', 'svc-*', 'path:/service/', ...HERE);
    await done('secretReplicaRegions', 'eu-west-1', ...HERE);
    await done('secretReaders', 'arn:aws:iam::111122223333:role/reader', ...HERE);
    await done('maxReplacements', '20', ...HERE);
    await done('removeOrphanedSecrets', 'true', '--organization');
    await done('maxDeadlineDeactivations', '0', '--organization');
    await done('noticesBy', 'events', '--ou', unit);
    await done('whenStillInUse', 'wait', ...HERE, '--user', 'svc-a');
    await done(
      'exemption',
      ...HERE,
      '--user',
      'svc-b',
      '--owner',
      'Ann',
      '--reason',
      'moves',
      '--until',
      '2026-03-31',
    );
    expect(await there.rows()).to.deep.equal({
      organization: { unusedAfter: 'off', removeOrphanedSecrets: true, maxDeadlineDeactivations: 0 },
      [`ou#${unit}`]: { maxDeletions: '10%', maxDeactivations: 3, noticesBy: 'events' },
      [`account#${APP}`]: {
        rotateAfter: 45.5,
        owner: '12345',
        includeUsers: ['name:svc-*', 'path:/service/'],
        secretReplicaRegions: ['eu-west-1'],
        secretReaders: ['arn:aws:iam::111122223333:role/reader'],
        maxReplacements: 20,
      },
      [`user#${APP}#svc-a`]: { whenStillInUse: 'wait' },
      [`user#${APP}#svc-b`]: { exemption: { owner: 'Ann', reason: 'moves', until: '2026-03-31' } },
    });
  });

  it('takes settings away again, and the row with the last one', async () => {
    await done('rotateAfter', '45', ...HERE);
    await done('owner', 'x', ...HERE, '--final');
    const { stderr } = await there.settings(['unset', 'owner', ...HERE, '--yes']);
    expect(stderr).to.equal(`account ${APP} changed\n  owner: x -> not set\n  final: owner -> not set\n`);
    expect(await there.rows()).to.deep.equal({ [`account#${APP}`]: { rotateAfter: 45 } });
    await there.settings(['unset', 'rotateAfter', ...HERE, '--yes']);
    expect(await there.rows()).to.deep.equal({});
  });

  it('shows old and new, asks, and goes by the answer', async () => {
    await done('rotateAfter', '45', ...HERE);
    const change = `account ${APP} changed\n  rotateAfter: 45 -> 30\n`;
    const words = ['set', 'rotateAfter', '30', ...HERE];
    const no = await there.settings(words, { answer: 'n' });
    expect([no.code, no.stdout, no.stderr]).to.deep.equal([
      1,
      '',
      `${change}Go on? [y/N] Nothing was changed.\n`,
    ]);
    expect(await there.rows()).to.deep.equal({ [`account#${APP}`]: { rotateAfter: 45 } });
    const nobody = await there.settings(words);
    expect([nobody.code, problemsIn(nobody.stderr)]).to.deep.equal([
      2,
      ['--yes: must be given where nobody can be asked: stdin is not a terminal'],
    ]);
    const yes = await there.settings(words, { answer: 'y' });
    expect([yes.code, yes.stdout, yes.stderr]).to.deep.equal([0, 'Changed.\n', `${change}Go on? [y/N] `]);
    expect(await there.rows()).to.deep.equal({ [`account#${APP}`]: { rotateAfter: 30 } });
  });

  it('has nothing to ask where nothing changes', async () => {
    await done('rotateAfter', '45', ...HERE);
    const { code, stdout, stderr } = await there.settings(['set', 'rotateAfter', '45', ...HERE]);
    expect([code, stdout, stderr]).to.deep.equal([0, 'Nothing to change.\n', '']);
  });

  it('prints what was changed as JSON', async () => {
    const { stdout } = await there.settings(['set', 'includeUsers', 'svc-*', ...HERE, '--yes', '--json']);
    expect(JSON.parse(stdout)).to.deep.equal({
      schemaVersion: 1,
      changed: true,
      changes: [
        {
          row: `account#${APP}`,
          target: { level: 'account', accountId: APP },
          change: 'added',
          settings: [{ name: 'includeUsers', to: ['name:svc-*'] }],
        },
      ],
      matches: [`name:svc-* matches 2 of 3 users in account ${APP}.`],
      warnings: [],
    });
  });

  it('leaves a trace of each change, with old and new, where people look for it', async () => {
    await done('rotateAfter', '45', '--organization');
    await done('rotateAfter', '50', '--organization', '--final');
    await done('unusedAfter', 'off', ...HERE, '--user', 'svc-a');
    expect(await history('organization')).to.deep.equal([
      [
        'settings-changed',
        'rotateAfter, final',
        'Settings of the organization changed: rotateAfter: 45 -> 50; final: not set -> rotateAfter',
        undefined,
      ],
      [
        'settings-changed',
        'rotateAfter',
        'Settings of the organization added: rotateAfter: not set -> 45',
        undefined,
      ],
    ]);
    expect(await history(APP)).to.deep.equal([
      [
        'settings-changed',
        'unusedAfter',
        `Settings of user svc-a of account ${APP} added: unusedAfter: not set -> off`,
        'svc-a',
      ],
    ]);
  });

  it('shows of lists only what is new in them and what is gone', async () => {
    const messages = async () => (await history(APP)).map(([, , message]) => message);
    await done('includeUsers', 'a', 'b', 'c', ...HERE);
    const { stderr } = await set('includeUsers', 'c', 'd', 'e', 'a', ...HERE);
    const change = 'includeUsers: added name:d, name:e; removed name:b';
    expect(stderr.slice(stderr.indexOf('account'))).to.include(`account ${APP} changed\n  ${change}\n`);
    expect((await messages())[0]).to.equal(`Settings of account ${APP} changed: ${change}`);
    await done('includeUsers', 'a', 'c', 'd', 'e', ...HERE);
    expect((await messages())[0]).to.equal(
      `Settings of account ${APP} changed: includeUsers: in another order`,
    );
  });

  it('leaves a trace of the largest change, cut to what the history takes', async () => {
    const many = Array.from({ length: 4000 }, (_, index) => `svc-${index}-${'x'.repeat(50)}`);
    await done('includeUsers', ...many, ...HERE);
    const [entry] = await history(APP);
    expect(entry?.[2]).to.have.length(10_000);
    expect(entry?.[2])
      .to.match(/^Settings of account \d+ added: includeUsers: not set -> name:svc-0-x/)
      .and.to.match(/ \.\.\. \(cut: \d{6} characters in full\)$/);
    await done('includeUsers', ...many, 'one-more', ...HERE);
    expect((await history(APP))[0]?.[2]).to.equal(
      `Settings of account ${APP} changed: includeUsers: added name:one-more`,
    );
  });

  it('makes final what is set elsewhere, and forbids what is set below only', async () => {
    await done('exemption', '--organization', '--final');
    const { code, stderr } = await set(
      'exemption',
      ...HERE,
      '--user',
      'a',
      '--owner',
      'x',
      '--reason',
      'y',
      '--until',
      '2026-03-01',
    );
    expect([code, problemsIn(stderr)]).to.deep.equal([
      2,
      [
        `user a of account ${APP}: exemption: user a of account ${APP} sets until 2026-03-01 (x: y), but the organization sets nothing as final; leave it out of user a of account ${APP}, or make it no longer final`,
      ],
    ]);
  });

  for (const command of ['show', 'list', 'set', 'unset', 'import', 'export']) {
    it(`is explained with an example, as all of settings: ${command}`, async () => {
      const { code, stdout, stderr } = await there.settings([command, '--help']);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(new RegExp(`Examples?:\\n  access-key-rotation settings ${command}`));
      expect(stdout).to.contain('--json');
    });
  }
});
