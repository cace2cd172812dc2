import type { Account } from '../../domain/account.ts';
import type { AccountReport } from '../../domain/report/run-report.ts';
import { settingsOfAccount, topicOf } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import { publishReport } from '../context/publish.ts';
import type { RunContext } from '../context/run-context.ts';
import {
  sessionOptionsOf,
  withAccountLease,
  refusePlaintextByEmail,
  unreachable,
} from '../context/with-account.ts';
import { applyAccount } from './apply-account.ts';
import { auditAccount } from './plan-account.ts';

/** One account, from settings to report. Never throws: an account that can't be worked on says so. */
export async function rotateAccount(
  account: Account,
  book: SettingsSnapshot,
  run: RunContext,
): Promise<AccountReport> {
  const resolved = settingsOfAccount(book, account, run.cap);
  if (resolved.kind === 'failed') {
    const { failure } = resolved;
    return await publishReport({ status: 'unreachable', account, failure }, run, topicOf(book, account));
  }
  const { value: settings } = resolved;
  try {
    await refusePlaintextByEmail(settings, run);
    // Changing nothing needs no lease, and writing one would be a change.
    if (settings.values.mode === 'audit') {
      const session = await run.sessions.open(account, sessionOptionsOf(settings));
      return await publishReport(await auditAccount(account, settings, session, run), run);
    }
  } catch (error) {
    return await publishReport(unreachable(account, error, settings), run);
  }
  return await withAccountLease(account, settings, run, (context) => applyAccount(context, run));
}
