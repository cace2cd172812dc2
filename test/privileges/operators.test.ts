import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { expect } from 'chai';
import { ROOT } from '../../scripts/third-party.ts';
import { composeSubscribe } from '../../src/compose/subscribe.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { ownTopicOf } from '../../src/domain/subscriptions/subscription.ts';
import { adminOf } from '../aws/support.ts';
import { deploy, leaveReport } from '../cli/deployed.ts';
import { deployFunction, functionOf } from '../cli/function-world.ts';
import { run } from '../cli/terminal.ts';
import { organizationId } from '../deploy/deployed-stack.ts';
import { serviceOf } from '../deploy/used-actions.ts';
import { trustOf } from '../deploy/roles.ts';
import { AGREED } from '../deploy/templates-for-accounts.ts';
import { startFunction, type DeployedFunction } from '../support/deployed-function.ts';
import { BUCKET } from '../support/map/run-map.ts';
import type { Call } from '../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, REGION, type World } from '../support/world.ts';
import {
  allowedBy,
  FIRST_MEMBER,
  MANAGEMENT,
  memberRights,
  memberRole,
  NEEDS_NO_PERMISSION,
  operatorRights,
  ownMemberRights,
  ownMemberRole,
  policyOf,
  TRANSACTION,
  TRANSACTION_PARTS,
  UNSEEN,
} from './deployed.ts';
import {
  keyId,
  leavePast,
  letRead,
  SECRETS_IN_THE_TOPIC,
  set,
  SETTINGS,
  usersOf,
  type Situation,
} from './organization.ts';
import { document, isAllowed } from './simulate.ts';

const OPERATOR = `arn:aws:iam::${MANAGEMENT}:role/operators`;
const NEEDED: readonly Situation[] = ['new-secret', 'announced', 'inactive'];
const ANN = 'ann@example.com';
const WHY = ['--reason', 'as agreed with Ann', '--yes'];
const folder = mkdtempSync(join(tmpdir(), 'access-key-rotation-operators-'));
const [IMPORTED, EXPORTED, PAGE] = ['settings.yaml', 'exported.yaml', 'page.html'].map((name) =>
  join(folder, name),
) as [string, string, string];

/** The emulator doesn't know the names of calls that are addressed by their path. */
const BY_PATH: Readonly<Record<string, string>> = {
  'lambda:?': 'lambda:GetFunctionConfiguration',
  'scheduler:?': 'scheduler:GetSchedule',
};

/** In the account of the service, and in another. */
const inBoth = (typed: (accountId: string) => readonly string[]) => [MANAGEMENT, FIRST_MEMBER].map(typed);

/** What is typed. */
const COMMANDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  overview: [['overview']],
  report: [['report', '--html', PAGE]],
  plan: [['plan']],
  apply: [['apply'], ['apply', '--yes']],
  status: inBoth((id) => ['status', '--account', id]),
  history: inBoth((id) => ['history', '--account', id]),
  doctor: [['doctor']],
  subscribe: [
    ['subscribe', '--contacts', 'security', '--all', '--yes'],
    ...inBoth((id) => ['subscribe', '--email', ANN, '--account', id, '--yes']),
  ],
  replace: inBoth((id) => ['replace', '--account', id, '--user', 'new-secret', ...WHY]),
  restore: inBoth((id) => ['restore', '--account', id, '--key', keyId(id, 'inactive'), ...WHY]),
  accept: inBoth((id) => ['accept', '--account', id, '--limit', 'deactivations', ...WHY]),
  'settings show': inBoth((id) => ['settings', 'show', '--account', id, '--user', 'new-secret']),
  'settings list': [['settings', 'list']],
  'settings export': [['settings', 'export', EXPORTED]],
  'settings import': [['settings', 'import', IMPORTED, '--yes']],
  'settings set': inBoth((id) => ['settings', 'set', 'excludeUsers', 'nobody', '--account', id, '--yes']),
  'settings reset': [['settings', 'reset', '--yes']],
  'settings unset': [['settings', 'unset', 'digestFrequency', '--organization', '--yes']],
};

