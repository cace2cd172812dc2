import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import type { SecretLocation } from '../../../src/run/ports/accounts.ts';
import { DAY } from '../../../src/domain/time.ts';
import { createWorld, emulatorForThisFile, START } from '../../support/world.ts';
import {
  adminOf,
  callsOf,
  failureOf,
  FIRST_MEMBER,
  once,
  orphansOf,
  secretsIn,
  userNamed,
} from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const SECOND_MEMBER = '111111111102';

describe('the secrets of all users of an account', () => {
  const emulator = emulatorForThisFile();
  let client: SecretsManagerClient;
  beforeEach(async () => {
    await createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] });
    client = new SecretsManagerClient(once(await adminOf(emulator())));
  });
  const make = (userName: string, place: Partial<SecretLocation> = {}, accountId = FIRST_MEMBER) =>
    prepared(secretsManagerStore(client, { ...secretsIn(place), accountId }), userNamed(userName, accountId));
  const orphans = (delivery: 'member' | 'central' = 'member', accountId = FIRST_MEMBER) =>
    orphansOf(client, accountId, delivery);
  const named = async (userName: string) => {
    const found = (await orphans().list(() => true)).find((secret) => secret.userName === userName);
    if (found === undefined) throw new Error(`there is no secret of ${userName}`);
    return found;
  };

  it('are those that we made, over all pages, with whose they are', async () => {
    for (const name of ['ann', 'a,b', 'eve']) await make(name);
    await client.send(new CreateSecretCommand({ Name: 'access-key-rotation/zoe', SecretString: 'hers' }));
    const found = await orphans().list(() => false);
    expect(found.map(({ userName, userId }) => [userName, userId])).to.have.deep.members([
      ['ann', 'AIDAANN'],
      ['a,b', 'AIDAAB'],
      ['eve', 'AIDAEVE'],
    ]);
    for (const { id } of found) expect(id).to.match(/^arn:aws:secretsmanager:/);
  });

  it('are only those of the account where the secrets of several are together', async () => {
    await make('ann');
    for (const id of [FIRST_MEMBER, SECOND_MEMBER]) await make('eve', { delivery: 'central' }, id);
    const names = async (...where: Parameters<typeof orphans>) =>
      (await orphans(...where).list(() => false)).map(({ name }) => name);
    expect(await names('member')).to.deep.equal(['access-key-rotation/ann']);
    expect(await names('central')).to.deep.equal([`access-key-rotation/central/${FIRST_MEMBER}/eve`]);
  });

  it('say since when their users are gone, until it was a mistake', async () => {
    await make('eve');
    await orphans().mark(await named('eve'), START - DAY);
    expect((await named('eve')).orphanedSince).to.equal(START - DAY);
    await orphans().mark(await named('eve'), undefined);
    expect(await named('eve')).not.to.have.property('orphanedSince');
  });

  it('are scheduled for deletion with their copies, restorable for 30 days, and then listed no more', async () => {
    await make('eve', { replicaRegions: ['eu-west-1'] });
    expect((await named('eve')).replicaRegions).to.deep.equal(['eu-west-1']);
    await orphans().scheduleDeletion(await named('eve'));
    const [call] = await callsOf(emulator(), 'secretsmanager:DeleteSecret');
    expect(Number(call?.params['RecoveryWindowInDays'])).to.equal(30);
    const [account] = await emulator().snapshot(FIRST_MEMBER);
    expect(account?.secrets.map(({ replicaOf }) => replicaOf ?? 'primary')).to.deep.equal(['primary']);
    expect(await orphans().list(() => true)).to.deep.equal([]);
  });

  it('are not deleted when they are not as they were', async () => {
    await make('eve');
    const secret = { ...(await named('eve')), userId: 'AIDASOMEBODY' };
    expect(await failureOf(orphans().scheduleDeletion(secret))).to.include({ kind: 'changed-meanwhile' });
    expect(await callsOf(emulator(), 'secretsmanager:DeleteSecret')).to.deep.equal([]);
  });
});
