import type { Account } from '../../domain/account.ts';
import type { AccountReport } from '../../domain/report/run-report.ts';
import { settingsOfAccount, topicOf } from '../../domain/settings/account-settings.ts';
import type { SettingsBook } from '../../domain/settings/setting.ts';
import { tell } from '../context/publish.ts';
import type { Run } from '../context/run-context.ts';
import { entranceOf, holdAndTell, refusePlaintextByEmail, unreachable } from '../context/with-account.ts';
import { work } from './apply-account.ts';
import { look } from './plan-account.ts';

/** One account, from settings to report. Never throws: an account that can't be worked on says so. */
export async function rotateAccount(account: Account, book: SettingsBook, run: Run): Promise<AccountReport> {
  const settling = settingsOfAccount(book, account, run.cap);
  if (!settling.settled) {
    const { failure } = settling;
    return await tell({ status: 'unreachable', account, failure }, run, topicOf(book, account));
  }
  const { settings } = settling;
  try {
    await refusePlaintextByEmail(settings, run);
    // Changing nothing needs no lease, and writing one would be a change.
    if (settings.values.mode === 'audit') {
      const session = await run.sessions.open(account, entranceOf(settings));
      return await tell(await look(account, settings, session, run), run);
    }
  } catch (error) {
    return await tell(unreachable(account, error, settings), run);
  }
  return await holdAndTell(account, settings, run, (place) => work(place, run));
}
