import { snapshotOf } from '../../../compose/settings.ts';
import { definedOnly } from '../../../domain/defined-only.ts';
import type { Account } from '../../../domain/account.ts';
import type { Failure } from '../../../domain/errors.ts';
import { InputError, OperationError } from '../../../domain/errors.ts';
import { centralReaderPolicies } from '../../../domain/secrets/central-secret-access.ts';
import {
  needsUnits,
  settingsOfAccount,
  settingsOfUser,
  type AccountSettings,
} from '../../../domain/settings/account-settings.ts';
import { parseArn } from '../../../domain/arn.ts';
import { coverageOf } from '../../../domain/settings/coverage.ts';
import { findUser } from '../../../run/settings/find-user.ts';
import { columnsFor } from '../../input/columns.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';
import { toJsonShown, formatShown, type Shown, type ShownUser } from '../../output/settings-shown.ts';
import { openSettings, printJson, readTarget, type SettingsCommandContext } from './target.ts';

export interface ShowOptions {
  readonly account: string;
  readonly user?: string;
  readonly json?: true;
}

/** `access-key-rotation settings show`: the values for an account or a user, and where each is set. */
export async function showSettings(options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  readTarget(options);
  const shown = await look(options, await openSettings(terminal, 'look'));
  if (options.json) printJson(terminal, toJsonShown(shown));
  else terminal.stdout.write(formatShown(shown, columnsFor(terminal.stdout)));
  return shown.failure === undefined ? 0 : 1;
}

async function look({ account: id, user }: ShowOptions, context: SettingsCommandContext): Promise<Shown> {
  const { access, settings } = context;
  const snapshot = snapshotOf(settings, await access.read(), access.now);
  const { accounts } = await access.directory.list({ withOus: needsUnits(snapshot) });
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) throw new InputError([`--account: the organization has no account ${id}`]);
  const resolved = settingsOfAccount(snapshot, account);
  if (resolved.kind === 'failed') return { account, failure: resolved.failure };
  if (user === undefined) return { account, resolved: resolved.value };
  return lookAtUser(user, account, resolved.value, context);
}

async function lookAtUser(
  userName: string,
  account: Account,
  settings: AccountSettings,
  { access }: SettingsCommandContext,
): Promise<Shown> {
  const failed = (failure: Failure): Shown => ({ account, resolved: settings, userName, failure });
  try {
    const found = await findUser(userName, account, settings, access.sessions);
    const resolved = settingsOfUser(settings, found, access.now);
    if (resolved.kind === 'failed') return { account, userName, failure: resolved.failure };
    const { policy, owner, values, sources } = resolved.value;
    const ownerFrom = owner === values.owner ? sources.owner : `tag ${values.ownerTag ?? ''}`;
    const central = await centralOf(found, account, settings, access);
    const user: ShownUser = {
      coverage: coverageOf(settings, found),
      ...(policy.exemption === undefined ? {} : { exemption: policy.exemption }),
      ...(owner === undefined || ownerFrom === undefined ? {} : { owner, ownerFrom }),
      ...definedOnly({ central }),
    };
    return { account, resolved: resolved.value, userName: found.userName, user };
  } catch (error) {
    // The settings can still be shown, only not what they mean for this user.
    if (error instanceof OperationError) return failed(error.failure);
    throw error;
  }
}

async function centralOf(
  { userName, arn }: { readonly userName: string; readonly arn?: string },
  account: Account,
  { values }: AccountSettings,
  { sessions, region }: SettingsCommandContext['access'],
) {
  if (values.secretDelivery !== 'central' || arn === undefined) return undefined;
  return centralReaderPolicies({
    userArn: arn,
    userName,
    accountId: account.id,
    serviceAccountId: parseArn(await sessions.caller())?.accountId ?? '',
    region,
    kmsKeyArn: values.secretKmsKeyId ?? '',
  });
}
