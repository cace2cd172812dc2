import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import { isClean } from '../../src/domain/report/run-report.ts';
import { adminOf, FIRST_MEMBER } from '../aws/support.ts';
import { set } from '../privileges/organization.ts';
import { emulatorForThisFile, outcomesIn, userWithKey, type World } from '../support/world.ts';
import { actionsOf, ANNOUNCED, faultAt, FOR_GOOD, keysIn, ledgerOf, oneAccount } from './one-account.ts';
import { reportOf, run } from './run.ts';

const KEY = 'AKIAANNHASTHISKEY000';
const due = userWithKey('ann', { id: KEY, age: 70, usedAgo: 1 });
const UNTOUCHED = [`${KEY} Active`];

describe('What could not be read', function () {
  const emulator = emulatorForThisFile();

  describe('of the last use of a key', () => {
    const CASES = [
      ['was long ago, and counts as unused', userWithKey('ann', { id: KEY, age: 200, usedAgo: 120 })],
      ['never was, and counts as unused', userWithKey('ann', { id: KEY, age: 200 })],
    ] as const;
    const announced = async (user: (typeof CASES)[number][1]): Promise<World> => {
      const world = await oneAccount(emulator(), user);
      await (
        await ledgerOf(world)
      ).record(FIRST_MEMBER, [{ kind: 'published', userName: 'ann', accessKeyId: KEY, notice: ANNOUNCED }]);
      return world;
    };
    for (const [title, user] of CASES) {
      it(`${title} where it can be read`, async () => {
        const world = await announced(user);
        await run(world);
        expect(await keysIn(world)).to.deep.equal([`${KEY} Inactive`]);
      });
    }

    for (const trouble of FOR_GOOD) {
      it(`never counts as unused: ${trouble.title}`, async () => {
        for (const [title, user] of CASES) {
          const world = await announced(user);
          await emulator().inject(faultAt({ action: 'iam:GetAccessKeyLastUsed' }, trouble));
          const report = reportOf(await run(world));
          expect(await keysIn(world), title).to.deep.equal(UNTOUCHED);
          expect(isClean(report), title).to.equal(false);
        }
      });
    }
  });

  describe('of an exemption', () => {
    const CASES = [
      ['by a tag', 'tag:rotate=no', { tags: { rotate: 'no' } }, 'iam:ListUserTags'],
      ['by a group', 'group:break-glass', { groups: ['break-glass'] }, 'iam:GetGroup'],
    ] as const;
    const exempt = async (by: string, facts: object): Promise<World> => {
      const world = await oneAccount(emulator(), { ...due, ...facts });
      const rule = { users: [by], owner: 'Ann', reason: 'until the migration is over', until: '2026-06-30' };
      await set(world, 'organization', { exemptions: [rule] });
      return world;
    };

    it('is none where there is none: the key is replaced', async () => {
      const world = await exempt('tag:rotate=no', {});
      expect(outcomesIn(reportOf(await run(world)), 'app')).to.deep.equal(['ann replace due applied']);
    });

    for (const [title, by, facts, action] of CASES) {
      for (const trouble of FOR_GOOD) {
        it(`${title} never counts as none: ${trouble.title}`, async () => {
          const world = await exempt(by, facts);
          await emulator().inject(faultAt({ action }, trouble));
          const report = reportOf(await run(world));
          expect(await keysIn(world)).to.deep.equal(UNTOUCHED);
          expect(await actionsOf(world)).not.to.include('iam:CreateAccessKey');
          expect(isClean(report)).to.equal(false);
        });
      }
    }
  });

  describe('of the settings', () => {
    for (const action of ['dynamodb:GetItem', 'dynamodb:Query']) {
      for (const trouble of FOR_GOOD) {
        it(`never counts as none set: ${action} ${trouble.title}`, async () => {
          const world = await oneAccount(emulator(), due);
          await emulator().inject(faultAt({ action, match: { pk: 'settings' } }, trouble));
          const ending = await run(world);
          expect(ending).to.have.nested.property('error.failure.during').that.includes(action);
          expect((await actionsOf(world)).filter((one) => !one.startsWith('dynamodb:'))).to.deep.equal([]);
        });
      }
    }

    const BAD_ROWS = [
      ['whose values are none', { sk: 'organization', values: 'enforce' }],
      ['that sets what there is not', { sk: 'organization', values: { rotateAfterwards: 90 } }],
      ['that sets what cannot be', { sk: `account#${FIRST_MEMBER}`, values: { rotateAfter: -1 } }],
      ['of the user', { sk: `user#${FIRST_MEMBER}#ann`, values: { exemption: 'yes' } }],
      ['of nobody knows whom', { sk: 'account#payments', values: { mode: 'audit' } }],
    ] as const;
    for (const [title, row] of BAD_ROWS) {
      it(`never counts as not there: a row ${title}`, async () => {
        const world = await oneAccount(emulator(), due);
        const client = new DynamoDBClient(await adminOf(emulator(), world.organization.serviceAccountId));
        const TableName = world.organization.tableName;
        const Item = marshall({ pk: 'settings', final: [], ...row });
        await client.send(new PutItemCommand({ TableName, Item }));
        client.destroy();
        const report = reportOf(await run(world));
        expect(await keysIn(world)).to.deep.equal(UNTOUCHED);
        expect(isClean(report)).to.equal(false);
      });
    }
  });

  for (const trouble of FOR_GOOD) {
    it(`of the ledger never counts as nothing known: ${trouble.title}`, async () => {
      const world = await oneAccount(emulator(), due);
      await emulator().inject(faultAt({ action: 'dynamodb:Query', match: { pk: 'account#*' } }, trouble));
      const report = reportOf(await run(world));
      expect(outcomesIn(report, 'app')).to.deep.equal(['unreachable']);
      expect(await keysIn(world)).to.deep.equal(UNTOUCHED);
    });
  }
});
