import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand } from '@aws-sdk/client-iam';
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import {
  CreateSecretCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { OrganizationSeed } from '../support/emulator/emulator.ts';
import { adminOf, clientsFor, DAY, FIRST_MEMBER, MANAGEMENT, NOW, problemOf, refusalOf } from './clients.ts';

const KEY = 'AKIAEXAMPLE000000001';
const key = { id: KEY, createdAt: NOW - DAY, status: 'Active' as const, lastUsedAt: NOW };
const withKeys = (...keys: object[]) =>
  ({ accounts: [{ name: 'app', users: [{ userName: 'ann', keys }] }] }) as OrganizationSeed;

const MISTAKES: readonly (readonly [string, OrganizationSeed, string])[] = [
  ['three keys of one user', withKeys(key, key, key), 'ann would have 3 access keys'],
  ["a key id that isn't a user's", withKeys({ ...key, id: 'ASIA1' }), 'begins with AKIA, not ASIA1'],
  [
    'two accounts of one id',
    {
      accounts: [
        { name: 'a', users: [] },
        { name: 'b', id: FIRST_MEMBER, users: [] },
      ],
    },
    `two accounts would have the id ${FIRST_MEMBER}`,
  ],
  [
    "a service in an account that isn't there",
    { accounts: [], service: { account: 'tools' } },
    'no account has that name',
  ],
];

const errorOf = async (call: Promise<unknown>) => (await problemOf(call))?.message ?? 'no error';

describe('emulator: the seed', () => {
  const emulator = emulatorForThisFile();

  it('fills the accounts as it says, which a snapshot shows', async () => {
    const seeded = await emulator().seed({
      accounts: [{ name: 'app', users: [{ userName: 'ann', path: '/team/', keys: [key] }] }],
      management: { users: [{ userName: 'root-user', keys: [] }] },
    });
    expect(seeded).to.include({ managementAccountId: MANAGEMENT, serviceAccountId: MANAGEMENT });
    expect(seeded.accounts).to.deep.equal([{ id: FIRST_MEMBER, name: 'app', ouPath: [seeded.rootId] }]);
    expect(await emulator().snapshot()).to.deep.equal([
      {
        accountId: FIRST_MEMBER,
        users: [{ userName: 'ann', arn: `arn:aws:iam::${FIRST_MEMBER}:user/team/ann`, keys: [key] }],
        secrets: [],
      },
      {
        accountId: MANAGEMENT,
        users: [{ userName: 'root-user', arn: `arn:aws:iam::${MANAGEMENT}:user/root-user`, keys: [] }],
        secrets: [],
      },
    ]);
  });

  it('makes the table and the topic where the service runs', async () => {
    const { credentials, serviceAccountId, tableName, topicArn } = await emulator().seed({
      accounts: [{ name: 'tools', users: [] }],
      service: { account: 'tools' },
    });
    expect(serviceAccountId).to.equal(FIRST_MEMBER);
    expect(topicArn).to.equal(`arn:aws:sns:eu-central-1:${FIRST_MEMBER}:access-key-rotation`);
    const { dynamodb } = clientsFor(emulator(), credentials);
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tableName }));
    expect(Table?.KeySchema).to.deep.equal([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(Table?.BillingModeSummary?.BillingMode).to.equal('PAY_PER_REQUEST');
    const { TimeToLiveDescription } = await dynamodb.send(
      new DescribeTimeToLiveCommand({ TableName: tableName }),
    );
    expect(TimeToLiveDescription?.AttributeName).to.equal('expiresAt');
  });

  it('makes the same from the same input, also after another seed', async () => {
    const first = await emulator().seed(withKeys({ createdAt: NOW }));
    const keys = await emulator().snapshot(FIRST_MEMBER);
    await emulator().seed({ accounts: [{ name: 'other', ou: 'Lab', users: [] }] });
    const again = await emulator().seed(withKeys({ createdAt: NOW }));
    expect({ ...again, credentials: null }).to.deep.equal({ ...first, credentials: null });
    expect(await emulator().snapshot(FIRST_MEMBER)).to.deep.equal(keys);
  });

  for (const [title, seed, message] of MISTAKES) {
    it(`is refused for ${title}`, async () => {
      expect(await errorOf(emulator().seed(seed))).to.include(message);
    });
  }

  it('is cleared by a reset', async () => {
    const { credentials } = await emulator().seed(withKeys(key));
    const { iam } = await adminOf(emulator(), FIRST_MEMBER);
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    expect(await emulator().secretsHandedOut()).to.have.length(1);
    await emulator().reset();
    expect(await emulator().secretsHandedOut()).to.deep.equal([]);
    expect(await emulator().snapshot()).to.deep.equal([]);
    const { sts } = clientsFor(emulator(), credentials);
    expect(await refusalOf(sts.send(new GetCallerIdentityCommand({})))).to.equal('InvalidClientTokenId');
    const { organizations } = await adminOf(emulator(), FIRST_MEMBER);
    const asking = organizations.send(new DescribeOrganizationCommand({}));
    expect(await refusalOf(asking)).to.equal('AWSOrganizationsNotInUseException');
  });

  it('can be changed by a test, but not where there is nothing', async () => {
    await emulator().seed(withKeys(key));
    await emulator().setKey(KEY, { status: 'Inactive', createdAt: NOW, lastUsedAt: NOW + 1 });
    const [account] = await emulator().snapshot(FIRST_MEMBER);
    expect(account?.users[0]?.keys).to.deep.equal([
      { id: KEY, status: 'Inactive', createdAt: NOW, lastUsedAt: NOW + 1 },
    ]);
    const lost = [
      emulator().setKey('AKIANOWHERE', {}),
      emulator().markUsed(['AKIANOWHERE']),
      emulator().keyCredentials('AKIANOWHERE'),
    ];
    for (const answer of await Promise.all(lost.map(errorOf))) {
      expect(answer).to.include('no user has the access key AKIANOWHERE');
    }
  });

  it('is shown in a snapshot with the secrets, whose values are there on request', async () => {
    await emulator().seed({ accounts: [{ name: 'app', users: [] }] });
    const { secrets } = await adminOf(emulator(), FIRST_MEMBER);
    const first = await secrets.send(
      new CreateSecretCommand({
        Name: 'ann',
        SecretString: 'one',
        KmsKeyId: 'alias/rotation',
        Tags: [{ Key: 'made-by', Value: 'rotation' }],
      }),
    );
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await secrets.send(new PutResourcePolicyCommand({ SecretId: 'ann', ResourcePolicy: policy }));
    const second = await secrets.send(
      new PutSecretValueCommand({ SecretId: 'ann', SecretString: 'two', VersionStages: ['AWSPENDING'] }),
    );
    const [account] = await emulator().snapshot(FIRST_MEMBER);
    expect(account?.secrets).to.deep.equal([
      {
        name: 'ann',
        region: 'eu-central-1',
        versions: { [first.VersionId ?? '']: ['AWSCURRENT'], [second.VersionId ?? '']: ['AWSPENDING'] },
        policy,
        kmsKeyId: 'alias/rotation',
        tags: { 'made-by': 'rotation' },
      },
    ]);
    expect(await emulator().secretValue(FIRST_MEMBER, 'ann')).to.equal('one');
    expect(await emulator().secretValue(FIRST_MEMBER, 'ann', 'AWSPENDING')).to.equal('two');
    const asking = emulator().secretValue(FIRST_MEMBER, 'ann', 'AWSPREVIOUS');
    expect(await errorOf(asking)).to.include('no secret ann with a version AWSPREVIOUS');
  });
});
