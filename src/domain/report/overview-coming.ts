import { DAY, dateOf, type Duration, type Instant } from '../time.ts';
import type { NextStep, StoredRun } from './stored-run.ts';

/** How many keys something happens to. */
export type StepCounts = Readonly<Record<NextStep['what'], number>>;

/** What happens to keys from a moment on, as far as it has a date. */
export interface Coming {
  readonly inSevenDays: StepCounts;
  readonly inThirtyDays: StepCounts;
  /** Day by day for thirty days, days on which nothing happens left out; what is late is on the first one. */
  readonly days: readonly ({ readonly day: string } & StepCounts)[];
  /** What waits for something else, like an owner's moving or a limit. */
  readonly withoutDate: StepCounts;
}

const noSteps = (): Record<NextStep['what'], number> => ({
  replace: 0,
  deactivate: 0,
  delete: 0,
  person: 0,
  'exemption-ends': 0,
});

const WEEK: Duration = 7 * DAY;
const MONTH: Duration = 30 * DAY;

export function comingIn({ accounts }: StoredRun, now: Instant): Coming {
  const inSevenDays = noSteps();
  const inThirtyDays = noSteps();
  const withoutDate = noSteps();
  const days = new Map<number, Record<NextStep['what'], number>>();
  const add = (what: NextStep['what'], at: Instant, count: number): void => {
    const when = Math.max(at, now);
    if (when >= now + MONTH) return;
    inThirtyDays[what] += count;
    if (when < now + WEEK) inSevenDays[what] += count;
    const day = Math.floor(when / DAY);
    const counts = days.get(day) ?? noSteps();
    counts[what] += count;
    days.set(day, counts);
  };
  for (const { keys, quiet } of accounts) {
    for (const { next, status } of keys) {
      if (next === undefined || status === 'deleted') continue;
      if (next.at === undefined) withoutDate[next.what] += 1;
      else add(next.what, next.at, 1);
    }
    // Of these only the day is known.
    for (const [day, count] of Object.entries(quiet?.dueOn ?? {})) {
      const at = Date.parse(day);
      if (!Number.isNaN(at)) add('replace', at, count);
    }
  }
  const sorted = [...days].sort(([one], [other]) => one - other);
  return {
    inSevenDays,
    inThirtyDays,
    withoutDate,
    days: sorted.map(([day, counts]) => ({ day: dateOf(day * DAY), ...counts })),
  };
}
