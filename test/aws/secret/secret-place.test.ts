import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UntagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import { versionOf } from '../../../src/aws/secret/secret-version.ts';
import type { SecretLocation } from '../../../src/run/ports/accounts.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { createWorld, emulatorForThisFile, REGION, START } from '../../support/world.ts';
import { adminOf, callsOf, failureOf, FIRST_MEMBER, once, secretsIn, userNamed } from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const NAME = 'access-key-rotation/ann';
const ann = userNamed('ann');
const OWN_NAME = `${NAME}/${ann.userId}`;
/** Who had the name before. */
const earlierAnn = { ...ann, userId: 'AIDAEARLIER' };
const keyNamed = (id: string): CreatedKey => ({ id, status: 'active', createdAt: START, secret: `of-${id}` });
const [MANAGED, USER_ID] = ['access-key-rotation:managed', 'access-key-rotation:user-id'] as const;

describe('the place of a key', () => {
  const emulator = emulatorForThisFile();
  let client: SecretsManagerClient;
  beforeEach(async () => {
    await createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] });
    client = new SecretsManagerClient(once(await adminOf(emulator())));
  });

  const storeWith = (place: Partial<SecretLocation> = {}, listed: readonly string[] = []) =>
    secretsManagerStore(client, {
      ...secretsIn(place),
      keysOf: () => Promise.resolve(listed.map((id) => ({ id }))),
    });
  const secrets = async () => (await emulator().snapshot(FIRST_MEMBER))[0]?.secrets ?? [];
  const secretNamed = async (name: string) => (await secrets()).find((secret) => secret.name === name);
  const deliver = async (id: string, user = ann) => {
    const store = storeWith();
    const state = await prepared(store, user);
    await store.store(user, keyNamed(id), state);
    await store.promote({ id }, state);
  };
  /** As an earlier version left it. */
  const withoutUserId = (SecretId = NAME) =>
    client.send(new UntagResourceCommand({ SecretId, TagKeys: [USER_ID] }));

  it('is made before the key, tagged and with its policy, and holds nothing', async () => {
    const state = await prepared(storeWith(), ann);
    expect(state).to.include({ name: NAME, exists: true });
    const secret = await secretNamed(NAME);
    expect(secret?.tags).to.include({ [MANAGED]: 'true', [USER_ID]: ann.userId });
    expect(secret?.policy).to.contain(ann.arn);
    expect(await emulator().secretValue(FIRST_MEMBER, NAME, 'AWSCURRENT')).to.equal('{}');
  });

  it('is the same when it is made ready again', async () => {
    const first = await prepared(storeWith(), ann);
    expect(await prepared(storeWith(), ann)).to.deep.equal(first);
    expect(await secrets()).to.have.length(1);
    expect(await callsOf(emulator(), 'secretsmanager:PutResourcePolicy')).to.have.length(1);
  });

  it('says which run was about to make a key, whether or not it was there before', async () => {
    const preparedBy = async () => (await storeWith().look(ann)).preparedBy;
    await prepared(storeWith(), ann, 'run-1');
    expect(await preparedBy()).to.equal('run-1');
    await prepared(storeWith(), ann, 'run-2');
    expect(await preparedBy()).to.equal('run-2');
    await prepared(storeWith(), ann);
    expect(await preparedBy()).to.equal('run-2');
    expect(await callsOf(emulator(), 'secretsmanager:TagResource')).to.have.length(1);
  });

  it('may be looked at without anything being made', async () => {
    expect(await storeWith().look(ann)).to.deep.equal({ name: NAME, exists: false });
    expect(await secrets()).to.deep.equal([]);
  });

  for (const action of ['CreateSecret', 'DescribeSecret', 'PutResourcePolicy'].map(
    (name) => `secretsmanager:${name}`,
  )) {
    it(`is none where ${action} is denied`, async () => {
      await emulator().inject({ action, kind: 'error', code: 'AccessDeniedException' });
      expect(await failureOf(prepared(storeWith(), ann))).to.include({ kind: 'denied', during: action });
    });
  }

  describe('that another user of the name had', () => {
    beforeEach(() => deliver('AKIAEARLIER', earlierAnn));

    it('is left as it is, in every version and at every moment; the new user has a place of its own', async () => {
      const before = await secretNamed(NAME);
      await deliver('AKIANEW');
      await deliver('AKIANEXT');
      expect(await secretNamed(NAME)).to.deep.equal(before);
      expect(await storeWith().look(ann)).to.include({ name: OWN_NAME });
      expect(await storeWith().stageOf(ann, 'AKIANEXT')).to.equal('delivered');
      expect(await storeWith().stageOf(ann, 'AKIANEW')).to.equal('delivered');
      expect(await storeWith().deliveryOf('ann', 'AKIANEXT', OWN_NAME)).to.equal('current');
    });

    it('stays where it is for the new user when the other place is free again', async () => {
      await deliver('AKIANEW');
      await client.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }));
      expect((await prepared(storeWith(), ann)).name).to.equal(OWN_NAME);
      expect(await secrets()).to.have.length(1);
    });

    it('does not matter when it is being deleted', async () => {
      await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
      expect((await prepared(storeWith(), ann)).name).to.equal(OWN_NAME);
    });
  });

  describe('that an earlier version made', () => {
    for (const [title, listed, name] of [
      ["is the user's whose key it holds", ['AKIAOTHER', 'AKIAONE'], NAME],
      ['is nobody else', ['AKIAOTHER'], OWN_NAME],
      ['is not that of a user without keys', [], OWN_NAME],
    ] as const) {
      it(title, async () => {
        await deliver('AKIAONE', earlierAnn);
        await withoutUserId();
        expect((await storeWith({}, listed).look(ann)).name).to.equal(name);
        expect((await secretNamed(NAME))?.tags, 'looked at only').not.to.have.property(USER_ID);
        expect((await prepared(storeWith({}, listed), ann)).name).to.equal(name);
        expect((await secretNamed(name))?.tags[USER_ID]).to.equal(ann.userId);
      });
    }

    it("is the user's whose first key waits in it", async () => {
      const store = storeWith();
      await store.store(ann, keyNamed('AKIAONE'), await prepared(store, ann));
      await withoutUserId();
      expect((await storeWith({}, ['AKIAONE']).look(ann)).name).to.equal(NAME);
    });

    it("is not the user's whose key only waits in it, behind another one's", async () => {
      await deliver('AKIAOTHER', earlierAnn);
      const store = storeWith();
      await store.store(earlierAnn, keyNamed('AKIAONE'), await prepared(store, earlierAnn));
      await withoutUserId();
      expect((await storeWith({}, ['AKIAONE']).look(ann)).name).to.equal(OWN_NAME);
    });
  });

  it('is refused, and left alone, where somebody else has made a secret', async () => {
    await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'of somebody' }));
    const before = await secrets();
    const { look, prepare } = storeWith();
    // The second as after a list, which doesn't show what isn't ours.
    for (const call of [look(ann), prepare(ann, { name: NAME, exists: false })]) {
      const failure = await failureOf(call);
      expect(failure).to.include({ kind: 'conflict' });
      expect(failure.message).to.contain(NAME);
      expect(failure.nextStep).to.contain(MANAGED);
    }
    expect(await secrets()).to.deep.equal(before);
  });

  it('is refused where it is scheduled for deletion, with the way back', async () => {
    await prepared(storeWith(), ann);
    await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
    const failure = await failureOf(prepared(storeWith(), ann));
    expect(failure).to.include({ kind: 'conflict' });
    expect(failure.nextStep).to.contain(`aws secretsmanager restore-secret --secret-id ${NAME}`);
  });

  it('is refused where it is a replica', async () => {
    await prepared(storeWith({ replicaRegions: ['eu-west-1'] }), ann);
    const elsewhere = new SecretsManagerClient({ ...once(await adminOf(emulator())), region: 'eu-west-1' });
    const failure = await failureOf(prepared(secretsManagerStore(elsewhere, secretsIn()), ann));
    expect(failure).to.include({ kind: 'conflict' });
    expect(failure.message).to.contain(REGION);
    expect(failure.nextStep).to.contain('stop-replication-to-replica --region eu-west-1');
    expect((await prepared(storeWith({ replicaRegions: ['eu-west-1'] }), ann)).name, 'the primary').to.equal(
      NAME,
    );
  });

  describe('is found', () => {
    const find = (secretName?: string) => storeWith().deliveryOf('ann', 'AKIAONE', secretName);
    const lines: readonly (readonly [string, () => Promise<unknown>, string])[] = [
      ['current after the delivery', async () => undefined, 'current'],
      ['superseded after the next one', () => deliver('AKIATWO'), 'superseded'],
      [
        'superseded when a person writes over it',
        () => client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: '{"my":"own"}' })),
        'superseded',
      ],
      [
        'superseded when the version before it is made current again',
        async () => {
          const RemoveFromVersionId = versionOf('AKIAONE');
          const versions = (await secretNamed(NAME))?.versions ?? {};
          const MoveToVersionId = Object.keys(versions).find((id) => id !== RemoveFromVersionId);
          const input = { SecretId: NAME, VersionStage: 'AWSCURRENT', MoveToVersionId, RemoveFromVersionId };
          await client.send(new UpdateSecretVersionStageCommand(input));
        },
        'superseded',
      ],
      [
        'deleting when it is scheduled for deletion',
        () => client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 })),
        'deleting',
      ],
      [
        'gone when it is deleted',
        () => client.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true })),
        'gone',
      ],
      [
        'unknown when it may not be looked at',
        () =>
          emulator().inject({
            action: 'secretsmanager:DescribeSecret',
            kind: 'error',
            code: 'AccessDeniedException',
          }),
        'unknown',
      ],
    ];
    for (const [title, happens, delivery] of lines) {
      it(title, async () => {
        await deliver('AKIAONE');
        await happens();
        expect([await find(), await find(NAME)]).to.deep.equal([delivery, delivery]);
        // That we made the key is seen as long as AWS shows any version of it.
        const held = async (secretName?: string) => storeWith().hasHeld(ann, 'AKIAONE', secretName);
        if (delivery === 'unknown') return;
        const isSeen = delivery !== 'gone';
        expect([await held(), await held(NAME)]).to.deep.equal([isSeen, isSeen]);
        expect(await storeWith().hasHeld(ann, 'AKIANEVER')).to.equal(false);
      });
    }
  });
});
