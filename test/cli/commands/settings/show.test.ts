import { expect } from 'chai';
import { SubscribeCommand, SNSClient } from '@aws-sdk/client-sns';
import { emulatorForThisFile, userWithKey } from '../../../support/world.ts';
import { APP, DATA, problemsIn, settingsWorld, type SettingsWorld } from './world.ts';

const USERS = [
  { ...userWithKey('svc-a', { age: 5 }), path: '/service/', tags: { owner: 'Bob' }, groups: ['ci'] },
  userWithKey('ann', { age: 5 }),
];
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234-ab';

interface ShownJson {
  readonly settings?: Readonly<Record<string, { readonly value: unknown; readonly source: string }>>;
  readonly covered?: boolean;
  readonly why?: string;
  readonly owner?: string;
  readonly exemption?: object;
  readonly central?: object;
  readonly failure?: { readonly message: string };
}

describe('settings show', () => {
  const emulator = emulatorForThisFile();
  let there: SettingsWorld;
  beforeEach(async () => {
    there = await settingsWorld(emulator(), USERS);
  });
  const set = async (...words: readonly string[]) => {
    const { code, stderr } = await there.settings(['set', ...words, '--yes']);
    expect(code, stderr).to.equal(0);
  };
  const show = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await there.settings(['show', '--json', ...words]);
    expect(stderr).to.equal('');
    return { code, shown: JSON.parse(stdout) as ShownJson };
  };
  const user = async (name: string) => (await show('--account', APP, '--user', name)).shown;
  const callsIn = async (accountId: string) =>
    (await emulator().calls()).filter((call) => call.accountId === accountId).map(({ action }) => action);

  it('shows what holds for an account, and where it is set', async () => {
    await set('rotateAfter', '50', '--organization');
    await set('owner', 'Unit', '--ou', there.ous['Workloads'] ?? '');
    await set('owner', 'Nearer', '--ou', there.ous['Workloads/App'] ?? '');
    await set('deleteAfter', '100', '--account', APP);
    const { code, shown } = await show('--account', APP);
    expect(code).to.equal(0);
    expect(shown.settings).to.deep.include({
      mode: { value: 'audit', source: 'default' },
      rotateAfter: { value: 50, source: 'the organization' },
      owner: { value: 'Nearer', source: `organizational unit ${there.ous['Workloads/App'] ?? ''}` },
      deleteAfter: { value: 100, source: `account ${APP}` },
      topicArn: { value: there.world.organization.topicArn, source: 'ROTATION_TOPIC_ARN' },
    });
    expect((await show('--account', DATA)).shown.settings).to.deep.include({
      owner: { value: 'Unit', source: `organizational unit ${there.ous['Workloads'] ?? ''}` },
    });
  });

  it('shows what deadlineGrace is where nobody has set it', async () => {
    await set('rotateAfter', '50', '--organization');
    await set('deadlineGrace', '14', '--account', APP, '--user', 'ann');
    const { shown } = await show('--account', APP);
    expect(shown.settings?.['deadlineGrace']).to.deep.equal({
      value: 40,
      source: 'deleteAfter - rotateAfter',
    });
    expect((await user('ann')).settings?.['deadlineGrace']).to.deep.equal({
      value: 14,
      source: `user ann of account ${APP}`,
    });
  });

  it('shows it as a table, without a box in a pipe', async () => {
    await set('rotateAfter', '50', '--account', APP, '--user', 'ann');
    const { stdout } = await there.settings(['show', '--account', APP, '--user', 'ann']);
    expect(stdout).to.match(
      /^ann of app \(111111111101\)\n {2}covered: yes, no setting leaves this user out\n {2}exempt: no\n {2}owner: nobody is named\n/,
    );
    expect(stdout).to.match(/^rotateAfter +user ann of account 111111111101 +50$/m);
    expect(stdout).to.match(/^deleteAfter +default +90$/m);
  });

  it('shows of a user whether it is covered, exempt, and who owns it', async () => {
    await set('includeUsers', 'path:/service/', '--account', APP);
    await set('ownerTag', 'owner', '--organization');
    await set(
      'exemption',
      '--account',
      APP,
      '--user',
      'svc-a',
      '--owner',
      'Ann',
      '--reason',
      'moves',
      '--until',
      '2026-03-31',
    );
    const { settings, ...svc } = await user('SVC-A');
    expect(svc).to.deep.equal({
      schemaVersion: 1,
      accountId: APP,
      accountName: 'app',
      userName: 'svc-a',
      covered: true,
      why: `includeUsers (account ${APP}) has path:/service/`,
      exemption: { owner: 'Ann', reason: 'moves', until: '2026-03-31' },
      owner: 'Bob',
      ownerFrom: 'tag owner',
    });
    await set('owner', 'Eve', '--account', APP);
    expect(await user('svc-a')).to.include({ owner: 'Bob', ownerFrom: 'tag owner' });
    expect(await user('ann')).to.include({ owner: 'Eve', ownerFrom: `account ${APP}` });
    expect(settings?.['exemption']?.source).to.equal(`user svc-a of account ${APP}`);
    const { covered, why, exemption } = await user('ann');
    expect([covered, why, exemption]).to.deep.equal([
      false,
      `includeUsers (account ${APP}) names others only`,
      undefined,
    ]);
  });

  it('looks into groups', async () => {
    await set('excludeUsers', 'group:ci', '--organization');
    expect((await user('svc-a')).covered).to.equal(false);
    expect((await user('ann')).covered).to.equal(true);
  });

  it('reads no more in the account than who is there, and what the settings depend on', async () => {
    await set('includeUsers', 'svc-*', '--account', APP);
    let before = (await callsIn(APP)).length;
    expect((await user('svc-a')).covered).to.equal(true);
    expect((await callsIn(APP)).slice(before)).to.deep.equal(['iam:ListUsers']);
    await set('excludeUsers', 'tag:x', '--organization');
    before = (await callsIn(APP)).length;
    expect((await user('svc-a')).covered).to.equal(true);
    expect((await callsIn(APP)).slice(before)).to.deep.equal(['iam:ListUsers', 'iam:ListUserTags']);
  });

  it('shows what is set, but nothing more, where that can not be read', async () => {
    await set('excludeUsers', 'tag:x', '--organization');
    await emulator().inject({ action: 'iam:ListUserTags', kind: 'error', code: 'AccessDenied' });
    const { code, shown } = await show('--account', APP, '--user', 'svc-a');
    expect(code).to.equal(1);
    expect(shown.failure?.message).to.contain('AccessDenied');
    expect(shown.settings?.['excludeUsers']?.value).to.deep.equal(['tag:x']);
    expect(shown).not.to.have.property('covered');
  });

  it('says what the reader of a central secret needs', async () => {
    await set('secretKmsKeyId', KEY, '--account', APP);
    await set('secretDelivery', 'central', '--account', APP);
    expect((await user('svc-a')).central).to.deep.include({
      identityPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'secretsmanager:GetSecretValue',
            Resource: `arn:aws:secretsmanager:eu-central-1:123456789012:secret:access-key-rotation/central/${APP}/svc-a-??????`,
          },
          { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY },
        ],
      },
    });
    const { stdout } = await there.settings(['show', '--account', APP, '--user', 'svc-a']);
    expect(stdout).to.contain('the user needs this policy in its own account:\n{\n  "Version": "2012-10-17"');
    expect(stdout).to.contain('this statement (not needed with a key of resources/central-key.yml):\n{\n');
    expect(stdout).to.contain(`"AWS": "arn:aws:iam::${APP}:user/service/svc-a"`);
  });

  it('names the row that is wrong, for those whom it stops', async () => {
    await there.putItem(`user#${APP}#ann`, { values: { rotateAfter: '60d' } });
    const problem = `user ann of account ${APP}: rotateAfter: must be a number of days above 0, at most 3650, without a unit, not "60d"`;
    const { code, shown } = await show('--account', APP, '--user', 'ann');
    expect([code, shown.failure?.message]).to.deep.equal([1, `the settings can't be used: ${problem}`]);
    expect((await show('--account', APP, '--user', 'svc-a')).code).to.equal(0);
    const listed = await there.settings(['list']);
    expect([listed.code, listed.stdout]).to.deep.equal([
      1,
      `user ann of account ${APP}\n  rotateAfter: 60d\n  wrong ${problem}\n`,
    ]);
    await there.putItem('nobody', { values: {} });
    const stopped = await there.settings(['show', '--account', DATA]);
    expect(stopped.code).to.equal(1);
    expect(stopped.stdout)
      .to.contain('row nobody: nobody can tell whom it is about')
      .and.to.contain('Next step: Correct it');
  });

  for (const [title, words, says] of [
    [
      'an account that is not there',
      ['--account', '999999999999'],
      '--account: the organization has no account 999999999999',
    ],
    ['a bad account id', ['--account', '12'], '--account: must be an account id of twelve digits, not "12"'],
    [
      'a bad user name',
      ['--account', APP, '--user', 'a/b'],
      '--user: must be the name of an IAM user, without its path, not "a/b"',
    ],
  ] as const) {
    it(`ends with 2 for ${title}`, async () => {
      const { code, stdout, stderr } = await there.settings(['show', ...words]);
      expect([code, stdout, problemsIn(stderr)]).to.deep.equal([2, '', [says]]);
    });
  }

  it('ends with 2 for a user who is not there, where that is found out', async () => {
    await set('includeUsers', 'path:/service/', '--account', APP);
    const { code, stderr } = await there.settings(['show', '--account', APP, '--user', 'eve']);
    expect([code, problemsIn(stderr)]).to.deep.equal([2, [`--user: account ${APP} has no user eve`]]);
  });
});

