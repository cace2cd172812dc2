import { IAMClient } from '@aws-sdk/client-iam';
import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { iamInventory } from '../../../src/aws/account/inventory.ts';
import { statementsFor } from '../../../src/aws/secret/secret-policy.ts';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import type { SecretLocation } from '../../../src/run/ports/accounts.ts';
import { createWorld, emulatorForThisFile, START } from '../../support/world.ts';
import {
  adminOf,
  callsOf,
  failureOf,
  FIRST_MEMBER,
  once,
  secretsIn,
  settingsFor,
  userNamed,
} from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const SecretId = 'access-key-rotation/ann';
const KEYS = { ann: 'AKIAEXAMPLE000000001', bob: 'AKIAEXAMPLE000000002' } as const;
const role = (name: string) => `arn:aws:iam::${FIRST_MEMBER}:role/${name}`;
const BOB = userNamed('bob').arn;
const OURS = ['TheUserReadsItsOwnKey', 'TheReadersOfTheSettings', 'NobodyElseReadsIt'];

interface Statement {
  readonly Sid?: string;
  readonly [name: string]: unknown;
}
const AUDITORS: Statement = {
  Sid: 'Auditors',
  Effect: 'Allow',
  Principal: { AWS: role('auditors') },
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
};
const NOT_ERIN: Statement = {
  Effect: 'Deny',
  Principal: { AWS: role('erin') },
  Action: '*',
  Resource: '*',
  Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
};

describe('what we say in the policy of a secret', () => {
  const ann = userNamed('ann');
  const readers = [role('reader'), BOB];
  const sidsFor = (place: Pick<SecretLocation, 'readers' | 'access'>) =>
    statementsFor(ann, place).map(({ Sid }) => Sid);

  for (const [title, place, sids] of [
    ['the user', { readers: [], access: 'open' }, [OURS[0]]],
    ['the user and the readers', { readers, access: 'open' }, OURS.slice(0, 2)],
    ['the user, and to nobody else', { readers: [], access: 'restricted' }, [OURS[0], OURS[2]]],
    ['the user and the readers, and to nobody else', { readers, access: 'restricted' }, OURS],
  ] as const) {
    it(`opens it to ${title}`, () => {
      expect(sidsFor(place)).to.deep.equal(sids);
    });
  }

  it('denies values alone, to all but the very user and the roles and users of the settings', () => {
    const [deny] = statementsFor(ann, { readers, access: 'restricted' }).slice(-1);
    expect(deny).to.deep.equal({
      Sid: OURS[2],
      Effect: 'Deny',
      Principal: '*',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:userid': ann.userId },
        ArnNotEquals: { 'aws:PrincipalArn': readers },
      },
    });
  });
});

