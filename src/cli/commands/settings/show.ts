import { bookOf } from '../../../compose/settings.ts';
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
import type { ExitCode, Terminal } from '../../input/terminal.ts';
import { shownInJson, shownInText, type Shown, type ShownUser } from '../../output/settings-shown.ts';
import { openDesk, printJson, readTarget, type OpenDesk } from './target.ts';

export interface ShowOptions {
  readonly account: string;
  readonly user?: string;
  readonly json?: true;
}

/** `access-key-rotation settings show`: what holds for an account or a user, and who says so. */
export async function showSettings(options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  readTarget(options);
  const shown = await look(options, await openDesk(terminal));
  if (options.json) printJson(terminal, shownInJson(shown));
  else terminal.stdout.write(shownInText(shown, terminal.stdout.columns));
  return shown.failure === undefined ? 0 : 1;
}

async function look({ account: id, user }: ShowOptions, open: OpenDesk): Promise<Shown> {
  const { desk, settings } = open;
  const book = bookOf(settings, await desk.read(), desk.now);
  const { accounts } = await desk.directory.list({ withOus: needsUnits(book) });
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) throw new InputError([`--account: the organization has no account ${id}`]);
  const resolved = settingsOfAccount(book, account);
  if (resolved.kind === 'failed') return { account, failure: resolved.failure };
  if (user === undefined) return { account, settled: resolved.value };
  return lookAtUser(user, account, resolved.value, open);
}

async function lookAtUser(
  userName: string,
  account: Account,
  settings: AccountSettings,
  { desk }: OpenDesk,
): Promise<Shown> {
  const failed = (failure: Failure): Shown => ({ account, settled: settings, userName, failure });
  try {
    const found = await findUser(userName, account, settings, desk.sessions);
    const resolved = settingsOfUser(settings, found, desk.now);
    if (resolved.kind === 'failed') return { account, userName, failure: resolved.failure };
    const { policy, owner, values, sources } = resolved.value;
    const ownerFrom = owner === values.owner ? sources.owner : `tag ${values.ownerTag ?? ''}`;
    const central = await centralOf(found, account, settings, desk);
    const user: ShownUser = {
      coverage: coverageOf(settings, found),
      ...(policy.exemption === undefined ? {} : { exemption: policy.exemption }),
      ...(owner === undefined || ownerFrom === undefined ? {} : { owner, ownerFrom }),
      ...(central === undefined ? {} : { central }),
    };
    return { account, settled: resolved.value, userName: found.userName, user };
  } catch (error) {
    // What is set can be shown all the same; only what it means for the user is not known.
    if (error instanceof OperationError) return failed(error.failure);
    throw error;
  }
}

async function centralOf(
  { userName, arn }: { readonly userName: string; readonly arn?: string },
  account: Account,
  { values }: AccountSettings,
  { sessions, region }: OpenDesk['desk'],
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