describe('settings list', () => {
  const emulator = emulatorForThisFile();
  it('shows all rows, who set them, and what is final', async () => {
    const there = await settingsWorld(emulator());
    expect(await there.settings(['list'])).to.deep.equal({
      code: 0,
      stdout: 'Nothing is set in the table.\n',
      stderr: '',
    });
    await there.settings(['set', 'owner', 'x', '--organization', '--final', '--yes']);
    await there.settings(['set', 'mode', '--account', APP, '--final', '--yes']);
    const { code, stdout } = await there.settings(['list']);
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^the organization {2}set 2026-01-05T06:\d\d:\d\d\.\d{3}Z by arn:aws:sts::123456789012:assumed-role\/.+\n {2}owner: x \(final\)\naccount 111111111101 {2}set .+\n {2}mode: not set here \(final\)\n$/,
    );
  });
});

describe('secrets to a topic', () => {
  const emulator = emulatorForThisFile();
  let there: SettingsWorld;
  beforeEach(async () => {
    there = await settingsWorld(emulator());
    const { aws, organization } = there.world;
    const email = { Protocol: 'email', Endpoint: 'ops@example.com' };
    await new SNSClient(aws).send(new SubscribeCommand({ TopicArn: organization.topicArn, ...email }));
  });
  const set = (...words: readonly string[]) => there.settings(['set', ...words, '--account', APP, '--yes']);

  it('are refused where the topic has e-mail subscriptions, unless that is confirmed', async () => {
    const { code, stderr } = await set('secretDelivery', 'sns-plaintext');
    expect([code, problemsIn(stderr)]).to.deep.equal([
      2,
      [
        `account ${APP}: secretDelivery: sns-plaintext would publish secrets to ${there.world.organization.topicArn}, which has e-mail subscriptions; use another topic, or set snsPlaintextToEmail to confirmed`,
      ],
    ]);
    expect(await there.rows()).to.deep.equal({});
    expect((await set('snsPlaintextToEmail', 'confirmed')).code).to.equal(0);
    expect((await set('secretDelivery', 'sns-plaintext')).code).to.equal(0);
    // And it can't be taken back just like that.
    expect((await set('snsPlaintextToEmail', 'refused')).code).to.equal(2);
  });

  it('are not asked about again where a change has nothing to do with it', async () => {
    await there.putItem(`account#${APP}`, { values: { secretDelivery: 'sns-plaintext' } });
    expect((await set('owner', 'x')).code).to.equal(0);
  });
});
