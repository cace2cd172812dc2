import { expect } from 'chai';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import { readTemplate } from '../deploy/cloudformation.ts';
import { file } from '../deploy/templates-for-accounts.ts';
import { accountIn, createWorld, emulatorForThisFile } from '../support/world.ts';
import {
  actionsNamedIn,
  allowedBy,
  FIRST_MEMBER,
  MANAGEMENT,
  memberRights,
  ownMemberRights,
  policyOf,
  serviceRights,
  TRANSACTION,
  TRANSACTION_PARTS,
  UNSEEN,
  without,
} from './deployed.ts';
import {
  leaveOrphans,
  leavePast,
  letRead,
  SECRETS_IN_THE_TOPIC,
  set,
  SETTINGS,
  usersOf,
  type Situation,
} from './organization.ts';
import { problemsIn } from './problems.ts';
import { work } from './work.ts';

/** As few as need all permissions: every one costs as many calls as there are tests. */
const NEEDED: readonly Situation[] = ['new-secret', 'old-secret', 'announced', 'inactive', 'begun', 'lost'];

const seen = (template: string) =>
  actionsNamedIn(readTemplate(file(template))).filter((action) => !(action in UNSEEN));

describe('a member role without', function () {
  const emulator = emulatorForThisFile();
  const ACTIONS = seen('member-role');
  let report: RunReport;

  // One run for all of them: an account for each action, whose role lacks it, and one that lacks none.
  before(async () => {
    const names = [...ACTIONS, 'nothing'];
    const ids = names.map((_, index) => String(Number(FIRST_MEMBER) + index));
    const world = await createWorld(emulator(), {
      accounts: names.map((name, index) => {
        const id = ids[index] ?? '';
        const policy = policyOf(without(memberRights(id), name));
        return { name, users: usersOf(id, NEEDED), memberRole: { policy } };
      }),
    });
    for (const id of ids) {
      await leavePast(world, id, NEEDED);
      await leaveOrphans(world, id);
    }
    await set(world, 'organization', SETTINGS);
    report = await world.run();
  });

  it('nothing has everything it needs', () => {
    expect(ACTIONS).to.have.length.above(10);
    expect(problemsIn(accountIn(report, 'nothing'))).to.deep.equal([]);
  });

  for (const action of ACTIONS) {
    it(`${action} fails, and the report says that it was denied this`, () => {
      expect(problemsIn(accountIn(report, action))).to.deep.equal([action]);
    });
  }
});

describe('the role of the service without', function () {
  const emulator = emulatorForThisFile();
  const ACTIONS = seen('service-role');

  async function problemsWithout(action: string): Promise<readonly string[]> {
    const rights = without(await serviceRights(), action);
    const world = await createWorld(emulator(), {
      accounts: [{ name: 'member', users: [], memberRole: { policy: policyOf(memberRights()) } }],
      management: {
        users: usersOf(MANAGEMENT, NEEDED),
        memberRole: { policy: policyOf(await ownMemberRights()) },
      },
      service: { policy: policyOf(rights) },
      topicReaders: [],
    });
    await letRead(world);
    await leavePast(world, MANAGEMENT, NEEDED);
    await set(world, 'organization', { ...SETTINGS, ...SECRETS_IN_THE_TOPIC });
    const { problems } = await work(world, {
      environment: { ROTATION_INCLUDE_OUS: world.organization.rootId },
    });
    return problems;
  }

  before(async () => {
    await serviceRights(); // packages the service
  });

  it('nothing has everything it needs', async () => {
    const deployed = allowedBy(await serviceRights()).filter((action) => !(action in UNSEEN));
    expect(ACTIONS).to.deep.equal(deployed);
    expect(await problemsWithout('nothing')).to.deep.equal([]);
  });

  for (const action of ACTIONS) {
    it(`${action} fails, and the report says that it was denied this`, async () => {
      const problems = await problemsWithout(action);
      // A transaction is refused for any of its parts; the emulator then names the whole.
      const whole = TRANSACTION_PARTS.includes(action) ? [TRANSACTION] : [];
      expect(problems).to.include(action);
      expect([action, ...whole]).to.include.members([...problems]);
    });
  }
});
