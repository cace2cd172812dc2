import { expect } from 'chai';
import type { RoleSettings } from '../../../src/aws/account/sessions.ts';
import { stsSessions } from '../../../src/aws/account/sts-sessions.ts';
import type { SeedAccount } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, REGION, START, userWithKey } from '../../support/world.ts';
import {
  accountWith,
  callsOf,
  SESSION_OPTIONS,
  failureOf,
  FIRST_MEMBER,
  MANAGEMENT,
  settingsFor,
  userNamed,
} from '../support.ts';
import { identityAnswer, sessionAnswer, startOddAws, type OddAws } from '../wire.ts';

const ROLE: RoleSettings = {
  roleName: 'access-key-rotation',
  rolePath: '/',
  runId: 'run-1',
};
const clock = { now: () => START, sleep: () => Promise.resolve() };
const KEY = 'AKIAEXAMPLE000000001';
const users = [userWithKey('ann', { age: 65, usedAgo: 1, id: KEY })];

describe('an account is not entered', () => {
  const emulator = emulatorForThisFile();

  type Line = readonly [title: string, seed: Partial<SeedAccount>, role: Partial<RoleSettings>];
  const LINES: readonly Line[] = [
    ['without the role', { memberRole: false }, {}],
    ['when the role is under another path', { memberRole: { path: '/security/' } }, {}],
    ['when the role has another name', {}, { roleName: 'rotator' }],
    ['without the external id it wants', { memberRole: { externalId: 'right' } }, {}],
    ['with a wrong external id', { memberRole: { externalId: 'right' } }, { externalId: 'wrong' }],
    ['when it is suspended', { state: 'SUSPENDED' }, {}],
  ];
  for (const [title, seed, role] of LINES) {
    it(`${title}, and it is said what to do`, async () => {
      const account = { name: 'app', users, ...seed };
      const { aws } = await createWorld(emulator(), { accounts: [account] });
      const { roleName, ...settings } = { ...ROLE, ...role };
      const opening = stsSessions(aws, { roleName, ...settings }, clock).open(
        accountWith(FIRST_MEMBER),
        SESSION_OPTIONS,
      );
      const failure = await failureOf(opening);
      expect(failure).to.include({ kind: 'denied', during: 'sts:AssumeRole' });
      for (const part of [`/${roleName}`, FIRST_MEMBER, MANAGEMENT, 'trust', 'ROTATION_EXTERNAL_ID']) {
        expect(failure.nextStep).to.contain(part);
      }
      expect(failure.nextStep).not.to.contain('wrong');
    });
  }

  it('when its trust policy admits another role of the service account', async () => {
    await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    const other = settingsFor(emulator(), await emulator().credentialsFor(MANAGEMENT, 'somebody'));
    const failure = await failureOf(
      stsSessions(other, ROLE, clock).open(accountWith(FIRST_MEMBER), SESSION_OPTIONS),
    );
    expect(failure).to.include({ kind: 'denied', during: 'sts:AssumeRole' });
  });

  it('while the credentials of the run are refused, and the account after it may have more luck', async () => {
    const { aws } = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    const code = 'InvalidClientTokenId';
    await emulator().inject({ action: 'sts:GetCallerIdentity', kind: 'error', code, times: 1 });
    const sessions = stsSessions(aws, ROLE, clock);
    const failure = await failureOf(sessions.open(accountWith(FIRST_MEMBER), SESSION_OPTIONS));
    expect(failure).to.include({ kind: 'denied', during: 'sts:GetCallerIdentity' });
    expect(failure.nextStep).to.contain('credentials');
    const { inventory } = await sessions.open(accountWith(FIRST_MEMBER), SESSION_OPTIONS);
    expect(await inventory.users()).to.have.length(1);
  });

  it('when it is that of the service and has no role, and the stack of the service makes it', async () => {
    const accounts = [{ name: 'app', users }];
    const { aws } = await createWorld(emulator(), { accounts, management: { memberRole: false } });
    const sessions = stsSessions(aws, ROLE, clock);
    const central = {
      ...SESSION_OPTIONS,
      secrets: { ...SESSION_OPTIONS.secrets, delivery: 'central' },
    } as const;
    for (const opening of [
      sessions.open(accountWith(MANAGEMENT), SESSION_OPTIONS),
      sessions.open(accountWith(FIRST_MEMBER), central), // for the secrets
    ]) {
      const failure = await failureOf(opening);
      expect(failure).to.include({ kind: 'denied', during: 'sts:AssumeRole' });
      for (const part of ['npx serverless deploy', `/access-key-rotation in ${MANAGEMENT}`, 'trust']) {
        expect(failure.nextStep).to.contain(part);
      }
    }
    const { inventory } = await sessions.open(accountWith(FIRST_MEMBER), SESSION_OPTIONS);
    expect(await inventory.users()).to.have.length(1);
  });

  for (const [where, id, delivery] of [
    ['in the account the service runs in', MANAGEMENT, 'member'],
    ['in a member', FIRST_MEMBER, 'member'],
    ['in a member with its secrets in the account of the service', FIRST_MEMBER, 'central'],
  ] as const) {
    it(`to write in an audit ${where}: AWS refuses every such call`, async () => {
      const { aws } = await createWorld(emulator(), {
        accounts: [{ name: 'app', users }],
        management: { users: [userWithKey('ann', { age: 65, id: 'AKIAEXAMPLE000000002' })] },
      });
      const sessions = stsSessions(aws, ROLE, clock);
      const entrance = { readOnly: true, secrets: { ...SESSION_OPTIONS.secrets, delivery } } as const;
      const { writer, secrets, inventory } = await sessions.open(accountWith(id), entrance);
      const keyId = id === MANAGEMENT ? 'AKIAEXAMPLE000000002' : KEY;
      const key = { id: keyId, status: 'active', createdAt: START, secret: 'not-to-be-sent' } as const;
      const user = userNamed('ann', id);
      const state = { name: 'access-key-rotation/ann', exists: true };
      const untouched = await emulator().snapshot();
      await emulator().forgetCalls();
      for (const write of [
        () => writer.create('ann'),
        () => writer.deactivate('ann', keyId),
        () => writer.activate('ann', keyId),
        () => writer.delete('ann', keyId),
        () => secrets.store(user, key, state),
        () => secrets.promote(key, state),
      ]) {
        expect(await failureOf(write())).to.include({ kind: 'denied' });
      }
      await inventory.users();
      const allowed = (await emulator().calls()).filter(({ status }) => status === 200);
      expect(allowed.map(({ action }) => action)).to.deep.equal(['iam:ListUsers']);
      expect(await emulator().snapshot()).to.deep.equal(untouched);
    });
  }

  it('with anything but a session when the first call has to be repeated', async () => {
    const { aws } = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    await emulator().inject({ action: 'sts:AssumeRole', kind: 'error', times: 1 });
    const { inventory } = await stsSessions(aws, ROLE, clock).open(
      accountWith(FIRST_MEMBER),
      SESSION_OPTIONS,
    );
    expect(await inventory.users()).to.have.length(1);
    expect(await callsOf(emulator(), 'sts:AssumeRole')).to.have.length(2);
  });
});

