import type { Account } from '../../domain/account.ts';
import type { AccountReport } from '../../domain/report/run-report.ts';
import { settingsOfAccount, topicOf } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import type { RunContext } from '../context/run-context.ts';
import {
  enterReadOnly,
  enterToWrite,
  publishAndRelease,
  refusePlaintextByEmail,
  unreachable,
  holdAccount,
  type AccountResult,
} from '../context/with-account.ts';
import { withRecentUse } from '../usage/with-recent-use.ts';
import { applyAccount } from './apply-account.ts';
import { auditAccount } from './plan-account.ts';
import { quietAccount } from './quiet-account.ts';
import { surveyAccount } from './survey.ts';
import { unheldAccount } from './unheld-account.ts';

/** One account, from settings to published report. Never throws: an account that can't be worked on says so. */
export const rotateAccount = async (
  account: Account,
  snapshot: SettingsSnapshot,
  run: RunContext,
): Promise<AccountReport> =>
  await handQuietKeysOver(await publishAndRelease(await resultOf(account, snapshot, run), run), run);

/** What would be done in an account, by its own settings: the mode of the account holds, and the limits. */
export async function planAccountOnly(
  account: Account,
  snapshot: SettingsSnapshot,
  run: RunContext,
): Promise<AccountReport> {
  const resolved = settingsOfAccount(snapshot, account, run.cap);
  if (resolved.kind === 'failed') return { status: 'unreachable', account, failure: resolved.failure };
  try {
    await refusePlaintextByEmail(resolved.value, run);
    return await handQuietKeysOver(
      await auditAccount(await enterReadOnly(account, resolved.value, run)),
      run,
    );
  } catch (error) {
    return unreachable(account, error, resolved.value);
  }
}

/** To whoever keeps them: the report of the whole run only says how many they are. */
async function handQuietKeysOver(report: AccountReport, { quietKeys }: RunContext): Promise<AccountReport> {
  if (report.status !== 'rotated' || report.notLookedAt?.keys === undefined) return report;
  const { keys, ...notLookedAt } = report.notLookedAt;
  if (keys.length > 0) await quietKeys?.add(keys);
  return { ...report, notLookedAt };
}

async function resultOf(
  account: Account,
  snapshot: SettingsSnapshot,
  run: RunContext,
): Promise<AccountResult> {
  const resolved = settingsOfAccount(snapshot, account, run.cap);
  if (resolved.kind === 'failed') {
    const { failure } = resolved;
    return { report: { status: 'unreachable', account, failure }, topicArn: topicOf(snapshot, account) };
  }
  const { value: settings } = resolved;
  try {
    await refusePlaintextByEmail(settings, run);
    // Changing nothing needs no lease, and writing one would be a change.
    if (settings.values.mode === 'audit') {
      const view = await enterReadOnly(account, settings, run);
      return { report: await withRecentUse(await auditAccount(view), view) };
    }
    const view = await enterToWrite(account, settings, run);
    const survey = await surveyAccount(view);
    const quiet = (await quietAccount(view, survey)) ?? (await unheldAccount(view, survey));
    if (quiet !== undefined) return { report: quiet };
    return await holdAccount(view, async (context) =>
      withRecentUse(await applyAccount(context, survey), context),
    );
  } catch (error) {
    return { report: unreachable(account, error, settings) };
  }
}
