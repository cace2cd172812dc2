import { expect } from 'chai';
import { stsSessions } from '../../../src/aws/account/sts-sessions.ts';
import { HOUR } from '../../../src/domain/time.ts';
import type { SeedMemberRole } from '../../support/emulator/emulator.ts';
import { accountIn, createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import {
  accountWith,
  callsOf,
  failureOf,
  SESSION_OPTIONS,
  FIRST_MEMBER,
  MANAGEMENT,
  userNamed,
} from '../support.ts';

const due = (userName: string) => userWithKey(userName, { age: 65, usedAgo: 1 });
const users = ['ann', 'bob'].map(due);
const ROLE = { roleName: 'access-key-rotation', rolePath: '/', runId: 'run-1' };

describe('a run enters', () => {
  const emulator = emulatorForThisFile();
  let world: World;

  const enter = (memberRole: SeedMemberRole = {}, people = users) =>
    createWorld(emulator(), {
      accounts: ['app', 'data'].map((name) => ({ name, users: people, memberRole })),
      management: { users: people, memberRole },
    });
  const assumed = () => callsOf(emulator(), 'sts:AssumeRole');

  for (const mode of ['audit', 'enforce'] as const) {
    it(`every account with one AssumeRole, however much it does there, in mode ${mode}`, async () => {
      world = await enter();
      await world.run({ mode });
      const roles = (await assumed()).map(({ params }) => params['RoleArn']);
      const ids = [MANAGEMENT, ...world.organization.accounts.map(({ id }) => id)];
      expect(roles).to.have.members(ids.map((id) => `arn:aws:iam::${id}:role/access-key-rotation`));
    });
  }

  it('the account it runs in by its member role, and does nothing there with its own', async () => {
    world = await enter();
    const report = await world.run();
    expect(accountIn(report, 'management')).to.include({ status: 'rotated' });
    const made = (await callsOf(emulator(), 'iam:CreateAccessKey')).filter(
      ({ accountId }) => accountId === MANAGEMENT,
    );
    expect(made).to.have.length(users.length);
    const { accessKeyId: ofTheService } = world.organization.credentials;
    for (const { accessKeyId } of made) expect(accessKeyId).not.to.equal(ofTheService);
    const byItself = (await emulator().calls()).filter(({ accessKeyId }) => accessKeyId === ofTheService);
    const actions = byItself.map(({ action }) => action);
    expect(actions.filter((action) => /^(iam|secretsmanager):/.test(action))).to.deep.equal([]);
  });

  it('the account it runs in once, for all whose secrets are there', async () => {
    world = await enter();
    const sessions = stsSessions(world.aws, ROLE, world.clock);
    const secrets = { ...SESSION_OPTIONS.secrets, delivery: 'central' } as const;
    for (const id of [...world.organization.accounts.map((one) => one.id), MANAGEMENT]) {
      const session = await sessions.open(accountWith(id), { readOnly: false, secrets });
      await session.secrets.look(userNamed('ann', id));
    }
    const roles = (await assumed()).map(({ params }) => params['RoleArn']?.split(':')[4]);
    expect(roles).to.have.members([MANAGEMENT, ...world.organization.accounts.map(({ id }) => id)]);
    const looked = await callsOf(emulator(), 'secretsmanager:DescribeSecret');
    expect(looked.map(({ accountId }) => accountId)).to.deep.equal(Array(6).fill(MANAGEMENT));
  });

  it('the organization as somebody whose name is known, asked for once', async () => {
    world = await enter();
    const sessions = stsSessions(world.aws, ROLE, world.clock);
    await sessions.open(accountWith(FIRST_MEMBER), SESSION_OPTIONS);
    expect(await sessions.caller()).to.match(
      /^arn:aws:sts::123456789012:assumed-role\/access-key-rotation-service\/./,
    );
    await sessions.caller();
    expect(await callsOf(emulator(), 'sts:GetCallerIdentity')).to.have.length(1);
  });

  for (const [accessKeyId, title, expected] of [
    ['AKIAIOSFODNN7EXAMPLE', 'the key of an IAM user, which it must leave alone', 'AKIAIOSFODNN7EXAMPLE'],
    ['ASIAIOSFODNN7EXAMPLE', "the credentials of a role, which are nobody's key", undefined],
  ] as const) {
    it(`the organization with ${title}`, async () => {
      world = await enter();
      const credentials = async () => ({ accessKeyId, secretAccessKey: 'x' });
      const sessions = stsSessions({ ...world.aws, credentials }, ROLE, world.clock);
      expect(await sessions.signingKeyId()).to.equal(expected);
      expect(await emulator().calls()).to.deep.equal([]);
    });
  }

  it('nothing when there are no credentials', async () => {
    world = await enter();
    const credentials = () => Promise.reject(new Error('none'));
    const sessions = stsSessions({ ...world.aws, credentials }, ROLE, world.clock);
    expect(await failureOf(sessions.signingKeyId())).to.include({ during: 'read the credentials' });
  });

  it('every account after asking once who it is', async () => {
    world = await enter();
    await world.run({ mode: 'audit' });
    expect(await callsOf(emulator(), 'sts:GetCallerIdentity')).to.have.length(1);
  });

  it('accounts by the role, the path and the external id of its settings', async () => {
    world = await enter({ name: 'rotator', path: '/security/keys/', externalId: 'the-id' }, []);
    const report = await world.run({
      environment: {
        ROTATION_ROLE_NAME: 'rotator',
        ROTATION_ROLE_PATH: '/security/keys/',
        ROTATION_EXTERNAL_ID: 'the-id',
      },
    });
    expect(report.accounts.map(({ status }) => status)).to.deep.equal(Array(3).fill('rotated'));
    // They are entered side by side: nobody knows which is the first.
    const asked = (await assumed()).map(({ params }) => [params['RoleArn'], params['ExternalId']]);
    expect(asked).to.deep.include(['arn:aws:iam::111111111101:role/security/keys/rotator', 'the-id']);
  });

  it('accounts for 15 minutes, under a name that carries the id of the run', async () => {
    world = await enter({}, []);
    const { runId } = await world.run();
    for (const { params } of await assumed()) {
      expect(params['DurationSeconds']).to.equal('900');
      expect(params['RoleSessionName'])
        .to.match(/^[\w+=,.@-]{2,64}$/)
        .and.to.contain(runId);
      expect(params).not.to.have.any.keys('ExternalId', 'Policy');
    }
  });

  it('accounts in an audit with sessions that can only read', async () => {
    world = await enter();
    await world.run({ mode: 'audit' });
    for (const { params } of await assumed()) {
      const policy = JSON.parse(params['Policy'] ?? '') as {
        Statement: [{ Effect: string; Action: string[] }];
      };
      expect(policy.Statement).to.have.length(1);
      expect(policy.Statement[0].Effect).to.equal('Allow');
      for (const action of policy.Statement[0].Action)
        expect(action).to.match(/^\w+:(Get|List|Describe|LookupEvents|GenerateCredentialReport)/);
      expect(policy.Statement[0].Action).not.to.include('secretsmanager:GetSecretValue');
    }
  });

  for (const readOnly of [true, false]) {
    it(`accounts ${readOnly ? 'only to read' : 'to write, too'}, when it is told so`, async () => {
      world = await enter({}, []);
      const sessions = stsSessions(world.aws, ROLE, world.clock);
      await sessions.open(accountWith(FIRST_MEMBER), { ...SESSION_OPTIONS, readOnly });
      expect((await assumed()).map(({ params }) => 'Policy' in params)).to.deep.equal([readOnly]);
    });
  }

  it('an account again when its session is about to end', async () => {
    world = await enter({}, []);
    // The clock of the run is an hour ahead of the sessions' ends: every set is old when it comes.
    const late = { ...world.clock, now: () => world.clock.now() + HOUR };
    const sessions = stsSessions(world.aws, ROLE, late);
    const { inventory } = await sessions.open(accountWith(FIRST_MEMBER), SESSION_OPTIONS);
    await inventory.users();
    expect((await assumed()).length).to.be.above(1);
  });
});