describe('an AWS between the run and the account', () => {
  const SERVICE = 'arn:aws:sts::123456789012:assumed-role/service/x';
  let odd: OddAws | undefined;
  afterEach(() => odd?.stop());

  async function openWith(identity: string, session: string) {
    odd = await startOddAws(({ Action }) => (Action === 'AssumeRole' ? session : identityAnswer(identity)));
    const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret' };
    const settings = { ...settingsFor(odd, credentials), region: REGION };
    return stsSessions(settings, ROLE, clock).open(accountWith(FIRST_MEMBER), SESSION_OPTIONS);
  }
  const sessionIn = (account: string, partition = 'aws') =>
    `arn:${partition}:sts::${account}:assumed-role/access-key-rotation/x`;

  for (const partition of ['aws', 'aws-us-gov', 'aws-cn']) {
    it(`that is of the partition ${partition} is asked for a role of that partition`, async () => {
      const identity = SERVICE.replace(':aws:', `:${partition}:`);
      await openWith(identity, sessionAnswer(sessionIn(FIRST_MEMBER, partition)));
      const [, request] = odd?.requests ?? [];
      expect(request?.['RoleArn']).to.equal(`arn:${partition}:iam::${FIRST_MEMBER}:role/access-key-rotation`);
    });
  }

  for (const [title, session] of [
    ['another account', sessionAnswer(sessionIn('999999999999'))],
    ['an account that nobody can tell', sessionAnswer('')],
  ] as const) {
    it(`that hands out a session of ${title} is refused`, async () => {
      const failure = await failureOf(openWith(SERVICE, session));
      expect(failure).to.include({ kind: 'unknown', during: 'sts:AssumeRole' });
      expect(failure.message).to.contain(`not to ${FIRST_MEMBER}`);
    });
  }

  it('that hands out no credentials is refused', async () => {
    const session = sessionAnswer(sessionIn(FIRST_MEMBER), { credentials: false });
    const failure = await failureOf(openWith(SERVICE, session));
    expect(failure).to.include({ kind: 'unknown', message: 'the answer lacks credentials' });
  });

  it("that doesn't say who is calling is refused", async () => {
    const failure = await failureOf(openWith('', sessionAnswer(sessionIn(FIRST_MEMBER))));
    expect(failure).to.include({ kind: 'unknown', during: 'sts:GetCallerIdentity' });
  });
});
