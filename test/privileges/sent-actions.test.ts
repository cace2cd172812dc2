import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { centralSecretNameOf, secretNameOf } from '../../src/domain/secrets/secret-name.ts';
import { adminOf } from '../aws/support.ts';
import { readTemplate } from '../deploy/cloudformation.ts';
import { file } from '../deploy/templates-for-accounts.ts';
import {
  accountIn,
  createWorld,
  emulatorForThisFile,
  outcomesIn,
  REGION,
  userWithKey,
  type World,
} from '../support/world.ts';
import {
  actionsNamedIn,
  allowedBy,
  FIRST_MEMBER,
  MANAGEMENT,
  memberRights,
  NEEDS_NO_PERMISSION,
  organizationsRights,
  ownMemberRights,
  policyOf,
  serviceRights,
  UNSEEN,
} from './deployed.ts';
import {
  centralWith,
  EVERY_SITUATION,
  GONE,
  leaveOrphans,
  leavePast,
  letRead,
  LONG_GONE,
  SECRETS_IN_THE_TOPIC,
  set,
  SETTINGS,
  SITUATIONS,
  topicOf,
  usersOf,
} from './organization.ts';
import { Sent, type Role } from './sent.ts';
import { work, type Work } from './work.ts';

const CENTRAL = '111111111102';
const CENTRAL_KEY = `arn:aws:kms:${REGION}:${MANAGEMENT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;

describe('with exactly the deployed policies', function () {
  const emulator = emulatorForThisFile();
  const sent = new Sent();
  const refused: string[] = [];

  async function runIn(world: World, environment: Readonly<Record<string, string>> = {}): Promise<Work> {
    await emulator().forgetCalls();
    const done = await work(world, {
      environment: { ROTATION_INCLUDE_OUS: world.organization.rootId, ...environment },
    });
    const calls = await emulator().calls();
    sent.add(calls, world.organization);
    refused.push(...calls.filter(({ status }) => status === 403).map(({ action }) => action));
    return done;
  }

  describe('a run from the management account', () => {
    let done: Work;
    let world: World;

    before(async () => {
      world = await createWorld(emulator(), {
        accounts: [
          {
            name: 'member',
            ou: 'Workloads/Production',
            users: usersOf(FIRST_MEMBER, EVERY_SITUATION),
            memberRole: { policy: policyOf(memberRights()) },
          },
          {
            name: 'central',
            users: usersOf(CENTRAL, ['new-secret']),
            memberRole: { policy: policyOf(memberRights(CENTRAL)) },
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
      await set(world, 'organization', SETTINGS);
      await set(world, `account#${FIRST_MEMBER}`, await topicOf(world, FIRST_MEMBER));
      await set(world, `account#${MANAGEMENT}`, SECRETS_IN_THE_TOPIC);
      await set(world, `account#${CENTRAL}`, centralWith(CENTRAL_KEY));
      done = await runIn(world);
    });

    it('has no problem', () => expect(done.problems).to.deep.equal([]));

    it('keeps secrets centrally, in each region, where the settings say so', async () => {
      expect(outcomesIn(done.report!, 'central')).to.deep.equal(['new-secret replace due applied']);
      const [own] = await emulator().snapshot(MANAGEMENT);
      const name = centralSecretNameOf(CENTRAL, 'new-secret');
      const kept = own?.secrets.filter((secret) => secret.name === name) ?? [];
      expect(kept.map(({ region, kmsKeyId }) => ({ region, kmsKeyId }))).to.have.deep.members([
        { region: REGION, kmsKeyId: CENTRAL_KEY },
        { region: 'eu-west-1', kmsKeyId: CENTRAL_KEY.replace(REGION, 'eu-west-1') },
      ]);
    });

    it('tells of an account in the topic of that account, and of the others in the shared one', async () => {
      const { topicArn } = world.organization;
      const about = (await emulator().notifications()).map((one) => [
        one.attributes['accountId'],
        one.topicArn,
      ]);
      expect(about).to.deep.include.members([
        [FIRST_MEMBER, `${topicArn}-${FIRST_MEMBER}`],
        [MANAGEMENT, topicArn],
        [CENTRAL, topicArn],
      ]);
    });

    for (const [place, name] of [
      ['a member', 'member'],
      ['its own account', 'management'],
    ] as const) {
      for (const [userName, [title, says]] of Object.entries(SITUATIONS)) {
        it(`in ${place} ${title}`, () => {
          expect(outcomesIn(done.report!, name)).to.include(`${userName} ${says}`);
        });
      }

      it(`in ${place} schedules for deletion the secret of a user who is long gone, and tells of another`, async () => {
        const { account, ...report } = accountIn(done.report!, name);
        const findings = 'findings' in report ? report.findings : [];
        expect(findings.filter(({ message }) => message.includes(`of ${GONE},`))).to.have.length(1);
        const { secrets = [] } = (await emulator().snapshot(account.id))[0] ?? {};
        const deleted = secrets.filter(({ deletedAt }) => deletedAt !== undefined);
        expect(deleted.map((secret) => secret.name)).to.deep.equal([secretNameOf(LONG_GONE)]);
      });
    }
  });

  it('a run from any other account lists the accounts with the role for it', async () => {
    const users = [userWithKey('ann', { age: 100, usedAgo: 1 })];
    const PAYMENTS = '111111111102';
    const member = (id: string) => ({
      policy: policyOf(memberRights(id, { ServiceAccountId: FIRST_MEMBER })),
    });
    const own = { policy: policyOf(await ownMemberRights(FIRST_MEMBER)) };
    const world = await createWorld(emulator(), {
      accounts: [
        { name: 'security', users, memberRole: own },
        { name: 'payments', ou: 'Workloads', users, memberRole: member(PAYMENTS) },
      ],
      management: { users, memberRole: member(MANAGEMENT) },
      service: {
        account: 'security',
        delegatedAdministrator: false,
        policy: policyOf(await serviceRights(FIRST_MEMBER)),
      },
      organizationsRole: true,
    });
    const RoleArn = world.organization.organizationsRoleArn ?? '';
    const iam = new IAMClient(await adminOf(emulator(), MANAGEMENT));
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: RoleArn.split('/').at(-1),
        PolicyName: 'list-accounts',
        PolicyDocument: JSON.stringify(policyOf(organizationsRights())),
      }),
    );
    iam.destroy();
    const { report, problems } = await runIn(world, { ROTATION_ORGANIZATIONS_ROLE_ARN: RoleArn });
    expect(problems).to.deep.equal([]);
    for (const name of ['security', 'payments', 'management']) {
      expect(outcomesIn(report!, name), name).to.deep.equal(['ann replace due applied']);
    }
  });

  describe('over all of these runs', () => {
    const allowedTo: Readonly<Record<Role, () => Promise<readonly string[]>>> = {
      member: async () => allowedBy(memberRights()),
      service: async () => allowedBy(await serviceRights()),
      organizations: async () => allowedBy(organizationsRights()),
    };

    it('AWS refuses nothing', () => expect(refused).to.deep.equal([]));

    for (const role of ['member', 'service', 'organizations'] as const) {
      it(`the ${role} role sends nothing but what its template allows`, async () => {
        expect(await allowedTo[role]()).to.include.members([...sent.needing(role)]);
      });

      it(`the ${role} role may do nothing but what it sends`, async () => {
        const visible = (await allowedTo[role]()).filter((action) => !(action in UNSEEN));
        expect(visible).to.have.length.above(0);
        expect(sent.needing(role)).to.include.members([...visible]);
      });
    }
  });

  describe('the actions that are not to be seen among the calls', () => {
    const named = ['member-role', 'service-role', 'organizations-role'].flatMap((name) =>
      actionsNamedIn(readTemplate(file(name))),
    );
    for (const [action, why] of Object.entries(UNSEEN)) {
      it(`${action}: ${why}`, () => {
        expect(named).to.include(action);
        expect(sent.all()).not.to.include(action);
      });
    }

    for (const [action, why] of Object.entries(NEEDS_NO_PERMISSION)) {
      it(`${action}, which no policy names: ${why}`, () => {
        expect(named).not.to.include(action);
        expect(sent.all()).to.include(action);
      });
    }
  });
});
