import { DAY } from '../../src/domain/time.ts';
import { digestOf } from '../../src/report/digest/digest.ts';
import { eventsOf } from '../../src/report/data/events.ts';
import { summaryOf } from '../../src/report/summary/summary.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import type { RunContext } from '../../src/run/context/run-context.ts';
import { snapshotOf, dice } from '../support/builders.ts';
import type { ScriptedAction, SeedAccount, SeedUser } from '../support/emulator/emulator.ts';
import { faultsByChance } from '../support/memory/chance.ts';
import { intercepted, type Around } from '../support/memory/intercept.ts';
import {
  memoryOrganization,
  type MemoryAccount,
  type MemoryOrganization,
} from '../support/memory/organization.ts';
import { REGION, START } from '../support/world.ts';
import { mixed } from './lives.ts';
import { unlessRefused, type AccountKeys, type Begin, type StoredSecret } from './world.ts';

/** Years of the engine alone: everything that it calls is in memory. Hundreds of times as fast. */
export const inMemory: Begin = async (seeds) => {
  const organization = memoryOrganization(START);
  const { clock, notifier } = organization;
  // Also those that have left.
  const members = new Map<string, MemoryAccount>();
  for (const seed of seeds) join(seed, members, organization);
  let runs = 0;

  return {
    now: clock.now,
    run: async ({ seed, share }) => {
      const chance = faultsByChance(dice(mixed(0, seed)), share);
      const at = clock.now();
      const before = notifier.published.length;
      const report = await unlessRefused(
        rotateOrganization(composed(organization, `run-${++runs}`, chance.around)),
      );
      return {
        at,
        report,
        accounts: [...members.values()].map(keysIn),
        secrets: [...members.values()].flatMap(secretsIn),
        published: notifier.published.slice(before),
        calls: chance.calls(),
        faults: chance.faults(),
      };
    },
    perform: async (actions) => {
      for (const action of actions) perform(action, members, organization);
    },
    pass: async (days) => clock.pass(days * DAY),
  };
};

// In the first weeks of so old an organization everything falls due at once.
const ENOUGH = { count: 1000 };
const BOOK = snapshotOf({ mode: 'enforce', maxDeactivations: ENOUGH, maxDeletions: ENOUGH });

/** As `compose` puts it together. */
function composed(organization: MemoryOrganization, runId: string, around: Around): RunContext {
  const now = organization.clock.now();
  const context = { runId, mode: 'enforce', now, region: REGION } as const;
  return organization.run({
    around,
    runId,
    now,
    cap: 'enforce',
    turn: Math.floor(now / DAY),
    accountConcurrency: 8,
    userConcurrency: 1,
    settings: intercepted('settings', { read: async () => BOOK }, around),
    digestOf: (report, evenIfNothing) =>
      report.status === 'rotated' || report.status === 'unreachable'
        ? digestOf(report, { ...context, evenIfNothing })
        : undefined,
    eventsOf: (report) => eventsOf(report, context),
    summaryOf: (report) => summaryOf(report, {}),
  });
}

type Members = Map<string, MemoryAccount>;

function join(
  { id, name, users }: Pick<SeedAccount, 'name' | 'users'> & { readonly id: string },
  members: Members,
  organization: MemoryOrganization,
): void {
  const member = organization.add({ id, name });
  members.set(id, member);
  for (const user of users) addUser(user, member, organization.clock.now());
}

function addUser({ userName, keys }: SeedUser, { iam }: MemoryAccount, now: number): void {
  iam.addUser(userName);
  for (const { id, createdAt, lastUsedAt } of keys) {
    iam.addKey(userName, {
      ...(id === undefined ? {} : { id }),
      ...(lastUsedAt === undefined ? {} : { usedAgo: now - lastUsedAt }),
      age: now - createdAt,
    });
  }
}

function perform(action: ScriptedAction, members: Members, organization: MemoryOrganization): void {
  if (action.kind === 'join') {
    join(action, members, organization);
    return;
  }
  const member = members.get(action.accountId);
  if (member === undefined) throw new Error(`there is no account ${action.accountId}`);
  const { iam } = member;
  switch (action.kind) {
    case 'create-user':
      iam.addUser(action.userName);
      break;
    case 'delete-user':
      iam.removeUser(action.userName);
      break;
    case 'create-key':
      iam.addKey(action.userName, { id: action.id, age: organization.clock.now() - action.createdAt });
      break;
    case 'set-key':
      iam.switchKey(action.keyId, action.status === 'Active' ? 'active' : 'inactive');
      break;
    case 'delete-key':
      iam.removeKey(action.keyId);
      break;
    case 'use-key':
      if (!iam.use(action.keyId, action.at)) throw new Error(`nobody can use ${action.keyId}`);
      break;
    case 'leave':
      organization.remove(action.accountId);
      break;
    case 'change-state':
      organization.changeState(action.accountId, action.state);
      break;
  }
}

const keysIn = ({ id, iam }: MemoryAccount): AccountKeys => ({
  accountId: id,
  users: iam.userNames().map((userName) => ({
    userName,
    keys: iam.keysOf(userName).map((key) => ({
      id: key.id,
      createdAt: key.createdAt,
      status: key.status === 'active' ? 'Active' : 'Inactive',
    })),
  })),
});

const secretsIn = ({ iam, secrets }: MemoryAccount): readonly StoredSecret[] =>
  secrets.staged().map(({ userName, accessKeyId, secret, stages }) => ({
    keyId: accessKeyId,
    isCurrent: stages.includes('current'),
    // The place of somebody whose name was taken before is the name and the id.
    right: iam
      .keysOf(userName.split('/')[0] ?? '')
      .some((key) => key.id === accessKeyId && key.secret === secret),
  }));
