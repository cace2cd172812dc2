import type { Account } from '../../domain/account.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { describeFailure, failureOf, OperationError } from '../../domain/errors.ts';
import type { AccountReport, Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import { MINUTE } from '../../domain/time.ts';
import type { SessionOptions } from '../ports/accounts.ts';
import type { AccountContext, AccountView } from './account-context.ts';
import { LEASE_DURATION, takeLease, type Lease } from './lease.ts';
import { publishReport, withFindings } from './publish.ts';
import { untrueRow } from './untrue-row.ts';
import type { RunContext } from './run-context.ts';

/** How an account is entered by its settings. In audit AWS itself refuses every change. */
export const sessionOptionsOf = ({ values }: AccountSettings, readOnly: boolean): SessionOptions => ({
  readOnly,
  secrets: {
    delivery: values.secretDelivery,
    ...definedOnly({ kmsKeyId: values.secretKmsKeyId }),
    replicaRegions: values.secretReplicaRegions,
    readers: values.secretReaders,
    access: values.secretAccess,
  },
});

const enterAs =
  (readOnly: boolean) =>
  async (account: Account, settings: AccountSettings, run: RunContext): Promise<AccountView> => {
    const session = await run.sessions.open(account, sessionOptionsOf(settings, readOnly));
    return { run, account, settings, session };
  };

/** Enters an account to look at it: whatever the settings allow, AWS itself refuses every change. */
export const enterReadOnly = enterAs(true);

/** Enters an account to work on it. What is changed there is changed under a lease. */
export const enterToWrite = enterAs(false);

/** A report about an account, before it is published. */
export interface AccountResult {
  readonly report: AccountReport;
  /** For an account whose settings can't be used, but name a topic. */
  readonly topicArn?: string | undefined;
  /** Held until the report is published, so that no other run builds on what nobody was told yet. */
  readonly lease?: Lease;
}

/**
 * The one way out: every report about an account is published here, once, and then its lease is released,
 * even when publishing throws.
 */
export async function publishAndRelease(
  { report, topicArn, lease }: AccountResult,
  run: RunContext,
): Promise<AccountReport> {
  let published = report;
  let notReleased: readonly Finding[] = [];
  try {
    // An account that another run holds is reported by that run.
    if (report.status !== 'skipped') published = await publishReport(report, run, topicArn);
  } finally {
    if (lease !== undefined) notReleased = await releaseLease(lease);
  }
  return withFindings(published, notReleased);
}

/**
 * Enters an account and holds it for this run while something is done. Its result goes to
 * `publishAndRelease`. Never throws: an account that can't be worked on says so.
 */
export async function withAccountLease(
  account: Account,
  settings: AccountSettings,
  run: RunContext,
  act: (context: AccountContext) => Promise<RotatedAccount>,
): Promise<AccountResult> {
  try {
    return await holdAccount(await enterToWrite(account, settings, run), act);
  } catch (error) {
    return { report: unreachable(account, error, settings) };
  }
}

/** The same for an account that was entered already. */
export async function holdAccount(
  { run, account, settings, session }: AccountView,
  act: (context: AccountContext) => Promise<RotatedAccount>,
): Promise<AccountResult> {
  try {
    const caller = await run.sessions.caller();
    const { topicArn, secretDelivery } = settings.values;
    const plaintext =
      secretDelivery === 'sns-plaintext' && topicArn !== undefined ? run.plaintextTo(topicArn) : undefined;
    const taken = await takeLease(run.ledger, run.clock, account.id, run.runId);
    if (!('lease' in taken)) {
      const cause = `run ${taken.holder} is working on it (until ${new Date(taken.until).toISOString()} at the latest)`;
      return { report: { status: 'skipped', account, cause, isHeld: true } };
    }
    const { lease } = taken;
    const context: AccountContext = {
      run,
      account,
      settings,
      session,
      lease,
      caller,
      ...definedOnly({ plaintext }),
    };
    const report = await act(context).catch((error: unknown) => unreachable(account, error, settings));
    return { report: withFindings(report, leaseNotBelieved(lease)), lease };
  } catch (error) {
    return { report: unreachable(account, error, settings) };
  }
}

const leaseNotBelieved = ({ notBelieved }: Lease): readonly Finding[] =>
  notBelieved === undefined
    ? []
    : [
        untrueRow(
          'lease',
          `it says that the account is held by ${notBelieved}, and no lease is longer than ${LEASE_DURATION / MINUTE} minutes`,
        ),
      ];

/** A lease that can't be released runs out by itself. */
async function releaseLease(lease: Lease): Promise<readonly Finding[]> {
  try {
    await lease.release();
    return [];
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'give the account back');
    const minutes = LEASE_DURATION / MINUTE;
    return [
      {
        severity: 'failure',
        message: `The account could not be given back, so other runs leave it alone for up to ${minutes} minutes: ${message}`,
        nextStep,
      },
    ];
  }
}

export const unreachable = (account: Account, error: unknown, settings: AccountSettings): AccountReport => ({
  status: 'unreachable',
  account,
  failure: failureOf(error, 'enter the account'),
  settings,
});

/**
 * Secrets in a mailbox can be read for ever, by everybody who gets to see it: `sns-plaintext` alone isn't
 * enough for that.
 * @throws OperationError when secrets would be sent to e-mail readers, or the subscriptions can't be read
 */
export async function refusePlaintextByEmail({ values }: AccountSettings, run: RunContext): Promise<void> {
  const { secretDelivery, snsPlaintextToEmail, topicArn } = values;
  if (secretDelivery !== 'sns-plaintext' || snsPlaintextToEmail === 'confirmed') return;
  if (topicArn === undefined || !(await run.plaintextTo(topicArn).hasEmailReaders())) return;
  throw new OperationError({
    kind: 'unknown',
    during: 'read the settings',
    message: `secretDelivery is sns-plaintext, and ${topicArn} has e-mail subscriptions: secrets would be in mailboxes`,
    nextStep:
      'Set secretDelivery to member, or the topic to one without e-mail subscriptions; whoever insists sets snsPlaintextToEmail to confirmed.',
  });
}