/** What the table has words of its own for. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  reads: ['dynamodb:GetItem', 'dynamodb:Query'],
  writes: TRANSACTION_PARTS,
  lists: ['organizations:List*'],
  enters: ['sts:AssumeRole'],
};

const quoted = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, one = '']) => one);

describe('operators with exactly the deployed policy', function () {
  const emulator = emulatorForThisFile();
  const sent = new Map<string, ReadonlySet<string>>();
  /** The rows that were written, by the first part of their keys, with what they were written by. */
  const written = new Map<string, Set<string>>();
  let operator = '';
  let deployed: DeployedFunction | undefined;
  afterEach(() => {
    deployed?.close();
  });
  before(() => {
    // Enough for batches.
    const users = Array.from({ length: 460 }, (_, index) => `u${index}: {rotateAfter: 50}`).join(', ');
    writeFileSync(
      IMPORTED,
      `organization: {mode: enforce, rotateAfter: 45}\naccounts: {'${FIRST_MEMBER}': {users: {${users}}}}\n`,
    );
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** An organization that has a past, settings of every kind, and operators. */
  async function begin(tableName: string): Promise<World> {
    const world = await createWorld(emulator(), {
      accounts: [
        {
          name: 'member',
          ou: 'Workloads',
          users: usersOf(FIRST_MEMBER, NEEDED),
          memberRole: { policy: policyOf(memberRights()) },
          securityContact: 'soc@example.com',
        },
      ],
      management: {
        users: usersOf(MANAGEMENT, NEEDED),
        memberRole: { policy: policyOf(await ownMemberRights()) },
        securityContact: 'ciso@example.com',
      },
      topicReaders: [],
    });
    await letRead(world);
    for (const id of [FIRST_MEMBER, MANAGEMENT]) await leavePast(world, id, NEEDED);
    await set(world, 'organization', SETTINGS);
    await set(world, `ou#${world.organization.ous['Workloads'] ?? ''}`, { owner: 'Ben' });
    await set(world, `account#${MANAGEMENT}`, SECRETS_IN_THE_TOPIC);
    await letIn(tableName);
    const environment = {
      ...world.environment,
      ROTATION_MODE: 'enforce',
      ROTATION_EXTERNAL_ID: AGREED.ExternalId,
      ROTATION_TABLE_NAME: tableName,
      ROTATION_INCLUDE_OUS: world.organization.rootId,
      REPORTS_URL: `${emulator().endpoint}/${BUCKET}`,
    };
    if (tableName === 'encrypted') await deploy(world);
    else {
      await deployFunction(world, environment);
      await leaveReport(world);
    }
    deployed = await startFunction(emulator().endpoint, functionOf(world, environment));
    await emulator().forgetCalls();
    const credentials = await emulator().credentialsFor(MANAGEMENT, 'operators');
    operator = credentials.accessKeyId;
    return {
      ...world,
      // Doctor looks at what the environment names; the others go by the function.
      environment: tableName === 'encrypted' ? environment : {},
      aws: { ...world.aws, endpoint: deployed.endpoint, credentials: () => Promise.resolve(credentials) },
    };
  }

  async function letIn(TableName: string): Promise<void> {
    const home = new IAMClient(await adminOf(emulator(), MANAGEMENT));
    const RoleName = 'operators';
    const AssumeRolePolicyDocument = JSON.stringify(document([]));
    await home.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const byPath = { Effect: 'Allow', Action: Object.keys(BY_PATH), Resource: '*' };
    const PolicyDocument = JSON.stringify(policyOf([...operatorRights({ TableName }), byPath]));
    await home.send(new PutRolePolicyCommand({ RoleName, PolicyName: RoleName, PolicyDocument }));
    const OrganizationId = await organizationId({
      organizations: new OrganizationsClient(await adminOf(emulator(), MANAGEMENT)),
    });
    const parameters = { OperatorArn: OPERATOR, OrganizationId };
    const roles = [
      [FIRST_MEMBER, memberRole(FIRST_MEMBER, parameters)],
      [MANAGEMENT, await ownMemberRole(MANAGEMENT, parameters)],
    ] as const;
    for (const [accountId, role] of roles) {
      const there = new IAMClient(await adminOf(emulator(), accountId));
      const trust = JSON.stringify(document(trustOf(role)));
      await there.send(
        new UpdateAssumeRolePolicyCommand({ RoleName: 'access-key-rotation', PolicyDocument: trust }),
      );
    }
  }

  /** What was sent with the rights of the operator, and what of it was refused. */
  async function takeDown(name: string): Promise<readonly string[]> {
    const calls = (await emulator().calls()).filter(({ accessKeyId }) => accessKeyId === operator);
    const actions = calls
      .map(({ action }) => BY_PATH[action] ?? action)
      .filter((action) => action !== 'sts:GetCallerIdentity');
    sent.set(name, new Set([...(sent.get(name) ?? []), ...actions]));
    for (const { action, params } of calls.filter((call) => isWrite(call.action))) {
      for (const partition of params['pk']?.split(',') ?? []) {
        written.set(partition, new Set([...(written.get(partition) ?? []), action]));
      }
    }
    // Doctor sees whether a role asks for the external id: it has to refuse who brings none.
    const isProbe = ({ action, params }: Call) =>
      name === 'doctor' && action === 'sts:AssumeRole' && params['ExternalId'] === undefined;
    const refused = calls.filter(({ status }) => status === 403);
    return refused.filter((call) => !isProbe(call)).map(({ action }) => action);
  }

  for (const [name, commands] of Object.entries(COMMANDS)) {
    it(`can ${name}`, async () => {
      // Doctor looks whether the table is encrypted and the like; the seeded one isn't.
      const world = await begin(name === 'doctor' ? 'encrypted' : 'access-key-rotation');
      const { topicArn } = world.organization;
      for (const args of commands) {
        // As on the operators' machines: every command asks the function for its settings.
        const { code, stdout, stderr } = await run(args, world, {
          environment: { ROTATION_FUNCTION_NAME: '' },
          answer: 'y',
        });
        expect(code, `${stdout}\n${stderr}`).to.equal(0);
        await emulator()
          .confirmSubscription(topicArn, ANN)
          .catch(() => undefined);
      }
      expect(await takeDown(name)).to.deep.equal([]);
    });
  }

  it('can give an account a topic of its own, as subscribe does when the shared one is full', async () => {
    const { organization, aws } = await begin('access-key-rotation');
    const environment = {
      ROTATION_TABLE_NAME: organization.tableName,
      ROTATION_TOPIC_ARN: organization.topicArn,
    };
    const subscribing = composeSubscribe(readSettings(environment), readRequest({}), aws);
    const { topics, topicSettings } = subscribing;
    const own = ownTopicOf(organization.topicArn, FIRST_MEMBER);
    await topics.createLike(own, organization.topicArn);
    expect(await topics.namedAfter(organization.topicArn)).to.deep.equal([own]);
    const reader = {
      protocol: 'email',
      endpoint: 'ann@example.com',
      filter: { kind: 'everything' },
    } as const;
    await topics.subscribe(own, reader);
    await emulator().confirmSubscription(own, reader.endpoint);
    const [subscription] = (await topics.read(own)).subscriptions;
    await topicSettings?.setTopic(FIRST_MEMBER, own);
    await topics.unsubscribe(subscription?.arn ?? '');
    expect((await topics.read(own)).subscriptions).to.deep.equal([]);
    expect(await takeDown('subscribe')).to.deep.equal([]);
  });

  it('send nothing but what the policy allows, and may do nothing but what they send', () => {
    const partsOf = (action: string) => (action === TRANSACTION ? TRANSACTION_PARTS : [action]);
    const all = new Set([...sent.values()].flatMap((actions) => [...actions].flatMap(partsOf)));
    const needing = [...all].filter((action) => !(action in NEEDS_NO_PERMISSION)).sort();
    const unseen = { ...UNSEEN, 'sts:SetSourceIdentity': 'asked for where a session has a source identity' };
    const visible = allowedBy(operatorRights()).filter((action) => !(action in unseen));
    // A person looks at the key with it, too.
    expect([...visible, 'kms:DescribeKey'].sort()).to.deep.equal(needing);
  });

  it('write no row but of a kind that the policy lets them write', async () => {
    const rights = operatorRights();
    const principal = OPERATOR.replace('iam', 'sts').replace('role/', 'assumed-role/') + '/ann';
    const resource = `arn:aws:dynamodb:${REGION}:${MANAGEMENT}:table/access-key-rotation`;
    const partitions = [...written.keys()];
    expect(new Set(partitions.map((one) => one.split('#')[0]))).to.deep.equal(
      new Set(['settings', 'settings-history']),
    );
    for (const [partition, by] of written) {
      const context = { 'dynamodb:LeadingKeys': [partition] };
      // Which of its parts a transaction does to a row isn't told: what is said of them is only added.
      const parts = partition.startsWith('settings-history#') ? ['dynamodb:PutItem'] : TRANSACTION_PARTS;
      const actions = [...by].flatMap((action) => (action === TRANSACTION ? parts : [action]));
      for (const action of new Set(actions)) {
        const allowed = await isAllowed({ principal, action, resource, context }, { rights });
        expect(allowed, `${action} ${partition}`).to.equal(true);
      }
    }
  });

  describe('are told in docs/deployment.md what each command needs', () => {
    const text = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8');
    const section = text.split('## Who may do what')[1]?.split('\n## ')[0] ?? '';
    const inAll = quoted(/All of them read the settings of the function: (.+)\./.exec(section)?.[1] ?? '');
    const documented = new Map(
      section
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .flatMap((line) => {
          const [, commands = '', ...cells] = line.split('|');
          const words = cells.flatMap((cell) => cell.split(',').map((word) => word.trim()));
          const actions = words.flatMap((word) => WORDS[word] ?? quoted(word));
          return quoted(commands).map((name) => [name, [...new Set([...inAll, ...actions])]] as const);
        }),
    );

    it('of every one of them', () => {
      expect([...documented.keys()]).to.have.members(Object.keys(COMMANDS));
    });

    for (const name of Object.keys(COMMANDS)) {
      it(`to ${name}`, () => {
        const needed = [...(sent.get(name) ?? [])].flatMap(inTheTable);
        expect([...new Set(needed)].sort()).to.deep.equal([...(documented.get(name) ?? [])].sort());
      });
    }
  });
});

const isWrite = (action: string): boolean => action === TRANSACTION || TRANSACTION_PARTS.includes(action);

/** As the table has it. */
function inTheTable(action: string): readonly string[] {
  if (action === TRANSACTION) return TRANSACTION_PARTS;
  if (serviceOf(action) === 'organizations') return ['organizations:List*'];
  return [action];
}
