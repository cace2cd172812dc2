import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import { callsOf } from '../aws/support.ts';
import { APP, settingsWorld, type SettingsWorld } from '../cli/commands/settings/world.ts';
import type { SeedAccount } from '../support/emulator/emulator.ts';
import { keysOfUser, publishedAbout } from '../support/found.ts';
import { accountIn, emulatorForThisFile, REGION, userWithKey } from '../support/world.ts';
import { whoAmI } from '../support/workloads.ts';

const ann = userWithKey('ann', { age: 65, usedAgo: 1 });
const ROLE_WITHOUT = {
  policy: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: ['iam:*', 'secretsmanager:*'], Resource: '*' },
  },
} as const;

/** A key that was replaced four weeks ago, and that something goes on using. */
describe('A run that looks up who uses a key before its last date', function () {
  const emulator = emulatorForThisFile();
  let at: SettingsWorld;

  const begin = async (app: Partial<SeedAccount> = {}) => {
    at = await settingsWorld(emulator(), [ann], {
      accounts: [{ name: 'app', ou: 'Workloads/App', users: [ann], ...app }],
    });
    await at.settings(['set', 'lookUpUsage', 'true', '--account', APP, '--yes']);
    await at.world.run();
    const [old] = await keysOfUser(emulator(), APP, 'ann');
    const keyId = old?.id ?? '';
    for (let week = 0; week < 3; week += 1) {
      await at.world.pass(8);
      await whoAmI(emulator().endpoint, await emulator().keyCredentials(keyId));
    }
    await emulator().recordEvents({
      accountId: APP,
      region: REGION,
      accessKeyId: keyId,
      at: (await emulator().now()) - DAY,
      source: 's3.amazonaws.com',
      name: 'ListBuckets',
      detail: { sourceIPAddress: '203.0.113.7', userAgent: 'aws-cli/2.1 Python/3.9' },
    });
    await emulator().forgetCalls();
    await emulator().forgetNotifications();
  };
  /** What is mailed of the account, without its line breaks. */
  const digest = async () =>
    (await publishedAbout(emulator(), APP))
      .map(({ message }) => (JSON.parse(message) as { readonly email: string }).email.replaceAll(/\s+/g, ' '))
      .join(' ');

  for (const mode of ['enforce', 'audit'] as const) {
    it(`says so in the digest (${mode})`, async () => {
      await begin();
      await at.world.run({ mode });
      expect(await digest()).to.contain('it was used by: aws-cli from 203.0.113.7 (s3, 1 call, last ');
      expect(await callsOf(emulator(), 'cloudtrail:LookupEvents')).to.have.length(1);
    });
  }

  it('says with which parameter it works where the role does not allow it, and the run is clean', async () => {
    await begin({ memberRole: ROLE_WITHOUT });
    const report = accountIn(await at.world.run(), 'app');
    expect(report.status === 'rotated' && report.findings.map(({ severity }) => severity)).to.deep.equal([
      'note',
    ]);
    const said = await digest();
    expect(said).to.contain('Who uses the keys that are soon switched off could not be looked up');
    expect(said.split('AllowUsage=true')).to.have.length(2);
    expect(said).to.match(/By 20\d\d-\d\d-\d\d, ann/);
  });

  it('looks nothing up where nobody asked for it', async () => {
    await begin();
    await at.settings(['unset', 'lookUpUsage', '--account', APP, '--yes']);
    await at.world.run();
    expect(await digest()).to.contain('STILL IN USE');
    expect(await callsOf(emulator(), 'cloudtrail:LookupEvents')).to.deep.equal([]);
  });
});
