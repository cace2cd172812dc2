import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { iamInventory } from '../../../src/aws/account/inventory.ts';
import { iamKeyWriter } from '../../../src/aws/account/key-writer.ts';
import { stsVerifier } from '../../../src/aws/account/verifier.ts';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import { days } from '../../../src/domain/time.ts';
import type { AccountSession } from '../../../src/run/ports/accounts.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { replaceKey } from '../../../src/run/rotation/replace-key.ts';
import { decision, key } from '../../support/builders.ts';
import { memoryAccountContext } from '../../support/memory/account-context.ts';
import { memoryUsage } from '../../support/memory/usage.ts';
import { createWorld, emulatorForThisFile, START } from '../../support/world.ts';
import { adminOf, FIRST_MEMBER, once, orphansOf, secretsIn } from '../support.ts';

const OLD = 'AKIAEXAMPLE000000001';
const NAME = 'access-key-rotation/ann';

/** What becomes of Ann's replacement when the secret of the new key is not the one that IAM has given it. */
describe('a new key', () => {
  const emulator = emulatorForThisFile();

  const replaceWith = async (change: (created: CreatedKey) => CreatedKey) => {
    const keys = [{ id: OLD, createdAt: START - days(70), lastUsedAt: START - days(1) }];
    await createWorld(emulator(), { accounts: [{ name: 'app', users: [{ userName: 'ann', keys }] }] });
    const aws = once(await adminOf(emulator()));
    const iam = new IAMClient(aws);
    const manager = new SecretsManagerClient(aws);
    const inventory = iamInventory(iam);
    const writer = iamKeyWriter(iam, iam);
    const session: AccountSession = {
      inventory,
      reports: { read: async () => undefined },
      writer: { ...writer, create: async (userName) => change(await writer.create(userName)) },
      verifier: stsVerifier(aws, FIRST_MEMBER),
      usage: memoryUsage().port,
      secrets: secretsManagerStore(manager, { ...secretsIn(), keysOf: inventory.keysOf }),
      orphanedSecrets: orphansOf(manager),
    };
    const { context, ledger, id } = await memoryAccountContext();
    const [user] = await inventory.users();
    const [listed] = await inventory.keysOf('ann');
    if (user === undefined || listed === undefined) throw new Error('Ann and her key are seeded');
    const due = decision('replace', {
      userName: 'ann',
      userArn: user.arn,
      userId: user.userId,
      key: { ...key(), ...listed },
    });
    const { outcome } = await replaceKey(due, { ...context, session });
    return {
      outcome,
      keys: (await inventory.keysOf('ann')).map((one) => one.id),
      current: await emulator().secretValue(FIRST_MEMBER, NAME, 'AWSCURRENT'),
      intents: ledger.of(id).intents,
    };
  };

  it('whose secret is the one that IAM has given it is promoted', async () => {
    const { outcome, keys, current } = await replaceWith((created) => created);
    expect(outcome.status).to.equal('applied');
    expect(keys).to.have.length(2);
    expect(current).to.include(keys.find((id) => id !== OLD));
  });

  it('whose secret was corrupted on the way is found by its test: nothing is promoted, and it is deleted', async () => {
    const { outcome, keys, current, intents } = await replaceWith((created) => ({
      ...created,
      secret: `${created.secret.slice(0, -1)}${created.secret.endsWith('x') ? 'y' : 'x'}`,
    }));
    expect(outcome.status).to.equal('failed');
    expect(outcome.status === 'failed' && outcome.failure.message).to.include('SignatureDoesNotMatch');
    expect([keys, current, intents]).to.deep.equal([[OLD], '{}', []]);
  });
});
