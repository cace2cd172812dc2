import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { Exemption } from '../../../src/domain/rotation/policy.ts';
import { rotated, type RunReport } from '../../../src/domain/report/run-report.ts';
import type { SettingValues } from '../../../src/domain/settings/setting.ts';
import { DAY, days, HOUR } from '../../../src/domain/time.ts';
import { rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import { surveyedIn } from '../../../src/run/rotation/surveyed.ts';
import { dice } from '../../support/builders.ts';
import { memoryOrganization } from '../../support/memory/organization.ts';

/*
 * The same organization lived twice by the same people: once everybody's keys are listed, once the credential report
 * tells whom to look at.
 */

const WEEKS = 60;
/** After these nobody does anything but work. */
const QUIET_WEEKS = 42;
const NAMES = [...Array(14).keys()].map((n) => `user-${n}`);

/** What people may do; `toggles` are what a report can hide for a while. */
export interface World {
  readonly seed: number;
  readonly toggles: boolean;
  readonly hidesInactive: boolean;
}

interface Life {
  /** By week: the keys of each user. */
  readonly weeks: readonly string[];
  readonly broken: readonly string[];
  readonly calls: number;
  /** Keys that should be gone by now, however long the report has hidden them. */
  readonly stuck: readonly string[];
}

const shuffledExemption = (until: number): Exemption => ({
  owner: 'ann@example.com',
  reason: 'a freeze',
  until,
});

export async function live(
  inventory: 'list' | 'credential-report',
  world: World,
  watch: (week: number, report: RunReport) => void = () => undefined,
): Promise<Life> {
  const people = dice(world.seed);
  const organization = memoryOrganization();
  const { clock } = organization;
  const app = organization.add();
  const { iam, secrets } = app;
  iam.hidesInactive = world.hidesInactive;
  for (const name of NAMES) {
    for (let n = people.between(0, 2); n > 0; n--) {
      const age = people.between(0, 150);
      iam.addKey(name, {
        age: age * DAY,
        ...(people.chance(0.8) ? { usedAgo: people.between(0, age) * DAY } : {}),
        status: people.chance(0.15) ? 'inactive' : 'active',
      });
    }
  }
  /** Who works every day, and with what; some read their secret, others never do. */
  const inHand = new Map<string, string>();
  const everybody: string[] = [...NAMES];
  const broken: string[] = [];
  const weeks: string[] = [];
  const touchedByHand = new Set<string>();
  let calls = 0;
  let surveyed: ReadonlyMap<string, number> = new Map();
  let mode: Mode = 'enforce';
  let values: Partial<SettingValues> = {};

  const work = () => {
    for (const [index, name] of everybody.entries()) {
      // A third of them works every day and reads the secret, a third works without ever reading it.
      if (index % 3 === 2 || !iam.userNames().includes(name)) continue;
      const own = iam.keysOf(name);
      let key = inHand.get(name) ?? own.find(({ status }) => status === 'active')?.id;
      if (key === undefined) continue;
      const delivered = secrets.currentOf(name)?.accessKeyId;
      if (index % 3 === 0 && delivered !== undefined && own.some(({ id }) => id === delivered))
        key = delivered;
      inHand.set(name, key);
      if (iam.use(key)) continue;
      if (index % 3 === 0 && !touchedByHand.has(name)) broken.push(`${name} was cut off from ${key}`);
      inHand.delete(name);
    }
  };

  const act = () => {
    for (let n = people.between(0, 3); n > 0; n--) {
      const name = everybody[people.between(0, everybody.length - 1)] ?? '';
      const deed = people.between(0, 10);
      const which = people.between(0, 1);
      const amount = people.between(5, 40);
      if (!iam.userNames().includes(name)) {
        iam.addKey(name);
        continue;
      }
      const own = iam.keysOf(name);
      const key = own[which];
      switch (deed) {
        case 0:
          if (own.length < 2) iam.addKey(name);
          touchedByHand.add(name);
          break;
        case 1:
          if (key !== undefined) iam.removeKey(key.id);
          touchedByHand.add(name);
          break;
        case 2:
        case 3:
          touchedByHand.add(name);
          if (world.toggles && key !== undefined) {
            iam.switchKey(key.id, key.status === 'active' ? 'inactive' : 'active');
          }
          break;
        case 4:
          iam.removeUser(name);
          touchedByHand.add(name);
          break;
        case 5:
          mode =
            (['enforce', 'enforce', 'no-delete', 'replace-only', 'audit'] as const)[which + (amount % 4)] ??
            'enforce';
          break;
        case 6:
          values = { ...values, rotateAfter: 60 - amount };
          break;
        case 7:
          values = { ...values, excludeUsers: which === 0 ? [] : [{ by: 'name', pattern: name }] };
          break;
        case 9: {
          const newName = `${name}-of-${people.between(1, 99)}`;
          iam.renameUser(name, newName);
          everybody.push(newName);
          touchedByHand.add(newName);
          break;
        }
        case 8:
          values = {
            ...values,
            exemptions:
              which === 0
                ? []
                : [
                    {
                      users: [{ by: 'name', pattern: name }],
                      ...shuffledExemption(clock.now() + days(amount)),
                    },
                  ],
          };
          break;
        default:
          values = { ...values, ...(which === 0 ? { maxReplacements: 1_000 } : { maxReplacements: 1 }) };
      }
    }
  };

  const weeksLived = WEEKS + (world.toggles ? QUIET_WEEKS : 0);
  for (let week = 0; week < weeksLived; week++) {
    const isQuiet = week >= WEEKS;
    if (isQuiet) {
      mode = 'enforce';
      values = {};
    }
    if (people.chance(0.3)) iam.keepReport(true);
    clock.pass(4 * HOUR - 1);
    if (!isQuiet && people.chance(0.5)) act();
    const report = await rotateOrganization(
      organization.run({
        inventory,
        mode,
        values,
        surveyed,
        turn: week,
        around: (call, proceed) => {
          if (call.name === 'inventory.keysOf') calls++;
          return proceed();
        },
      }),
    );
    iam.keepReport(false);
    watch(week, report);
    surveyed = surveyedIn(report, { surveyed, recorded: surveyed, isWhole: true });
    for (const account of report.accounts)
      if (account.status !== 'rotated') broken.push(`week ${week}: ${JSON.stringify(account).slice(0, 900)}`);
    for (const { gaps, findings } of rotated(report.accounts)) {
      for (const gap of gaps) broken.push(`week ${week}: ${gap.failure.message}`);
      for (const { severity, message } of findings)
        if (severity === 'failure') broken.push(`week ${week}: ${message}`);
    }
    weeks.push(
      NAMES.map(
        (name) =>
          `${name}: ${iam
            .keysOf(name)
            .map(({ status, createdAt }) => `${status} ${createdAt}`)
            .sort()
            .join(', ')}`,
      ).join('\n'),
    );
    if (!isQuiet) act();
    for (let day = 0; day < 7; day++) {
      work();
      clock.pass(day === 6 ? DAY - 4 * HOUR + 1 : DAY);
    }
  }
  const left = everybody.flatMap((name) => iam.keysOf(name));
  const stuck = left.filter(
    ({ status, changedAt }) => status === 'inactive' && clock.now() - changedAt > days(7 * 26 + 90 + 14),
  );
  return { weeks, broken, calls, stuck: stuck.map(({ id, userName }) => `${id} of ${userName}`) };
}
