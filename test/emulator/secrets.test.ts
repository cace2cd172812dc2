import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, FIRST_MEMBER, NOW, refusalOf, type Clients } from './clients.ts';

const NAMES = [
  ['letters, digits and all signs AWS takes', 'access-key/a.b_c+d=e@f-9', 'accepted'],
  ['a comma', 'access-key/a,b', 'InvalidParameterException'],
  ['a space', 'access-key/a b', 'InvalidParameterException'],
  ['letters beyond ASCII', 'access-key/ärger', 'InvalidParameterException'],
  ['512 characters', 'a'.repeat(512), 'accepted'],
  ['513 characters', 'a'.repeat(513), 'InvalidParameterException'],
] as const;

const token = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('emulator: secrets', () => {
  const emulator = emulatorForThisFile();
  let app: Clients;

  beforeEach(async () => {
    await emulator().freezeClock(NOW);
    await emulator().seed({ accounts: [{ name: 'app', users: [] }] });
    app = await adminOf(emulator(), FIRST_MEMBER);
  });

  const create = (Name: string, SecretString?: string) =>
    app.secrets.send(
      new CreateSecretCommand({
        Name,
        ...(SecretString === undefined ? {} : { SecretString, ClientRequestToken: token(1) }),
      }),
    );
  const put = (n: number, SecretString: string, ...VersionStages: string[]) =>
    app.secrets.send(
      new PutSecretValueCommand({
        SecretId: 'ann',
        SecretString,
        ClientRequestToken: token(n),
        ...(VersionStages.length > 0 ? { VersionStages } : {}),
      }),
    );
  const move = (VersionStage: string, from: number | undefined, to: number | undefined) =>
    app.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 'ann',
        VersionStage,
        ...(from === undefined ? {} : { RemoveFromVersionId: token(from) }),
        ...(to === undefined ? {} : { MoveToVersionId: token(to) }),
      }),
    );
  const labels = async () => {
    const { VersionIdsToStages = {} } = await app.secrets.send(
      new DescribeSecretCommand({ SecretId: 'ann' }),
    );
    const numbered = Object.entries(VersionIdsToStages).map(([id, stages]) => [Number(id.slice(-4)), stages]);
    return Object.fromEntries(numbered) as Record<number, string[]>;
  };
  const value = async (VersionStage?: string) => {
    const input = VersionStage === undefined ? {} : { VersionStage };
    const got = await app.secrets.send(new GetSecretValueCommand({ SecretId: 'ann', ...input }));
    return got.SecretString;
  };

  for (const [title, name, expected] of NAMES) {
    it(`a name may${expected === 'accepted' ? '' : "n't"} have ${title}`, async () => {
      expect(await refusalOf(create(name, 'x'))).to.equal(expected);
    });
  }

  it('a secret is created once', async () => {
    await create('ann', 'first');
    expect(await refusalOf(create('ann', 'second'))).to.equal('ResourceExistsException');
    expect(await refusalOf(create('ann', 'first'))).to.equal('accepted');
  });

  it('a secret without a value has none to read', async () => {
    await create('ann');
    expect(await refusalOf(value())).to.equal('ResourceNotFoundException');
  });

  it("the same value may be put again under the same token, which doesn't change a thing", async () => {
    await create('ann', 'first');
    await put(2, 'second');
    await put(3, 'third');
    expect(await refusalOf(put(2, 'second'))).to.equal('accepted');
    expect(await value()).to.equal('third');
  });

  for (const stage of ['AWSCURRENT', 'AWSPENDING']) {
    it(`another value under the same token is refused, also when it is ${stage}`, async () => {
      await create('ann', 'first');
      await put(2, 'second', stage);
      expect(await refusalOf(put(2, 'other', stage))).to.equal('ResourceExistsException');
      expect(await value(stage)).to.equal('second');
    });
  }

  it('a pending value becomes the current one, and back', async () => {
    await create('ann', 'first');
    await put(2, 'second', 'AWSPENDING');
    expect(await labels()).to.deep.equal({ 1: ['AWSCURRENT'], 2: ['AWSPENDING'] });
    expect([await value(), await value('AWSPENDING')]).to.deep.equal(['first', 'second']);
    await move('AWSCURRENT', 1, 2);
    await move('AWSPENDING', 2, undefined);
    expect(await labels()).to.deep.equal({ 1: ['AWSPREVIOUS'], 2: ['AWSCURRENT'] });
    expect([await value(), await value('AWSPREVIOUS')]).to.deep.equal(['second', 'first']);
    await move('AWSCURRENT', 2, 1);
    expect(await labels()).to.deep.equal({ 1: ['AWSCURRENT'], 2: ['AWSPREVIOUS'] });
  });

  it('a label is on one version at a time, and moved only from where it is', async () => {
    await create('ann', 'first');
    await put(2, 'second', 'AWSPENDING');
    expect(await refusalOf(move('AWSPENDING', undefined, 1))).to.equal('InvalidParameterException');
    await put(3, 'third', 'AWSPENDING');
    expect(await labels()).to.deep.equal({ 1: ['AWSCURRENT'], 3: ['AWSPENDING'] });
    await move('AWSPENDING', undefined, 3);
    expect(await labels()).to.deep.equal({ 1: ['AWSCURRENT'], 3: ['AWSPENDING'] });
  });

  it('a version keeps its other labels when it is no longer current', async () => {
    await create('ann', 'first');
    await move('delivered', undefined, 1);
    await put(2, 'second');
    expect(await labels()).to.deep.equal({ 1: ['delivered', 'AWSPREVIOUS'], 2: ['AWSCURRENT'] });
    await put(3, 'third', 'AWSCURRENT', 'delivered');
    expect(await labels()).to.deep.equal({ 2: ['AWSPREVIOUS'], 3: ['AWSCURRENT', 'delivered'] });
  });

  it('a deleted secret is neither read, written, tagged nor created again', async () => {
    await create('ann', 'first');
    await app.secrets.send(new DeleteSecretCommand({ SecretId: 'ann', RecoveryWindowInDays: 7 }));
    const answers = [
      await refusalOf(value()),
      await refusalOf(put(2, 'second')),
      await refusalOf(create('ann', 'first')),
      await refusalOf(
        app.secrets.send(new TagResourceCommand({ SecretId: 'ann', Tags: [{ Key: 'a', Value: 'b' }] })),
      ),
    ];
    expect(answers).to.deep.equal(Array(4).fill('InvalidRequestException'));
    const [snapshot] = await emulator().snapshot(FIRST_MEMBER);
    expect(snapshot?.secrets[0]?.deletedAt).to.equal(NOW + 7 * 86_400_000);
  });
});
