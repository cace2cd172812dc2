import { expect } from 'chai';
import { READ_ONLY_SESSION_POLICY } from '../../src/aws/account/read-only-session.ts';
import { readTemplate } from '../deploy/cloudformation.ts';
import { statementsOf } from '../deploy/roles.ts';
import { file } from '../deploy/templates-for-accounts.ts';
import type { Call } from '../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, type World } from '../support/world.ts';
import {
  actionsNamedIn,
  FIRST_MEMBER,
  MANAGEMENT,
  memberRights,
  NEEDS_NO_PERMISSION,
  ownMemberRights,
  policyOf,
  serviceRights,
  type Rights,
} from './deployed.ts';
import {
  EVERY_SITUATION,
  leaveOrphans,
  leavePast,
  letRead,
  SECRETS_IN_THE_TOPIC,
  set,
  SETTINGS,
  usersOf,
} from './organization.ts';
import { allowedOf, EVERYTHING, everyActionOf, isAllowed } from './simulate.ts';
import { work } from './work.ts';

const session: Rights = statementsOf(JSON.parse(READ_ONLY_SESSION_POLICY) as never);
const principal = `arn:aws:sts::${FIRST_MEMBER}:assumed-role/access-key-rotation/run`;

/** All that an audit may do in an account, whatever its role allows. */
const READS = [
  'cloudtrail:LookupEvents',
  'iam:GenerateCredentialReport',
  'iam:GetAccessKeyLastUsed',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:GetGroup',
  'iam:ListAccessKeys',
  'iam:ListUserTags',
  'iam:ListUsers',
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecrets',
];

const withoutConditions = (rights: Rights): Rights => rights.map(({ Condition: _, ...right }) => right);

describe('the session policy of an audit', () => {
  const OF_THE_ROLE = actionsNamedIn(readTemplate(file('member-role')));

  for (const action of OF_THE_ROLE) {
    const verdict = READS.includes(action) ? 'allows' : 'denies';
    it(`${verdict} ${action}, which the member role allows`, async () => {
      const possible = await everyActionOf(action.split(':')[0] ?? '', FIRST_MEMBER);
      const same = possible.filter((one) => one.action === action);
      expect(same).not.to.have.length(0);
      // Not to be excused by a condition of the role that happens not to hold here.
      const rights = withoutConditions(memberRights());
      const allowed = await Promise.all(
        same.map((one) => isAllowed({ principal, ...one }, { rights, session })),
      );
      expect(allowed.includes(true)).to.equal(verdict === 'allows');
    });
  }

  for (const [service, allowed] of [
    ['iam', READS.filter((action) => action.startsWith('iam:'))],
    ['secretsmanager', READS.filter((action) => action.startsWith('secretsmanager:'))],
    ['sts', ['sts:GetCallerIdentity']], // nobody can be denied it
    ['cloudtrail', ['cloudtrail:LookupEvents']],
    ['organizations', []],
    ['kms', []],
    ['dynamodb', []],
    ['sns', []],
  ] as const) {
    it(`leaves of ${service} only reading, even of a role that may do everything`, async () => {
      const found = await allowedOf(service, principal, { rights: EVERYTHING, session });
      expect(found).to.deep.equal(allowed);
    });
  }
});

describe('an audit with exactly the deployed policies', function () {
  const emulator = emulatorForThisFile();
  let world: World;
  let problems: readonly string[];
  let calls: readonly Call[];

  before(async () => {
    world = await createWorld(emulator(), {
      accounts: [
        {
          name: 'member',
          users: usersOf(FIRST_MEMBER, EVERY_SITUATION),
          memberRole: { policy: policyOf(memberRights()) },
        },
      ],
      management: {
        users: usersOf(MANAGEMENT, EVERY_SITUATION),
        memberRole: { policy: policyOf(await ownMemberRights()) },
      },
      service: { policy: policyOf(await serviceRights()) },
      topicReaders: [],
    });
    await letRead(world);
    for (const id of [FIRST_MEMBER, MANAGEMENT]) {
      await leavePast(world, id, EVERY_SITUATION);
      await leaveOrphans(world, id);
    }
    await set(world, 'organization', { ...SETTINGS, ...SECRETS_IN_THE_TOPIC });
    ({ problems } = await work(world, { mode: 'audit' }));
    // Root's keys are told by one call where all users are listed, and by the report where there is one.
    await work(world, { mode: 'audit', environment: { ROTATION_INVENTORY: 'credential-report' } });
    calls = await emulator().calls();
  });

  const sentIn = (accountId: string) => {
    const actions = calls.filter((call) => call.accountId === accountId).map(({ action }) => action);
    return [...new Set(actions)].filter((action) => !(action in NEEDS_NO_PERMISSION)).sort();
  };

  it('is denied nothing, and finds only the replacements that others began', () => {
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include('began a replacement and did not finish it');
    expect(calls.filter(({ status }) => status === 403)).to.deep.equal([]);
  });

  it('asks for every session with the policy, for that in its own account, too', () => {
    const entered = calls.filter(({ action }) => action === 'sts:AssumeRole');
    const accounts = new Set(entered.map(({ params }) => params['RoleArn']?.split(':')[4]));
    expect([...accounts]).to.have.members([FIRST_MEMBER, MANAGEMENT]);
    for (const { params } of entered) expect(params['Policy']).to.equal(READ_ONLY_SESSION_POLICY);
  });

  it('sends nothing about keys, users and secrets with the role of the service itself', () => {
    const { accessKeyId: ofTheService } = world.organization.credentials;
    const actions = calls.filter((call) => call.accessKeyId === ofTheService).map(({ action }) => action);
    expect(actions.filter((action) => READS.includes(action))).to.deep.equal([]);
  });

  it('sends in a member every action that the session policy allows, and no other', () => {
    // That one only before the last date of a key: see test/scenarios/who-uses-it.test.ts.
    expect(sentIn(FIRST_MEMBER)).to.deep.equal(
      READS.filter((action) => action !== 'cloudtrail:LookupEvents'),
    );
  });

  it('sends in its own account nothing that writes, but its digests and events', () => {
    const other = sentIn(MANAGEMENT).filter((action) => !READS.includes(action));
    expect(other).to.deep.equal([
      'cloudwatch:GetMetricStatistics',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'events:PutEvents',
      'organizations:ListAccounts',
      'sns:ListSubscriptionsByTopic',
      'sns:Publish',
      'sts:AssumeRole',
    ]);
  });
});
