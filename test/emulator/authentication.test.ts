import {
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetAccessKeyLastUsedCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { Emulator } from '../support/emulator/emulator.ts';
import {
  adminOf,
  assume,
  clientsFor,
  FIRST_MEMBER,
  MANAGEMENT,
  MEMBER_ROLE,
  NOW,
  refusalOf,
  userWith,
  type Clients,
} from './clients.ts';

const KEY = 'AKIAEXAMPLE000000001';
const HOUR = 3_600_000;
const seed = {
  accounts: [{ name: 'app', users: [{ userName: 'ann', keys: [{ id: KEY, createdAt: NOW }] }] }],
};

type Change = (emulator: Emulator, admin: Clients) => Promise<unknown>;
const deleteKey: Change = (_, { iam }) =>
  iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: KEY }));
const KEYS: readonly (readonly [string, Change, 'accepted' | 'refused'])[] = [
  ['lets an active key in', async () => undefined, 'accepted'],
  ['keeps a deactivated key out', (emulator) => emulator.setKey(KEY, { status: 'Inactive' }), 'refused'],
  ['keeps a deleted key out', deleteKey, 'refused'],
  [
    'keeps the key of a deleted user out',
    async (emulator, admin) => {
      await deleteKey(emulator, admin);
      await admin.iam.send(new DeleteUserCommand({ UserName: 'ann' }));
    },
    'refused',
  ],
];

describe('emulator: authentication', () => {
  const emulator = emulatorForThisFile();

  for (const [title, happens, expected] of KEYS) {
    it(`${title}, in either protocol`, async () => {
      await emulator().seed(seed);
      const ann = await userWith(emulator(), KEY);
      await happens(emulator(), await adminOf(emulator(), FIRST_MEMBER));
      const answers = [
        await refusalOf(ann.sts.send(new GetCallerIdentityCommand({}))),
        await refusalOf(ann.secrets.send(new ListSecretsCommand({}))),
      ];
      expect(answers).to.deep.equal(
        expected === 'accepted'
          ? ['accepted', 'accepted']
          : ['InvalidClientTokenId', 'UnrecognizedClientException'],
      );
    });
  }

  it("refuses what is signed with another secret than the key's, in either protocol, and counts no use", async () => {
    await emulator().seed(seed);
    const { secretAccessKey } = await emulator().keyCredentials(KEY);
    const corrupted = secretAccessKey.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));
    const { sts, secrets } = clientsFor(emulator(), { accessKeyId: KEY, secretAccessKey: corrupted });
    expect([
      await refusalOf(sts.send(new GetCallerIdentityCommand({}))),
      await refusalOf(secrets.send(new ListSecretsCommand({}))),
    ]).to.deep.equal(['SignatureDoesNotMatch', 'InvalidSignatureException']);
    const { iam } = await adminOf(emulator(), FIRST_MEMBER);
    const { AccessKeyLastUsed } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }));
    expect(AccessKeyLastUsed?.LastUsedDate).to.equal(undefined);
  });

  it('tells callers who they are', async () => {
    const { credentials } = await emulator().seed(seed);
    const arnOf = async ({ sts }: Clients) => (await sts.send(new GetCallerIdentityCommand({}))).Arn;
    const arns = [
      await arnOf(await userWith(emulator(), KEY)),
      await arnOf(clientsFor(emulator(), credentials)),
      await arnOf(clientsFor(emulator(), { accessKeyId: 'operator', secretAccessKey: 'x' })),
    ];
    expect(arns).to.deep.equal([
      `arn:aws:iam::${FIRST_MEMBER}:user/ann`,
      `arn:aws:sts::${MANAGEMENT}:assumed-role/access-key-rotation-service/emulator`,
      `arn:aws:iam::${MANAGEMENT}:root`,
    ]);
  });

  it('lets a key in again that is switched on again', async () => {
    await emulator().seed(seed);
    const { sts } = await userWith(emulator(), KEY);
    await emulator().setKey(KEY, { status: 'Inactive' });
    await emulator().setKey(KEY, { status: 'Active' });
    expect(await refusalOf(sts.send(new GetCallerIdentityCommand({})))).to.equal('accepted');
  });

  for (const [title, accessKeyId] of [
    ['a key nobody made', 'AKIAUNKNOWN000000000'],
    ['a session nobody opened', 'ASIAUNKNOWN000000000'],
  ] as const) {
    it(`keeps ${title} out`, async () => {
      await emulator().seed(seed);
      const { sts } = clientsFor(emulator(), { accessKeyId, secretAccessKey: 'x' });
      const asking = sts.send(new GetCallerIdentityCommand({}));
      expect(await refusalOf(asking)).to.equal('InvalidClientTokenId');
    });
  }

  for (const [title, after, expected] of [
    ['lets a session in until it ends', 900_000 - 1, ['accepted', 'accepted']],
    ['keeps a session out that has ended', 900_000, ['ExpiredToken', 'ExpiredTokenException']],
  ] as const) {
    it(`${title}, in either protocol`, async () => {
      await emulator().freezeClock(NOW);
      const { credentials } = await emulator().seed(seed);
      const service = clientsFor(emulator(), credentials);
      const input = { DurationSeconds: 900 };
      const { iam, secrets } = await assume(emulator(), service, MEMBER_ROLE, input);
      await emulator().advance(after);
      const answers = [
        await refusalOf(iam.send(new ListUsersCommand({}))),
        await refusalOf(secrets.send(new ListSecretsCommand({}))),
      ];
      expect(answers).to.deep.equal(expected);
    });
  }
});

