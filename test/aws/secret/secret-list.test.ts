import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { secretList } from '../../../src/aws/secret/secret-list.ts';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import { USER_ID } from '../../../src/aws/secret/secret-tags.ts';
import type { SecretLocation } from '../../../src/run/ports/accounts.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { prepared } from '../../support/prepared.ts';
import { createWorld, emulatorForThisFile, START } from '../../support/world.ts';
import { adminOf, callsOf, failureOf, FIRST_MEMBER, once, secretsIn, userNamed } from '../support.ts';

const SECOND_MEMBER = '111111111102';
const NAMES = ['ann', 'bob', 'a,b'] as const;
const keyOf = (userName: string): CreatedKey => ({
  id: `AKIA${userName.toUpperCase()}`,
  status: 'active',
  createdAt: START,
  secret: 'x',
});

describe('one list of the secrets of an account', () => {
  const emulator = emulatorForThisFile();
  let client: SecretsManagerClient;
  beforeEach(async () => {
    await createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] });
    client = new SecretsManagerClient(once(await adminOf(emulator())));
  });
  /** A session of its own, which has read no list yet. */
  const session = (place: Partial<SecretLocation> = {}, accountId = FIRST_MEMBER) => {
    const settings = { ...secretsIn(place), accountId };
    const listed = secretList(client, { accountId, delivery: settings.place.delivery });
    return { listed, ...secretsManagerStore(client, { ...settings, listed }) };
  };
  const deliver = async (...userNames: readonly string[]) => {
    const store = session();
    for (const userName of userNames) {
      const user = userNamed(userName);
      const state = await prepared(store, user);
      await store.store(user, keyOf(userName), state);
      await store.promote(keyOf(userName), state);
    }
    await emulator().forgetCalls();
  };
  const asked = async () =>
    (await callsOf(emulator(), 'secretsmanager:DescribeSecret', 'secretsmanager:ListSecrets')).map(
      ({ action }) => action.split(':')[1],
    );

  it('tells the same as a look at each, in one call', async () => {
    await deliver(...NAMES);
    const store = session();
    const users = [...NAMES, 'new'].map((userName) => userNamed(userName));
    const listed = await Promise.all(users.map((user) => store.look(user, 'listed')));
    expect(await asked()).to.deep.equal(['ListSecrets']);
    expect(listed).to.deep.equal(await Promise.all(users.map((user) => store.look(user))));
    expect(listed.map(({ exists }) => exists)).to.deep.equal([true, true, true, false]);
  });

  it('comes in pages, and is read to the end', async () => {
    await deliver(...Array.from({ length: 101 }, (_, index) => `user-${index}`));
    const store = session();
    for (const userName of ['user-0', 'user-100']) {
      expect(await store.look(userNamed(userName), 'listed')).to.include({ exists: true });
    }
    expect(await asked()).to.deep.equal(['ListSecrets', 'ListSecrets']);
  });

  for (const [what, fault] of [
    ['denied', { kind: 'error', code: 'AccessDeniedException' }],
    ['an answer without a list', { kind: 'malformed' }],
    ['cut off', { kind: 'reset' }],
  ] as const) {
    it(`that can't be had (${what}) is tried once, and each is looked at`, async () => {
      await deliver(...NAMES);
      await emulator().inject({ action: 'secretsmanager:ListSecrets', ...fault });
      const store = session();
      for (const userName of NAMES) {
        expect(await store.look(userNamed(userName), 'listed')).to.include({ exists: true });
        const { id } = keyOf(userName);
        expect(await store.deliveryOf(userName, id, undefined, 'listed')).to.equal('current');
      }
      const calls = await asked();
      expect(calls.filter((call) => call === 'DescribeSecret')).to.have.length(2 * NAMES.length);
      await emulator().clearFaults();
      expect(await store.listed.all(), 'who needs the list itself asks again').to.have.length(NAMES.length);
    });
  }

  it('is only of the account where the secrets of several are together', async () => {
    for (const accountId of [FIRST_MEMBER, SECOND_MEMBER]) {
      await prepared(session({ delivery: 'central' }, accountId), userNamed('eve', accountId));
    }
    const { listed } = session({ delivery: 'central' }, SECOND_MEMBER);
    const names = (await listed.all()).map(({ Name }) => Name);
    expect(names).to.deep.equal([`access-key-rotation/central/${SECOND_MEMBER}/eve`]);
  });

  const unclear: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    [
      'the secret is of who had the name before',
      () =>
        client.send(
          new TagResourceCommand({
            SecretId: 'access-key-rotation/ann',
            Tags: [{ Key: USER_ID, Value: 'AIDAEVE' }],
          }),
        ),
      'access-key-rotation/ann/AIDAANN',
    ],
    [
      'the user had one of its own before',
      async () => {
        await client.send(
          new DeleteSecretCommand({ SecretId: 'access-key-rotation/ann', ForceDeleteWithoutRecovery: true }),
        );
        const Name = 'access-key-rotation/ann';
        await prepared(session(), { ...userNamed('ann'), userId: 'AIDAEVE' });
        await prepared(session(), userNamed('ann'));
        await client.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
      },
      'access-key-rotation/ann/AIDAANN',
    ],
  ];
  for (const [where, happens, name] of unclear) {
    it(`settles nothing where ${where}: that is looked at`, async () => {
      await deliver('ann');
      await happens();
      await emulator().forgetCalls();
      expect((await session().look(userNamed('ann'), 'listed')).name).to.equal(name);
      expect(await asked()).to.include('DescribeSecret');
    });
  }

  it('that is old makes no second secret: what is there is found, and made ready', async () => {
    const store = session();
    const looked = await store.look(userNamed('ann'), 'listed');
    expect(looked).to.deep.equal({ name: 'access-key-rotation/ann', exists: false });
    await deliver('ann');
    const state = await store.prepare(userNamed('ann'), looked, 'run-1');
    expect(state).to.deep.include({ name: 'access-key-rotation/ann', exists: true });
    const next = { ...keyOf('ann'), id: 'AKIANEXT' };
    await store.store(userNamed('ann'), next, state);
    await store.promote(next, state);
    expect(await store.deliveryOf('ann', 'AKIANEXT', undefined)).to.equal('current');
  });

  it("that doesn't show what isn't ours costs no key: making the secret is refused, with what to do", async () => {
    const store = session();
    await client.send(new CreateSecretCommand({ Name: 'access-key-rotation/ann', SecretString: 'hers' }));
    const looked = await store.look(userNamed('ann'), 'listed');
    const failure = await failureOf(store.prepare(userNamed('ann'), looked, 'run-1'));
    expect(failure).to.include({ kind: 'conflict' });
    expect(failure.nextStep).to.include('Delete it or keep its value');
  });

  for (const [when, listFirst] of [
    ['before it was listed', false],
    ['since', true],
  ] as const) {
    it(`costs no key where the secret was scheduled for deletion ${when}`, async () => {
      await deliver('ann');
      const store = session();
      if (listFirst) await store.listed.all();
      await client.send(new DeleteSecretCommand({ SecretId: 'access-key-rotation/ann' }));
      const ready = store
        .look(userNamed('ann'), 'listed')
        .then((looked) => store.prepare(userNamed('ann'), looked, 'run-1'));
      expect((await failureOf(ready)).message).to.match(/deletion/);
    });
  }

  it('is believed about a delivery only where consumers find the key', async () => {
    await deliver('ann', 'bob');
    const store = session();
    await store.listed.all();
    const of = async (userName: string, id: string, secretName?: string) => {
      await emulator().forgetCalls();
      return [await store.deliveryOf(userName, id, secretName, 'listed'), ...(await asked())];
    };
    expect(await of('ann', 'AKIAANN')).to.deep.equal(['current']);
    expect(await of('ann', 'AKIAOTHER')).to.deep.equal(['superseded', 'DescribeSecret']);
    expect(await of('cem', 'AKIACEM')).to.deep.equal(['gone', 'DescribeSecret']);
    const arn = (await store.listed.all()).find(({ Name }) => Name.endsWith('/ann'))?.ARN;
    expect(await of('ann', 'AKIAANN', arn)).to.deep.equal(['current']);
    await client.send(new DeleteSecretCommand({ SecretId: 'access-key-rotation/ann' }));
    expect(await store.deliveryOf('ann', 'AKIAANN', undefined), 'asked now').to.equal('deleting');
  });
});
