import { expect } from 'chai';
import { compose } from '../../src/compose/run.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { takeLease } from '../../src/run/context/lease.ts';
import { replaceKey } from '../../src/run/rotation/replace-key.ts';
import { accountSettings, decision, key } from '../support/builders.ts';
import { HOW } from '../support/memory/organization.ts';
import { byAction, sumOf, type CallsByAction } from '../support/calls-by-action.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../support/world.ts';

/** Reading who has which keys is no part of it, but listing those of the user right before the intent is. */
const EACH_TIME = {
  'dynamodb:PutItem': 1,
  'dynamodb:TransactWriteItems': 1,
  'iam:CreateAccessKey': 1,
  'iam:ListAccessKeys': 1,
  'secretsmanager:PutSecretValue': 1,
  'secretsmanager:UpdateSecretVersionStage': 1,
  'sts:GetCallerIdentity': 1,
};
const FIRST = { ...EACH_TIME, 'secretsmanager:CreateSecret': 1, 'secretsmanager:PutResourcePolicy': 1 };
const NEXT = { ...EACH_TIME, 'secretsmanager:GetResourcePolicy': 1, 'secretsmanager:TagResource': 1 };
const ONE_LIST = { 'secretsmanager:ListSecrets': 1 };

describe('what a replacement asks of AWS', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    const users = ['ann', 'bob', 'cem'].map((userName) => userWithKey(userName, { age: 70, usedAgo: 1 }));
    world = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
  });

  /** A run of its own, in which the only key of each of these users is due. */
  const replacing = async (userNames: readonly string[], only: readonly string[] = []) => {
    const settings = readSettings({ ROTATION_MODE: 'enforce', ...world.environment }, 'enforce');
    const run = compose(
      settings,
      readRequest({ mode: 'enforce', ...(only.length === 0 ? {} : { userNames: only }) }),
      {
        ...world.aws,
        publish: true,
      },
    );
    const [app] = (await run.directory.list({ withOus: false })).accounts.filter(
      ({ name }) => name === 'app',
    );
    if (app === undefined) throw new Error('the account is seeded');
    const session = await run.sessions.open(app, HOW);
    const caller = await run.sessions.caller();
    const taken = await takeLease(run.ledger, run.clock, app.id, run.runId);
    if (!('lease' in taken)) throw new Error('nobody has the account');
    const { lease } = taken;
    const context = { run, account: app, settings: accountSettings({}, app), session, lease, caller };
    const users = (await session.inventory.users()).filter(({ userName }) => userNames.includes(userName));
    const due = await Promise.all(
      users.map(async ({ userName, arn: userArn, userId }) => {
        const [listed] = await session.inventory.keysOf(userName);
        return decision('replace', { userName, userArn, userId, key: { ...key(), ...listed } });
      }),
    );
    await emulator().forgetCalls();
    const outcomes = await Promise.all(due.map((one) => replaceKey(one, context)));
    const calls = byAction(await emulator().calls());
    expect(outcomes.map(({ outcome }) => outcome.status)).to.deep.equal(due.map(() => 'applied'));
    for (const one of due) await session.writer.delete(one.userName, one.key.id);
    await lease.release();
    return calls;
  };
  const times = (count: number, calls: CallsByAction): CallsByAction =>
    Object.fromEntries(Object.entries(calls).map(([action, each]) => [action, count * each]));

  it('is nine calls each the first time and the next, and one list for all', async () => {
    expect([sumOf(FIRST), sumOf(NEXT)]).to.deep.equal([9, 9]);
    const all = ['ann', 'bob', 'cem'];
    expect(await replacing(all)).to.deep.equal({ ...times(3, FIRST), ...ONE_LIST });
    expect(await replacing(all)).to.deep.equal({ ...times(3, NEXT), ...ONE_LIST });
    expect(await replacing(all)).to.deep.equal({ ...times(3, NEXT), ...ONE_LIST });
  });

  it('where the list is denied, one look more, or two where there is no secret yet', async () => {
    await emulator().inject({
      action: 'secretsmanager:ListSecrets',
      kind: 'error',
      code: 'AccessDeniedException',
    });
    const look = { 'secretsmanager:DescribeSecret': 1 };
    const both = ['ann', 'bob'];
    expect(await replacing(both)).to.deep.equal({ ...times(2, FIRST), ...times(4, look), ...ONE_LIST });
    expect(await replacing(both)).to.deep.equal({ ...times(2, NEXT), ...times(2, look), ...ONE_LIST });
  });

  it('for a user who is named, no list of what others have', async () => {
    const looks = (count: number) => ({ 'secretsmanager:DescribeSecret': count });
    expect(await replacing(['ann'], ['ann'])).to.deep.equal({ ...FIRST, ...looks(2) });
    expect(await replacing(['ann'], ['ann'])).to.deep.equal({ ...NEXT, ...looks(1) });
  });
});