describe('emulator: the last use of a key', () => {
  const emulator = emulatorForThisFile();

  const lastUse = async () => {
    const { iam } = await adminOf(emulator(), FIRST_MEMBER);
    const { AccessKeyLastUsed, UserName } = await iam.send(
      new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }),
    );
    expect(UserName).to.equal('ann');
    const { LastUsedDate, ServiceName, Region } = AccessKeyLastUsed ?? {};
    return [LastUsedDate?.getTime(), ServiceName, Region];
  };

  beforeEach(async () => {
    await emulator().freezeClock(NOW);
    await emulator().seed(seed);
  });

  it('has no date when it was never used', async () => {
    expect(await lastUse()).to.deep.equal([undefined, 'N/A', 'N/A']);
  });

  it('is the time of the last call signed with it', async () => {
    const { sts, secrets } = await userWith(emulator(), KEY);
    await secrets.send(new ListSecretsCommand({}));
    await emulator().advance(HOUR);
    await sts.send(new GetCallerIdentityCommand({}));
    expect(await lastUse()).to.deep.equal([NOW + HOUR, 'sts', 'eu-central-1']);
  });

  it("isn't changed by calls that weren't let in", async () => {
    const { sts } = await userWith(emulator(), KEY);
    await emulator().setKey(KEY, { status: 'Inactive' });
    await refusalOf(sts.send(new GetCallerIdentityCommand({})));
    expect(await lastUse()).to.deep.equal([undefined, 'N/A', 'N/A']);
  });

  it('is what a test says it is', async () => {
    await emulator().markUsed([KEY], NOW - HOUR);
    expect(await lastUse()).to.deep.equal([NOW - HOUR, 's3', 'eu-central-1']);
    await emulator().markUsed([KEY]);
    expect(await lastUse()).to.deep.equal([NOW, 's3', 'eu-central-1']);
    await emulator().setKey(KEY, { lastUsedAt: null });
    expect(await lastUse()).to.deep.equal([undefined, 'N/A', 'N/A']);
  });

  it("isn't found from another account", async () => {
    const { iam } = await adminOf(emulator(), MANAGEMENT);
    const asking = iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }));
    expect(await refusalOf(asking)).to.equal('NoSuchEntityException');
  });

  it("isn't found for a key that is gone", async () => {
    const { iam } = await adminOf(emulator(), FIRST_MEMBER);
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: KEY }));
    const asking = iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }));
    expect(await refusalOf(asking)).to.equal('NoSuchEntityException');
  });
});
