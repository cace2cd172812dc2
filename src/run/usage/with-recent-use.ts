import { failureOf, type Failure } from '../../domain/errors.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { days, MINUTE, type Duration } from '../../domain/time.ts';
import { keysOfLastChance } from '../../domain/usage/last-chance.ts';
import { recentUseOf, type RecentUse } from '../../domain/usage/recent-use.ts';
import { HISTORY_DAYS, isRegion } from '../../domain/usage/usage.ts';
import type { AccountView } from '../context/account-context.ts';
import { timeForAnotherUser } from '../context/run-context.ts';

/** In one account and run; those whose date is nearest. The others have their turn in one of the next runs. */
const MOST_KEYS = 10;

/** Of 50 calls each. */
const MOST_PAGES = 2;

/** No key is begun later: it is only to help, and the account is held for so long. */
const MOST_TIME: Duration = MINUTE;

/**
 * The report, with who used the keys that are soon switched off although they are still needed, where the settings
 * ask for it and somebody gets to read it. It never fails a run: what goes wrong is a note, once in a digest.
 */
export async function withRecentUse(report: RotatedAccount, view: AccountView): Promise<RotatedAccount> {
  const { run, settings } = view;
  const { lookUpUsage, noticeBefore } = settings.values;
  if (!lookUpUsage || run.publishing === undefined) return report;
  const horizon = { now: run.now, noticeBefore: days(noticeBefore) };
  const keys = keysOfLastChance(report.outcomes, horizon).slice(0, MOST_KEYS);
  if (keys.length === 0) return report;
  const { recentUse, failure } = await lookUp(keys, view);
  return {
    ...report,
    ...(recentUse.length === 0 ? {} : { recentUse }),
    findings: [...report.findings, ...(failure === undefined ? [] : [notLookedUp(failure)])],
  };
}

/** What failed once fails for the next key as well, or has been tried often enough. */
async function lookUp(
  keys: readonly AccessKey[],
  { run, session, lease }: AccountView,
): Promise<{ readonly recentUse: readonly RecentUse[]; readonly failure?: Failure }> {
  const recentUse: RecentUse[] = [];
  const end = run.clock.now() + MOST_TIME;
  try {
    for (const { id, lastUse } of keys) {
      if (!timeForAnotherUser(run) || run.clock.now() > end) break;
      await lease?.hold();
      const region = lastUse.kind === 'used' ? lastUse.region : undefined;
      const found = await session.usage.of(id, {
        ...(isRegion(region) ? { region } : {}),
        since: run.now - days(HISTORY_DAYS),
        pages: MOST_PAGES,
      });
      recentUse.push(recentUseOf(id, found));
    }
    return { recentUse };
  } catch (error) {
    return { recentUse, failure: failureOf(error, 'cloudtrail:LookupEvents') };
  }
}

const notLookedUp = ({ during, message, nextStep }: Failure): Finding => ({
  severity: 'note',
  message: `Who uses the keys that are soon switched off could not be looked up (setting lookUpUsage): ${during}: ${message}`,
  nextStep,
});
