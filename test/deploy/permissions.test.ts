import { expect } from 'chai';
import type { Emulator } from '../support/emulator/emulator.ts';
import { accountIn, createWorld, emulatorForThisFile, REGION, userWithKey } from '../support/world.ts';
import { create } from './cloudformation.ts';
import { packagedByDefault } from './packaged.ts';
import { rightsOf, type Statement } from './roles.ts';
import { roleOf } from './templates-for-accounts.ts';

const SERVICE = '123456789012';
const MEMBER = '111111111101';

const inAccount = (id: string) => ({
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': id,
  ServiceAccountId: SERVICE,
});
const emulated = {
  ...inAccount(SERVICE),
  'Ledger.Arn': `arn:aws:dynamodb:${REGION}:${SERVICE}:table/access-key-rotation`,
  Topic: `arn:aws:sns:${REGION}:${SERVICE}:access-key-rotation`,
};

const policy = (rights: readonly Statement[]) => ({ Version: '2012-10-17', Statement: rights });

/** AWS asks for the permissions of its parts instead; the emulator takes it for an action. */
const TRANSACTION = { Effect: 'Allow', Action: 'dynamodb:TransactWriteItems', Resource: '*' };

/** Owners move to what they are given: a replaced key goes only once they have. */
async function useNewestKeys(emulator: Emulator): Promise<void> {
  const users = (await emulator.snapshot()).flatMap((account) => account.users);
  const newest = users.flatMap(({ keys }) =>
    keys.toSorted((one, other) => other.createdAt - one.createdAt).slice(0, 1),
  );
  await emulator.markUsed(newest.map(({ id }) => id));
}

describe('the deployed roles', function () {
  const emulator = emulatorForThisFile();

  it('are enough for a key to be replaced, deactivated and deleted, in a member and at home', async () => {
    const { resources } = create((await packagedByDefault()).template, emulated);
    const { ServiceRole: service, OwnMemberRole: own } = resources;
    if (service === undefined || own === undefined) throw new Error('the stack lacks a role');
    const users = [userWithKey('alice', { age: 70, usedAgo: 1 })];
    const world = await createWorld(emulator(), {
      accounts: [
        {
          name: 'member',
          users,
          memberRole: { policy: policy(rightsOf(roleOf('member-role', inAccount(MEMBER)))) },
        },
      ],
      management: { users, memberRole: { policy: policy(rightsOf(own)) } },
      service: { policy: policy([...rightsOf(service), TRANSACTION]) },
    });

    const done: string[] = [];
    for (let week = 0; week < 6; week += 1) {
      const report = await world.run({ environment: { ROTATION_INCLUDE_OUS: world.organization.rootId } });
      for (const name of ['member', 'management']) {
        const account = accountIn(report, name);
        if (account.status !== 'rotated') throw new Error(`${name}: ${JSON.stringify(account)}`);
        for (const { status, decision } of account.outcomes) {
          if (status !== 'none') done.push(`${name}: ${decision.action} ${status}`);
        }
      }
      await useNewestKeys(emulator());
      await world.pass(7);
    }
    expect(done).to.deep.equal([
      'member: replace applied',
      'management: replace applied',
      'member: deactivate applied',
      'management: deactivate applied',
      'member: delete applied',
      'management: delete applied',
    ]);
  });
});
