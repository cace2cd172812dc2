import { definedOnly } from '../domain/defined-only.ts';
import { randomBytes } from 'node:crypto';
import { accountDirectory } from '../aws/account/directory.ts';
import { openSessions } from '../aws/account/sessions.ts';
import type { AwsSettings } from '../aws/client/config.ts';
import { dynamoFormerMembers } from '../aws/table/former-members.ts';
import { dynamoOpenAccounts } from '../aws/table/open-accounts.ts';
import { dynamoHistory } from '../aws/table/history.ts';
import type { OpenSecrets } from '../aws/secret/open-secrets.ts';
import { dynamoLedger } from '../aws/table/ledger.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import { DAY, days, type Instant } from '../domain/time.ts';
import { heldBy } from '../run/context/held-by.ts';
import { emptyLedger, readOnlyLedger } from '../run/context/read-only-ledger.ts';
import type { Progress, RunContext } from '../run/context/run-context.ts';
import type { History } from '../run/ports/history.ts';
import type { PlaintextSender } from '../run/ports/messaging.ts';
import { awsSettings, systemClock, type Environment } from './environment.ts';
import { once } from './once.ts';
import { settingsSource } from './settings-source.ts';

const NO_HISTORY: History = { of: () => Promise.resolve({ entries: [], unreadable: [] }) };
const SILENT: Progress = { accountsFound: () => undefined, accountDone: () => undefined };

/** What only some commands use, and what takes clients of its own to load. */
export interface Extras {
  readonly openSecrets: OpenSecrets;
  readonly plaintextTo: (aws: AwsSettings, topicArn: string) => PlaintextSender;
}

/** Builds what every run needs: the accounts, the settings, the ledger. Calls nothing yet. */
export function composeBase(
  settings: Settings,
  request: Request,
  environment: Omit<Environment, 'publish'>,
  { openSecrets, plaintextTo }: Extras,
): RunContext {
  const { clock = systemClock, progress = SILENT, deadline, shared } = environment;
  const aws = awsSettings(environment);
  const now = shared?.now ?? clock.now();
  const runId = shared?.runId ?? newRunId(now);
  const { tableName, historyDays, organizationsRoleArn } = settings;
  const ledgerOfRun = tableName === undefined ? emptyLedger : dynamoLedger(aws, tableName, days(historyDays));
  const ledger = shared === undefined ? ledgerOfRun : heldBy(ledgerOfRun, shared.holder);
  return {
    runId,
    ...definedOnly({ cap: request.mode, only: request.only }),
    now,
    selection: { ...settings.selection, onlyAccounts: request.accountIds },
    userNames: request.userNames,
    deferred: environment.deferred ?? [],
    notWorkedOn: environment.notWorkedOn ?? [],
    surveyed: environment.surveyed ?? new Map<string, number>(),
    turn: environment.turn ?? Math.floor(now / DAY),
    inventory: settings.inventory,
    accountConcurrency: settings.accountConcurrency,
    userConcurrency: settings.userConcurrency,
    ...definedOnly({ deadline }),
    clock,
    directory: accountDirectory(
      aws,
      organizationsRoleArn === undefined ? undefined : { roleArn: organizationsRoleArn, runId },
      clock,
    ),
    ...(tableName === undefined ? {} : { formerMembers: dynamoFormerMembers(aws, tableName) }),
    settings: settingsSource(aws, settings, now),
    sessions: openSessions(aws, { ...settings, runId }, clock, openSecrets),
    // A run that was asked for as an audit writes nothing, whatever the settings allow.
    ledger: request.mode === 'audit' ? readOnlyLedger(ledger) : ledger,
    ...(tableName === undefined
      ? {}
      : { openAccounts: dynamoOpenAccounts(aws, tableName, request.accountIds) }),
    history: tableName === undefined ? NO_HISTORY : dynamoHistory(aws, tableName),
    plaintextTo: once((arn) => plaintextTo(aws, arn)),
    progress,
  };
}

/** Sorts by time, and differs for two runs of the same second: `20261124T060000Z-a1b2c3`. */
const newRunId = (now: Instant): string =>
  `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${randomBytes(3).toString('hex')}`;
