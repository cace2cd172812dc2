import { expect } from 'chai';
import type { SeedUser } from '../../../support/emulator/emulator.ts';
import { emulatorForThisFile } from '../../../support/world.ts';
import { APP, DATA, settingsWorld, type SettingsWorld } from './world.ts';

const USERS: readonly SeedUser[] = [
  { userName: 'svc-a', keys: [], groups: ['ci'], tags: { team: 'ledger' } },
  { userName: 'svc-b', keys: [] },
  { userName: 'ann', keys: [] },
];
const EXEMPT = ['--owner', 'Ann', '--reason', 'moves to roles', '--until', '2026-06-30'];

describe('settings set says whom it means:', () => {
  const emulator = emulatorForThisFile();
  let there: SettingsWorld;
  before(async () => {
    there = await settingsWorld(emulator(), USERS);
  });
  afterEach(() => there.settings(['reset', '--yes']));

  for (const [words, says, warns] of [
    [['excludeUsers', 'svc-*', '--account', APP], [`name:svc-* matches 2 of 3 users in account ${APP}.`], []],
    [
      ['includeUsers', 'ann', 'nobody', '--organization'],
      ['name:ann matches 1 of 3 users in the organization.'],
      ['name:nobody matches nobody: none of the 3 users in the organization'],
    ],
    [
      ['excludeUsers', 'group:ci', '--organization'],
      ['group:ci matches 1 of 3 users in the organization.'],
      [],
    ],
    [
      ['excludeUsers', 'group:typo', 'path:/robots/', '--organization'],
      [],
      [
        'group:typo matches nobody: none of the 3 users in the organization',
        'path:/robots/ matches nobody: none of the 3 users in the organization',
      ],
    ],
    [['ownerTag', 'team', '--organization'], ['tag:team matches 1 of 3 users in the organization.'], []],
    [
      ['ownerTag', 'taem', '--organization'],
      [],
      ['tag:taem matches nobody: none of the 3 users in the organization'],
    ],
    [
      ['exemption', ...EXEMPT, '--account', APP, '--user', 'SVC-A'],
      [`name:SVC-A matches 1 of 3 users in account ${APP}.`],
      [],
    ],
    [['rotateAfter', '45', '--account', APP], [], []],
  ] as const) {
    it(words.join(' '), async () => {
      const { code, stdout, stderr } = await there.settings(['set', ...words, '--yes', '--json']);
      expect(code, stderr).to.equal(0);
      const { matches = [], warnings } = JSON.parse(stdout) as {
        readonly matches?: readonly string[];
        readonly warnings: readonly { readonly message: string }[];
      };
      expect(matches).to.deep.equal(says);
      expect(warnings.map(({ message }) => message)).to.deep.equal(warns);
      for (const line of [...says, ...warns]) expect(stderr).to.include(line);
    });
  }

  it('or that it is not known, where an account can not be entered', async () => {
    await emulator().inject({
      action: 'sts:AssumeRole',
      match: { RoleArn: `*${APP}*` },
      kind: 'error',
      code: 'AccessDenied',
    });
    const { code, stderr } = await there.settings([
      'set',
      'excludeUsers',
      'svc-*',
      '--account',
      APP,
      '--yes',
    ]);
    await emulator().clearFaults();
    expect(code).to.equal(0);
    expect(stderr).to.match(
      new RegExp(`^Whom it means in account ${APP} is not known: its users could not be read`),
    );
    expect(Object.keys(await there.rows())).to.deep.equal([`account#${APP}`]);
  });

  for (const [words, warning] of [
    [
      ['secretKmsKeyId', `arn:aws:kms:us-east-1:${APP}:key/1234`, '--account', APP],
      `account ${APP}: secretKmsKeyId is a key of region us-east-1, and secrets are in eu-central-1`,
    ],
    [
      ['secretKmsKeyId', `arn:aws:kms:eu-central-1:${DATA}:key/1234`, '--account', APP],
      `account ${APP}: secretKmsKeyId is a key of account ${DATA}; unless secretDelivery is central`,
    ],
    [
      ['secretReplicaRegions', 'eu-west-1', 'eu-central-1', '--organization'],
      'the organization: secretReplicaRegions has eu-central-1, where the secrets are anyway',
    ],
    [
      ['secretReplicaRegions', 'cn-north-1', '--organization'],
      "the organization: secretReplicaRegions has cn-north-1, which can't be reached from eu-central-1",
    ],
  ] as const) {
    it(`and warns of what can't be reached: ${words.slice(0, 2).join(' ')}`, async () => {
      const { code, stderr } = await there.settings(['set', ...words, '--yes']);
      expect(code, stderr).to.equal(0);
      expect(stderr).to.include(warning);
    });
  }
});