describe('the policy of a secret', () => {
  const emulator = emulatorForThisFile();
  let admin: SecretsManagerClient;
  let ann: ReturnType<typeof userNamed>;
  beforeEach(async () => {
    const users = (['ann', 'bob'] as const).map((userName) => ({
      userName,
      keys: [{ id: KEYS[userName], createdAt: START }],
    }));
    await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    const settings = await adminOf(emulator());
    admin = new SecretsManagerClient(once(settings));
    const listed = await iamInventory(new IAMClient(once(settings))).users();
    ann = { ...userNamed('ann'), ...listed.find(({ userName }) => userName === 'ann') };
  });

  const prepare = (place: Partial<SecretLocation> = {}) =>
    prepared(secretsManagerStore(admin, secretsIn(place)), ann);
  const policy = async (): Promise<{ Id?: string; Statement: readonly Statement[] }> => {
    const { ResourcePolicy = '' } = await admin.send(new GetResourcePolicyCommand({ SecretId }));
    return JSON.parse(ResourcePolicy) as { Statement: readonly Statement[] };
  };
  const sids = async () => (await policy()).Statement.map(({ Sid }) => Sid);
  /** A person puts statements beside, before or instead of ours. */
  const edit = async (change: (ours: readonly Statement[]) => readonly Statement[], more: object = {}) => {
    const ResourcePolicy = JSON.stringify({
      ...(await policy()),
      ...more,
      Statement: change((await policy()).Statement),
    });
    await admin.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
  };
  const reads = async (user: 'ann' | 'bob') => {
    const client = new SecretsManagerClient(
      once(settingsFor(emulator(), await emulator().keyCredentials(KEYS[user]))),
    );
    const nameOf = ({ name }: Error) => name;
    return client
      .send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSCURRENT' }))
      .then(() => 'reads', nameOf);
  };

  it('keeps what its owner added, a reader and a deny, and ours is put right', async () => {
    await prepare();
    await edit(() => [AUDITORS, NOT_ERIN], { Id: 'hers' });
    await prepare();
    const { Id, Statement } = await policy();
    expect(Id).to.equal('hers');
    expect(Statement.slice(1)).to.deep.equal([AUDITORS, NOT_ERIN]);
    expect(Statement[0]).to.deep.include({ Sid: OURS[0], Principal: { AWS: ann.arn } });
  });

  it('keeps a single statement that is in no list', async () => {
    await prepare();
    const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: AUDITORS });
    await admin.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    await prepare();
    expect(await sids()).to.deep.equal([OURS[0], 'Auditors']);
  });

  it('is named in the report the first time something else is seen in it, and when that changes', async () => {
    expect(await prepare()).not.to.have.property('foreignStatements');
    await edit((ours) => [...ours, AUDITORS, NOT_ERIN]);
    expect((await prepare()).foreignStatements).to.deep.equal(['Auditors', 'statement 3, which has no Sid']);
    expect(await prepare()).not.to.have.property('foreignStatements');
    await edit((ours) =>
      ours.map((one) => (one.Sid === 'Auditors' ? { ...one, Principal: { AWS: BOB } } : one)),
    );
    expect((await prepare()).foreignStatements).to.have.length(2);
  });

  it('is not written when it is as it should be', async () => {
    await prepare({ readers: [BOB] });
    await prepare({ readers: [BOB] });
    expect(await callsOf(emulator(), 'secretsmanager:PutResourcePolicy')).to.have.length(1);
  });

  it('lets readers in, and not any more when the settings name them no longer', async () => {
    expect([await prepare().then(() => reads('bob')), await reads('ann')]).to.deep.equal([
      'AccessDeniedException',
      'reads',
    ]);
    await prepare({ readers: [BOB] });
    expect([await reads('ann'), await reads('bob')]).to.deep.equal(['reads', 'reads']);
    await prepare();
    expect(await reads('bob')).to.equal('AccessDeniedException');
  });

  it('that is restricted lets only the very user and the readers in, whatever else it says', async () => {
    await prepare();
    await edit((ours) => [...ours, { ...AUDITORS, Principal: { AWS: BOB } }]);
    expect(await reads('bob')).to.equal('reads');
    await prepare({ access: 'restricted' });
    expect([await reads('ann'), await reads('bob')]).to.deep.equal(['reads', 'AccessDeniedException']);
    await prepare({ access: 'restricted', readers: [BOB] });
    expect([await reads('ann'), await reads('bob')]).to.deep.equal(['reads', 'reads']);
    await prepare();
    expect(await sids()).to.deep.equal([OURS[0], 'Auditors']);
  });

  it('that is restricted does not keep us from our work', async () => {
    await prepare({ access: 'restricted' });
    expect((await admin.send(new DescribeSecretCommand({ SecretId }))).Name).to.equal(SecretId);
    expect((await prepare({ access: 'restricted' })).exists).to.equal(true);
  });

  it('that AWS refuses costs no key, and says what to look at', async () => {
    await emulator().inject({
      action: 'secretsmanager:PutResourcePolicy',
      kind: 'error',
      code: 'MalformedPolicyDocumentException',
      message: 'This resource policy contains an unsupported principal.',
    });
    const failure = await failureOf(prepare({ readers: [role('gone')] }));
    expect(failure.message).to.contain('unsupported principal');
    expect(failure.nextStep).to.contain('secretReaders').and.to.contain('get-resource-policy');
  });

  it('that nobody can read is not overwritten', async () => {
    await prepare();
    await emulator().inject({
      action: 'secretsmanager:GetResourcePolicy',
      kind: 'error',
      code: 'AccessDeniedException',
    });
    expect(await failureOf(prepare({ readers: [BOB] }))).to.include({
      kind: 'denied',
      during: 'secretsmanager:GetResourcePolicy',
    });
    expect(await callsOf(emulator(), 'secretsmanager:PutResourcePolicy')).to.have.length(1);
  });
});
