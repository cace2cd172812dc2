import { totalsOf, type RunReport } from '../../src/domain/report/run-report.ts';
import type { Reason } from '../../src/domain/rotation/decision.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { dice } from '../support/builders.ts';
import { START } from '../support/world.ts';
import { accountSeed, changeAccounts, newAccount, openAgain, planOf, type YearAccount } from './accounts.ts';
import { mixed, type Person } from './lives.ts';
import { liveADay } from './day.ts';
import { hadNoTrouble, observe } from './observe.ts';
import type { Begin, YearWorld } from './world.ts';

export interface YearSize {
  readonly weeks: number;
  readonly accounts: number;
  /** In each account. */
  readonly users: number;
}

export const WHOLE: YearSize = { weeks: 52, accounts: 20, users: 10 };

export interface Year {
  readonly seed: number;
  /** Every promise that was broken, each with the story of the user; empty. */
  readonly broken: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/** The share of calls that fail. */
const FAULTS = 0.01;
/** After the year come runs without faults, in which everything has to be put right. */
const QUIET_WEEKS = 3;

/** Weekly runs over an organization full of people. Ends with the first week that breaks a promise. */
export async function liveAYear(begin: Begin, seed: number, size: YearSize): Promise<Year> {
  const startedAt = performance.now();
  const random = dice(mixed(seed, 'the year'));
  let made = 0;
  const come = (now = START) => newAccount(made++, size.users, seed, now);
  const accounts: YearAccount[] = Array.from({ length: size.accounts }, () => come());
  const plans = planOf(size.accounts, size.weeks, random);
  const world = await begin(accounts.map(accountSeed));
  const broken: string[] = [];
  const deactivated: Reason[] = [];
  const totals = {
    runs: 0,
    deadRuns: 0,
    replaced: 0,
    deactivated: 0,
    deleted: 0,
    failed: 0,
    calls: 0,
    faults: 0,
  };

  for (let week = 0; week < size.weeks + QUIET_WEEKS && broken.length === 0; week++) {
    const quiet = week >= size.weeks;
    const say = (person: Person, what: string) => broken.push(storyOf(seed, week, person, what));
    const skipped = !quiet && week > 0 && random.chance(0.12);
    const repeated = random.chance(0.08) ? 2 : 1;
    let report: RunReport | undefined;
    for (let nth = 0; nth < (skipped ? 0 : repeated); nth++) {
      const after = await world.run({ seed: `${seed} ${week} ${nth}`, share: quiet ? 0 : FAULTS });
      report = after.report;
      totals.runs += 1;
      totals.calls += after.calls;
      totals.faults += after.faults;
      if (report === undefined) totals.deadRuns += 1;
      else {
        add(totals, report);
        deactivated.push(...reasonsOfDeactivations(report));
      }
      observe(accounts, after, say);
    }
    for (const { state, people } of accounts) {
      if (state !== 'open') continue;
      const lost = people.filter((person) => !hadNoTrouble(person, reportOf(report, person.accountId)));
      for (const { lostWeeks } of lost) lostWeeks.push(world.now());
      if (quiet && week === size.weeks + QUIET_WEEKS - 1)
        for (const person of lost) say(person, 'there still is trouble, long after the last fault');
    }
    const now = world.now();
    await world.perform(openAgain(accounts, random, now));
    await liveAWeek(world, accounts, say);
    await world.pass(7);
    const joining = () => come(now + 7 * DAY);
    if (!quiet) await world.perform(changeAccounts(week, plans, accounts, joining, random));
  }
  const people = accounts.flatMap((account) => account.people);
  const cutOff = people.flatMap((person) => person.cutOff);
  return {
    seed,
    broken,
    figures: {
      ...totals,
      users: people.length,
      cutOff: cutOff.length,
      ...countsOf('cutOff', cutOff),
      ...countsOf('deactivated', deactivated),
      seconds: Math.round((performance.now() - startedAt) / SECOND),
    },
  };
}

async function liveAWeek(
  world: YearWorld,
  accounts: readonly YearAccount[],
  broken: (person: Person, what: string) => void,
): Promise<void> {
  const monday = world.now();
  const actions = accounts
    .filter(({ state }) => state === 'open')
    .flatMap(({ people }) => people)
    .flatMap((person) =>
      Array.from({ length: 7 }, (_, day) =>
        liveADay(person, monday + day * DAY + 2 * HOUR, (what) => broken(person, what)),
      ).flat(),
    );
  await world.perform(actions);
}

const reportOf = (report: RunReport | undefined, accountId: string) =>
  report?.accounts.find(({ account }) => account.id === accountId);

function add(
  sums: { replaced: number; deactivated: number; deleted: number; failed: number },
  { accounts }: RunReport,
): void {
  const totals = totalsOf(accounts);
  for (const name of ['replaced', 'deactivated', 'deleted', 'failed'] as const) sums[name] += totals[name];
}

const reasonsOfDeactivations = ({ accounts }: RunReport): readonly Reason[] =>
  accounts
    .flatMap((account) => (account.status === 'rotated' ? account.outcomes : []))
    .filter(({ status, decision }) => status === 'applied' && decision.action === 'deactivate')
    .map(({ decision }) => decision.reason);

/** `cutOff by deadline`, and so on: how often by each reason. */
const countsOf = (what: string, reasons: Person['cutOff']): Record<string, number> =>
  Object.fromEntries(
    [...new Set(reasons)]
      .sort()
      .map((reason) => [`${what} by ${reason}`, reasons.filter((one) => one === reason).length]),
  );

const storyOf = (seed: number, week: number, { accountId, userName, story }: Person, what: string): string =>
  [`seed ${seed}, week ${week}, ${userName} of ${accountId}: ${what}`, ...story.slice(-25)].join('\n    ');
